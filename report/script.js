(() => {
  const root = document.documentElement;
  const button = document.getElementById("theme");
  const system = matchMedia("(prefers-color-scheme: dark)");
  const dark = () => (root.dataset.theme || (system.matches ? "dark" : "light")) === "dark";
  const tell = () => {
    button.textContent = dark() ? "Light" : "Dark";
    button.setAttribute("aria-pressed", String(dark()));
  };
  button.hidden = false;
  button.addEventListener("click", () => {
    root.dataset.theme = dark() ? "light" : "dark";
    tell();
  });
  system.addEventListener("change", tell);
  tell();

  const tip = document.getElementById("tip");
  for (const point of document.querySelectorAll("svg .point")) {
    const title = point.querySelector("title");
    if (title) {
      point.dataset.hover = title.textContent;
      title.remove();
    }
  }
  const hide = () => {
    tip.hidden = true;
  };
  document.addEventListener("pointerover", (event) => {
    const point = event.target.closest?.("svg .point[data-hover]");
    if (!point) return hide();
    tip.textContent = point.dataset.hover;
    tip.hidden = false;
    const box = point.getBoundingClientRect();
    const size = tip.getBoundingClientRect();
    const left = Math.min(Math.max(8, box.left + box.width / 2 - size.width / 2), innerWidth - size.width - 8);
    const above = box.top - size.height - 8;
    tip.style.left = `${left}px`;
    tip.style.top = `${above > 8 ? above : box.bottom + 8}px`;
  });
  addEventListener("scroll", hide, { passive: true });

  const open = () => {
    const target = location.hash && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  };
  addEventListener("hashchange", open);
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((part) => (part.open = true)));
  open();
})();
