// Unpacks the explorer's script and runs it; without that a browser shows the rest of the page.
const unpacked = (id) => {
  const packed = Uint8Array.from(atob(document.getElementById(id).textContent), (c) => c.charCodeAt(0));
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip")));
};
(async () => {
  try {
    const script = document.createElement("script");
    script.textContent = await unpacked("explorer-script").text();
    document.head.append(script);
  } catch (error) {
    document.querySelector("#explorer .state").textContent = `The solver does not run here: ${error.message ?? error}`;
  }
})();
