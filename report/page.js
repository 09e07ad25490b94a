// The page's own behaviour: theme, contents, permalinks, files unpacked, copies. Without it the page is whole.
const page = (() => {
  const root = document.documentElement;
  root.classList.add("scripted");

  // the theme, remembered where the browser allows it: from a file it may not
  const button = document.getElementById("theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const memory = (act) => {
    try {
      return act(localStorage);
    } catch {
      return null;
    }
  };
  const kept = memory((store) => store.getItem("theme"));
  if (kept === "light" || kept === "dark") root.dataset.theme = kept;
  const dark = () => (root.dataset.theme || (system.matches ? "dark" : "light")) === "dark";
  const tell = () => {
    button.textContent = dark() ? "Light" : "Dark";
    button.setAttribute("aria-label", dark() ? "Turn the page light" : "Turn the page dark");
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    memory((store) => store.setItem("theme", root.dataset.theme));
    tell();
  });
  system.addEventListener("change", tell);
  tell();

  // the contents close when they have served
  const contents = document.querySelector(".contents");
  contents.addEventListener("click", (event) => event.target.closest("a") && (contents.open = false));
  document.addEventListener("click", (event) => contents.contains(event.target) || (contents.open = false));
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !contents.open) return;
    contents.open = false;
    contents.querySelector("summary").focus();
  });

  // #fig05 and #fig05/residuals; what is folded away is opened
  const open = () => {
    const [id, view] = decodeURIComponent(location.hash.slice(1)).split("/");
    const target = id && document.getElementById(id);
    if (!target) return;
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
    target.querySelectorAll(":scope > details").forEach((part) => (part.open = true));
    const tab = view && target.querySelector(`.views input[value="${CSS.escape(view)}"]`);
    if (tab) tab.checked = true;
    if (view) target.scrollIntoView();
  };
  addEventListener("hashchange", open);
  const view = (card) => card.querySelector(".views input:checked")?.value ?? "overlay";
  const link = (card) => `${location.href.split("#")[0]}#${card.id}${view(card) === "overlay" ? "" : `/${view(card)}`}`;
  // the address follows the view, unless it is the explorer's
  document.addEventListener("change", ({ target }) => {
    if (target.closest(".views") && !location.hash.startsWith("#explore?")) history.replaceState(null, "", link(target.closest(".card")));
  });
  addEventListener("beforeprint", () => document.querySelectorAll("details:not(.lengthy, .files, .contents)").forEach((part) => (part.open = true)));

  // files travel packed
  const unpack = async (anchor) => {
    const bytes = Uint8Array.from(atob(anchor.href.split(",")[1]), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    return new Response(stream).blob();
  };
  const save = (blob, name) => {
    const anchor = document.createElement("a");
    anchor.href = URL.createObjectURL(blob);
    anchor.download = name;
    anchor.click();
    setTimeout(() => URL.revokeObjectURL(anchor.href), 10000);
  };
  document.addEventListener("click", async (event) => {
    const anchor = event.target.closest?.("a[data-media]");
    if (!anchor || typeof DecompressionStream === "undefined") return;
    event.preventDefault();
    save(new Blob([await unpack(anchor)], { type: anchor.dataset.media }), anchor.dataset.name);
  });
  const tables = new Map();
  const table = (figure, kind) => {
    const key = `${figure}.${kind}.csv`;
    if (!tables.has(key)) {
      const anchor = document.querySelector(`a[data-name="${key}"]`);
      const text = anchor ? unpack(anchor).then((blob) => blob.text()) : Promise.resolve("");
      tables.set(key, text);
    }
    return tables.get(key);
  };

  // copies
  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      const done = document.execCommand("copy");
      area.remove();
      return done;
    }
  };
  const seen = (card) => (card.querySelector(".series.experiment") ? "agreement" : "measured");
  const texts = {
    link: (card) => {
      history.replaceState(null, "", link(card));
      return link(card);
    },
    csv: (card) => table(card.id, view(card) === "simulation" || view(card) === "residuals" ? seen(card) : view(card) === "print" ? "published" : "theory"),
    bibtex: () => document.getElementById("bibtex").textContent,
    toml: (_, from) => from.dataset.toml,
  };
  document.addEventListener("click", async (event) => {
    const from = event.target.closest?.("[data-copy]");
    if (!from) return;
    const words = from.textContent;
    const done = await copy(await texts[from.dataset.copy](from.closest(".card"), from));
    from.textContent = done ? "Copied" : "Not copied";
    setTimeout(() => (from.textContent = words), 1500);
  });

  open();
  return { table, copy, save };
})();
