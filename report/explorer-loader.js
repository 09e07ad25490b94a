// Unpacks the explorer's script and runs it; without that a browser shows the rest of the page.
(async () => {
  const root = document.getElementById("explorer");
  try {
    const packed = Uint8Array.from(atob(document.getElementById("explorer-script").textContent), (c) => c.charCodeAt(0));
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
    const script = document.createElement("script");
    script.textContent = await new Response(stream).text();
    document.head.append(script);
  } catch (error) {
    root.querySelector(".state").textContent = `The solver does not run here: ${error.message ?? error}`;
  }
})();
