// Functions that run inside the page; each gives what is wrong, as a list of sentences, or numbers to judge.

/// Ids that occur twice, links to nowhere, downloads that cannot be read, and references that leave the page.
export function references() {
  const wrong = [];
  const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
  for (const id of new Set(ids)) if (ids.filter((other) => other === id).length > 1) wrong.push(`id ${id} is used more than once`);
  for (const link of document.querySelectorAll("a[href^='#']")) {
    const id = decodeURIComponent(link.getAttribute("href").slice(1));
    if (!document.getElementById(id)) wrong.push(`a link leads to #${id}, which is not there`);
  }
  for (const use of document.querySelectorAll("use")) {
    const target = use.getAttribute("href") ?? use.getAttribute("xlink:href");
    if (!target?.startsWith("#") || !document.getElementById(target.slice(1))) wrong.push(`<use> of ${target}`);
  }
  for (const element of document.querySelectorAll("[src], link[href], image[href], object[data]")) {
    const address = element.getAttribute("src") ?? element.getAttribute("href") ?? element.getAttribute("data");
    if (!address.startsWith("data:")) wrong.push(`${element.tagName} reads ${address}`);
  }
  for (const element of document.querySelectorAll("[aria-labelledby], label[for]")) {
    const id = element.getAttribute("aria-labelledby") ?? element.getAttribute("for");
    for (const word of id.split(/\s+/)) if (!document.getElementById(word)) wrong.push(`a label refers to #${word}`);
  }
  for (const drawing of document.querySelectorAll("svg")) {
    const title = drawing.querySelector("title")?.textContent ?? drawing.getAttribute("aria-label") ?? "";
    if (!title && drawing.getAttribute("aria-hidden") !== "true") wrong.push("a drawing has no title");
  }
  return wrong;
}

/// Every download as { name, kind, head, tail } or { name, file }: embedded ones unpacked, others for the caller to look up.
export function downloads() {
  const read = async (link) => {
    const [name, address] = [link.dataset.name ?? link.getAttribute("download"), link.getAttribute("href")];
    const packed = address.match(/^data:application\/gzip;base64,(.*)$/s);
    if (!packed) return { name, file: address };
    const bytes = Uint8Array.from(atob(packed[1]), (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const whole = new Uint8Array(await new Response(stream).arrayBuffer());
    const text = Array.from(whole, (byte) => String.fromCharCode(byte)).join("");
    return { name, kind: link.dataset.media, size: text.length, head: text.slice(0, 400), tail: text.slice(-12) };
  };
  return Promise.all([...document.querySelectorAll("a[download]")].map(read));
}

/// Text that stands out too little from what is behind it: WCAG's 4.5, or 3 for large text.
export function unreadable() {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 1;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const cache = new Map();
  const parse = (color) => {
    if (!cache.has(color)) {
      context.clearRect(0, 0, 1, 1);
      context.fillStyle = color;
      context.fillRect(0, 0, 1, 1);
      const [r, g, b, a] = context.getImageData(0, 0, 1, 1).data;
      cache.set(color, [r, g, b, a / 255]);
    }
    return cache.get(color);
  };
  const over = (top, under) => [0, 1, 2].map((i) => top[i] * top[3] + under[i] * (1 - top[3])).concat(1);
  const luminance = (color) => {
    const [r, g, b] = color.slice(0, 3).map((c) => (c / 255 <= 0.04045 ? c / 255 / 12.92 : ((c / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) {
      const layer = parse(getComputedStyle(at).backgroundColor);
      layers.push(layer);
      if (layer[3] === 1) break;
    }
    const scheme = getComputedStyle(document.documentElement).colorScheme;
    const base = scheme.includes("dark") && !scheme.includes("light") ? [18, 18, 18, 1] : [255, 255, 255, 1];
    return layers.reduceRight((under, layer) => over(layer, under), base);
  };
  const found = new Map();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let texts = 0;
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const text = walker.currentNode.data.trim();
    if (!text || element.closest("script, style, title, desc, annotation") || !element.checkVisibility?.()) continue;
    texts += 1;
    const style = getComputedStyle(element);
    const drawn = element instanceof SVGElement;
    if (drawn && style.fill === "none") continue;
    const under = behind(element);
    const color = parse(drawn ? style.fill : style.color);
    const ink = over([...color.slice(0, 3), color[3] * Number(style.opacity)], under);
    const [light, dark] = [luminance(ink), luminance(under)].sort((a, b) => b - a);
    const contrast = (light + 0.05) / (dark + 0.05);
    const size = parseFloat(style.fontSize);
    const needed = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700) ? 3 : 4.5;
    if (contrast < needed) {
      const key = `${element.tagName.toLowerCase()}.${element.getAttribute("class") ?? ""}: ${contrast.toFixed(2)}`;
      if (!found.has(key)) found.set(key, text.slice(0, 40));
    }
  }
  return { texts, wrong: [...found].map(([key, text]) => `${key} “${text}”`) };
}

/// How far the page is wider than `width`: not `innerWidth`, which grows with what does not fit on a telephone.
export function overflow(width) {
  const wide = [...document.querySelectorAll("body *")].filter((element) => {
    const box = element.getBoundingClientRect();
    return box.width > 0 && box.right + scrollX > width + 1 && !element.parentElement.closest(".scroll, svg, math");
  });
  return { excess: document.scrollingElement.scrollWidth - width, wide: wide.slice(0, 5).map((e) => `${e.tagName}.${e.className}`) };
}

/// Characters of formulas that are drawn as the box of a character that no font has.
export function boxes() {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = 48;
  const context = canvas.getContext("2d", { willReadFrequently: true });
  const family = getComputedStyle(document.querySelector("math")).fontFamily;
  const image = (character) => {
    context.clearRect(0, 0, 48, 48);
    context.font = `32px ${family}`;
    context.fillText(character, 6, 36);
    return context.getImageData(0, 0, 48, 48).data.join();
  };
  // a private code point and one without a character: no font draws them
  const missing = [image("\u{F1A3B}"), image("\u{3FFFD}")];
  // invisible operators and the selectors of a variant, which are no characters of their own
  const invisible = /[\s\u2061-\u2064\u200b\ufe00-\ufe0f]/u;
  const used = new Set([...document.querySelectorAll("math")].flatMap((formula) => [...formula.textContent]));
  return [...used].filter((character) => !invisible.test(character) && missing.includes(image(character)));
}

/// Brings the n-th drawn point of a figure into view; gives its middle and what its title said.
export function point(figure) {
  const points = [...document.querySelectorAll(`#${figure} .overlay svg .point`)];
  const target = points.find((one) => one.getBoundingClientRect().width > 0);
  if (!target) return null;
  target.scrollIntoView({ block: "center", behavior: "instant" });
  const mark = target.querySelector("circle, rect, path, polygon, use") ?? target;
  const box = mark.getBoundingClientRect();
  return { x: box.left + box.width / 2, y: box.top + box.height / 2, count: points.length };
}

/// What the tip shows, or nothing while it is hidden; and whether it stands inside the window.
export function tip() {
  const element = document.getElementById("tip");
  if (!element || element.hidden) return null;
  const box = element.getBoundingClientRect();
  return { text: element.textContent, inside: box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.bottom <= innerHeight };
}

/// Switches the printed curves of a figure; gives how many of them are drawn before and after.
export function toggle(figure) {
  const card = document.getElementById(figure);
  const drawn = () => [...card.querySelectorAll(".series.published")].filter((one) => one.getBoundingClientRect().width > 0).length;
  const box = card.querySelector(".show-published");
  const before = drawn();
  box.click();
  const off = drawn();
  box.click();
  return { before, off, after: drawn() };
}

/// What the first screen shows: the heading, every verdict and a drawing, by how far down they end.
export function firstScreen() {
  const bottom = (selector) => Math.max(...[...document.querySelectorAll(selector)].map((one) => one.getBoundingClientRect().bottom));
  return { heading: bottom("h1"), verdicts: bottom(".short li"), picture: bottom(".stage .plot svg") };
}

/// What of the page, made up for print, does not fit paper of that height: drawings whose panels are stacked, and
/// drawings, headings with what follows them or rows that would be cut.
export function onPaper(height) {
  const wrong = [];
  for (const card of document.querySelectorAll("article.card")) {
    const drawing = card.querySelector(".overlay svg");
    const [, , wide, high] = drawing.getAttribute("viewBox").split(" ").map(Number);
    const box = drawing.getBoundingClientRect();
    if (Math.abs(box.height / box.width - high / wide) > 0.02) wrong.push(`${card.id}: ${box.width} × ${box.height} of ${wide} × ${high}`);
    const lead = card.querySelector(".lead").getBoundingClientRect().bottom - card.getBoundingClientRect().top;
    if (lead > height) wrong.push(`${card.id}: heading, drawing and text are ${Math.round(lead)} px high, a page ${height}`);
    for (const part of [card, card.querySelector(".lead"), card.querySelector("figure")])
      if (!getComputedStyle(part).breakInside.startsWith("avoid")) wrong.push(`${card.id}: ${part.className || part.tagName} may be cut`);
  }
  for (const heading of document.querySelectorAll("h2, h3, h4, .card > header, summary"))
    if (!getComputedStyle(heading).breakAfter.startsWith("avoid")) wrong.push(`“${heading.textContent.slice(0, 40)}” may stand alone`);
  return wrong;
}

/// Height of the page without what goes beyond the paper.
export function height() {
  const beyond = document.getElementById("beyond")?.getBoundingClientRect().height ?? 0;
  return document.documentElement.scrollHeight - beyond;
}

/// Series of a figure's drawings that are shown, by role.
export function shown(figure) {
  const off = (one) => one && (getComputedStyle(one).display === "none" || off(one.parentElement));
  const all = [...document.querySelectorAll(`#${figure} .drawing .series`)].filter((one) => !off(one));
  const roles = all.map((one) => [...one.classList].find((name) => ["theory", "experiment", "published", "printed-points", "residual"].includes(name)));
  return [...new Set(roles)].sort().join(" ");
}

/// How many series of a curve are shown, the curve being the first of the legend.
export function curve(figure) {
  const entry = document.querySelector(`#${figure} .overlay .entry[data-curve]`);
  const ids = entry.dataset.curve.split(" ");
  const box = entry.getBoundingClientRect();
  const series = [...document.querySelectorAll(`#${figure} .overlay .series`)].filter((one) => ids.includes(one.dataset.curve) && getComputedStyle(one).display !== "none");
  return { series: series.length, checked: entry.getAttribute("aria-checked"), x: box.left + box.width / 2, y: box.top + box.height / 2 };
}

/// Wide formulas and tables on a narrow page that cannot be scrolled.
export function cut() {
  const wide = [...document.querySelectorAll("math, table")].filter((one) => one.checkVisibility() && one.getBoundingClientRect().right > innerWidth + 1);
  return wide.filter((one) => !["auto", "scroll"].includes(getComputedStyle(one.closest(".display, .scroll") ?? document.body).overflowX)).map((one) => one.textContent.slice(0, 60));
}
