// What a reader's browser makes of the report:
// no console error, no request, every link and download good, formulas in the embedded font; the first screen, the contact
// sheet, the height; tabs, hover, keys, switches, zoom, permalinks and the theme at work; text readable in light and dark,
// nothing cut on a telephone, short in print, small enough to send. With AXE=axe.min.js (npm's axe-core) also what that says.
// And the explorer at work.

import { existsSync, readFileSync, statSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

import { Browser } from "./browser.mjs";
import { explorer } from "./explorer.mjs";
import * as page from "./page.mjs";
import { settings } from "./settings.mjs";

const LARGEST = 6_000_000;
const PHONE = 360;
const TALLEST = 16_000;
const PAGES = 30;
/// Papers in inches, and what the margins of a printed page take of width and height, in CSS pixels.
const PAPERS = [{ name: "A4", width: 8.27, height: 11.69 }, { name: "Letter", width: 8.5, height: 11 }];
const MARGINS = [98, 106];
const FIGURES = Array.from({ length: 12 }, (_, k) => `fig${String(k + 1).padStart(2, "0")}`);

const [path, report] = [process.argv[2], resolve(process.argv[3])];
const failures = [];
let count = 0;

/// Notes a check; `wrong` lists what speaks against it.
function check(name, wrong) {
  count += 1;
  console.log(`${wrong.length ? "FAIL" : "ok  "} ${name}`);
  for (const one of wrong.slice(0, 12)) console.log(`       ${one}`);
  if (wrong.length > 12) console.log(`       and ${wrong.length - 12} more`);
  if (wrong.length) failures.push(name);
}

const unless = (holds, sentence) => (holds ? [] : [sentence]);

const browser = new Browser(path);
await browser.attach();
const [errors, requests] = [[], []];
browser.on("Runtime.exceptionThrown", ({ exceptionDetails }) => errors.push(exceptionDetails.exception?.description ?? exceptionDetails.text));
browser.on("Runtime.consoleAPICalled", ({ type, args }) => ["error", "warning", "assert"].includes(type) && errors.push(`${type}: ${args.map((arg) => arg.value).join(" ")}`));
browser.on("Log.entryAdded", ({ entry }) => ["error", "warning"].includes(entry.level) && errors.push(`${entry.level}: ${entry.text}`));
const url = pathToFileURL(report).href;
browser.on("Network.requestWillBeSent", ({ request }) => request.url.split("#")[0] !== url && !/^(data|blob|about):/.test(request.url) && requests.push(request.url.slice(0, 120)));

await browser.send("Emulation.setDeviceMetricsOverride", { width: 1280, height: 800, deviceScaleFactor: 1, mobile: false });
await browser.open(url);

const size = statSync(report).size;
check(`the page is ${(size / 1e6).toFixed(2)} MB, at most 6`, unless(size < LARGEST, `${size} bytes`));
const cards = await browser.evaluate("[...document.querySelectorAll('article.card')].map((card) => card.id)");
check("a card for each of the twelve figures", FIGURES.filter((id) => !cards.includes(id)).map((id) => `no card ${id}`));
const first = await browser.call(page.firstScreen);
check("the first screen has the heading, the verdicts and a picture", Object.entries(first).filter(([, bottom]) => !(bottom > 0 && bottom <= 800)).map(([part, bottom]) => `${part} ends at ${bottom}`));
const thumbs = await browser.evaluate("[...document.querySelectorAll('.sheet a')].map((link) => link.getAttribute('href').slice(1))");
check(`a contact sheet of ${thumbs.length} figures`, cards.filter((id) => !thumbs.includes(id)));
const tall = await browser.call(page.height);
check(`Part I is ${tall} px high, at most ${TALLEST}`, unless(tall <= TALLEST, `${tall} px`));
check("ids, links, labels and references", await browser.call(page.references));

const downloads = await browser.call(page.downloads);
const spoiled = downloads.flatMap(({ name, file, kind, size, head, tail }) => {
  if (file) return unless(existsSync(join(dirname(report), decodeURIComponent(file))), `${name} is not beside the page`);
  if (name.endsWith(".csv")) return unless(kind === "text/csv" && head.startsWith("figure,curve") && tail.endsWith("\n"), `${name} is no table`);
  if (name.endsWith(".svg")) return unless(kind === "image/svg+xml" && head.startsWith("<svg") && tail.trim().endsWith("</svg>"), `${name} is no drawing`);
  if (name.endsWith(".parquet")) return unless(head.startsWith("PAR1") && tail.endsWith("PAR1"), `${name} is no Parquet file`);
  return [`${name}: what is it? ${size} bytes of ${kind}`];
});
const kinds = ["csv", "svg", "parquet"].filter((kind) => !downloads.some(({ name }) => name.endsWith(`.${kind}`)));
check(`${downloads.length} downloads`, [...spoiled, ...kinds.map((kind) => `no ${kind} to download`)]);

const { root } = await browser.send("DOM.getDocument", { depth: -1 });
const { nodeIds } = await browser.send("DOM.querySelectorAll", { nodeId: root.nodeId, selector: "math" });
const foreign = [];
for (const nodeId of nodeIds) {
  const { fonts } = await browser.send("CSS.getPlatformFontsForNode", { nodeId });
  const others = fonts.filter((font) => !font.isCustomFont);
  if (others.length) foreign.push(`${others.map((font) => `${font.glyphCount} glyphs from ${font.familyName}`)} in ${(await browser.send("DOM.getOuterHTML", { nodeId })).outerHTML.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ").slice(0, 80)}`);
}
check(`${nodeIds.length} formulas have their glyphs in the embedded font`, [...foreign, ...(await browser.call(page.boxes)).map((one) => `${one} is drawn as a box`), ...unless(nodeIds.length > 20, "hardly any formula")]);
check("no formula was left as source", await browser.evaluate("[...document.querySelectorAll('merror')].map((e) => e.textContent).concat((document.querySelector('main').innerText.match(/\\\\[a-z]{2,}|\\{\\{/g)) ?? [])"));

const pause = (time) => new Promise((resolve) => setTimeout(resolve, time));
const press = async (key, code = key) => {
  const text = key === " " || key.length === 1 ? key : undefined;
  for (const type of ["keyDown", "keyUp"]) await browser.send("Input.dispatchKeyEvent", { type, key, code, text: type === "keyDown" ? text : undefined, windowsVirtualKeyCode: { ArrowLeft: 37, ArrowUp: 38, ArrowRight: 39, ArrowDown: 40, Tab: 9, Enter: 13 }[key] });
};
/// The tip once it shows, or nothing after a while: the first time its numbers are unpacked.
const tip = async () => {
  for (let turn = 0; turn < 40; turn += 1) {
    const shown = await browser.call(page.tip);
    if (shown) return shown;
    await pause(50);
  }
  return null;
};

const hovered = [];
for (const id of FIGURES) {
  const at = await browser.call(page.point, id);
  if (!at) {
    hovered.push(`${id} has no point`);
    continue;
  }
  await browser.move(2, 2);
  await browser.move(at.x, at.y);
  const shown = await tip();
  if (!shown || !/^.*[a-z=].*\n.+ = \d.*\n(theory|simulation|printed).*\d/.test(shown.text)) hovered.push(`${id}: hovering shows ${JSON.stringify(shown)}`);
  else if (!shown.inside) hovered.push(`${id}: the tip leaves the window`);
  await browser.move(2, 2);
  if (await browser.call(page.tip)) hovered.push(`${id}: the tip stays`);
}
check("hovering a point shows curve and numbers", hovered);

const read = [];
for (const id of FIGURES) {
  await browser.evaluate(`document.querySelector('#${id} .overlay .plot').focus()`);
  const seen = new Set();
  for (const key of ["ArrowRight", "ArrowRight", "ArrowRight", "ArrowDown", "ArrowLeft"]) {
    await press(key);
    seen.add((await tip())?.text);
  }
  if (seen.size < 4 || seen.has(undefined)) read.push(`${id}: the arrow keys read ${JSON.stringify([...seen])}`);
  await press("Escape");
  if (await browser.call(page.tip)) read.push(`${id}: Escape leaves the tip`);
}
check("the arrow keys read the curves", read);

const tabs = [];
for (const id of FIGURES) {
  await browser.evaluate(`document.querySelector('#${id} .views input').focus()`);
  const views = [];
  for (let turn = 0; turn < 5; turn += 1) {
    views.push(await browser.call(page.shown, id));
    await press("ArrowRight");
  }
  const want = ["experiment printed-points published theory", "theory", "experiment", "residual", "printed-points published"];
  if (views.join() !== want.join()) tabs.push(`${id}: ${views.join(" | ")}`);
  await browser.evaluate(`document.querySelector('#${id} .views input').click()`);
}
check("tabs by keyboard: overlay, theory, simulation, residuals, print", tabs);

const curves = [];
for (const id of FIGURES) {
  await browser.evaluate(`document.querySelector('#${id} .overlay').scrollIntoView({ block: "end", behavior: "instant" })`);
  const before = await browser.call(page.curve, id);
  for (const type of ["mousePressed", "mouseReleased"]) await browser.send("Input.dispatchMouseEvent", { type, x: before.x, y: before.y, button: "left", clickCount: 1 });
  const off = await browser.call(page.curve, id);
  await browser.evaluate(`document.querySelector('#${id} .overlay .entry[data-curve]').focus()`);
  await press("Enter");
  const on = await browser.call(page.curve, id);
  if (!before.series || off.series !== 0 || off.checked !== "false" || on.series !== before.series) curves.push(`${id}: ${before.series} series, ${off.series} switched off, ${on.series} on again`);
}
check("the legend switches its curves, by pointer and by key", curves);

await browser.evaluate("document.querySelector('#fig05 .views input').click()");
const line = "document.querySelector('#fig05 .overlay .series.theory path').getAttribute('d')";
const drawn = await browser.evaluate(line);
await browser.evaluate("document.querySelector('#fig05 [data-zoom=in]').click()");
const nearer = await browser.evaluate(line);
await browser.evaluate("document.querySelector('#fig05 [data-zoom=reset]').click()");
check("zoom, and back", [...unless(nearer !== drawn, "the curve stays"), ...unless((await browser.evaluate(line)) === drawn, "the curve is not where it was")]);

const spot = await browser.call(page.point, "fig08");
for (const type of ["mousePressed", "mouseReleased"]) await browser.send("Input.dispatchMouseEvent", { type, x: spot.x, y: spot.y, button: "left", clickCount: 1 });
await browser.evaluate("document.querySelector('#fig08 [data-zoom=in]').click()");
const kept = await browser.call(page.point, "fig08");
for (const [type, x, buttons] of [["mousePressed", spot.x + 60, 1], ["mouseMoved", spot.x + 20, 1], ["mouseReleased", spot.x + 20, 0]]) await browser.send("Input.dispatchMouseEvent", { type, x, y: spot.y, button: "left", buttons, clickCount: 1 });
const moved = await browser.call(page.point, "fig08");
await browser.evaluate("document.querySelector('#fig08 [data-zoom=reset]').click()");
check("a place that was clicked stays under zoom, and goes where it is dragged", [...unless(Math.hypot(kept.x - spot.x, kept.y - spot.y) < 2, `${JSON.stringify(spot)} → ${JSON.stringify(kept)}`), ...unless(Math.abs(moved.x - kept.x + 40) < 2, `dragged to ${JSON.stringify(moved)}`)]);

await browser.evaluate("location.hash = '#fig02/residuals'");
await pause(200);
const there = await browser.evaluate("[document.querySelector('#fig02 .views input:checked').value, Math.abs(document.getElementById('fig02').getBoundingClientRect().top) < 120]");
check("a permalink opens its view", unless(there[0] === "residuals" && there[1], there.join()));
await browser.evaluate("document.querySelector('#fig02 .views input').click()");
const address = await browser.evaluate("location.hash");
check("the address follows the view", unless(address === "#fig02", address));

const switches = await browser.evaluate("[...document.querySelectorAll('.card:has(.show-published)')].map((card) => card.id)");
const stuck = [];
for (const id of switches) {
  const { before, off, after } = await browser.call(page.toggle, id);
  if (before === 0 || off !== 0 || after !== before) stuck.push(`${id}: ${before} printed curves, ${off} switched off, ${after} on again`);
}
check(`${switches.length} switches of the printed curves`, [...stuck, ...unless(switches.length >= 9, "too few switches")]);

await browser.evaluate("document.querySelectorAll('details').forEach((part) => (part.open = true))");
for (const scheme of ["light", "dark"]) {
  await browser.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
  const { texts, wrong } = await browser.call(page.unreadable);
  check(`${texts} texts are readable in ${scheme}`, [...wrong, ...unless(texts > 500, "hardly any text")]);
}
const paper = "getComputedStyle(document.body).backgroundColor";
const night = await browser.evaluate(paper);
await browser.evaluate("document.getElementById('theme').click()");
const day = await browser.evaluate(paper);
check("the button turns the page light", [...unless(night !== day, `${night} stays`), ...(await browser.call(page.unreadable)).wrong]);
await browser.evaluate("document.getElementById('theme').click()");
check("and dark again", unless((await browser.evaluate(paper)) === night, "it stays light"));
await browser.evaluate("document.getElementById('theme').click()");
await browser.open(url);
check("the theme is remembered", unless((await browser.evaluate(paper)) === day, "it is forgotten"));
await browser.evaluate("localStorage.removeItem('theme')");
await browser.open(url);

if (process.env.AXE) {
  const axe = readFileSync(process.env.AXE, "utf8");
  for (const [scheme, width] of [["light", 1280], ["dark", 1280], ["light", PHONE], ["dark", PHONE]]) {
    await browser.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
    await browser.send("Emulation.setDeviceMetricsOverride", { width, height: 800, deviceScaleFactor: 1, mobile: width === PHONE });
    await browser.evaluate("document.querySelectorAll('details:not(.contents)').forEach((part) => (part.open = true))");
    await browser.evaluate(`${axe};0`);
    const found = await browser.evaluate("axe.run().then(({ violations }) => violations.map(({ id, nodes }) => `${id}: ${nodes.length} times, first ${nodes[0].html.slice(0, 120)}`))");
    check(`axe has nothing against it in ${scheme} at ${width} px`, found);
  }
}

await browser.send("Emulation.clearDeviceMetricsOverride");
const printed = async (paper) => {
  const { data } = await browser.send("Page.printToPDF", { paperWidth: paper.width, paperHeight: paper.height, printBackground: false });
  return Buffer.from(data, "base64").toString("latin1").match(/\/Type\s*\/Page[^s]/g).length;
};
for (const paper of PAPERS) {
  const whole = await printed(paper);
  await browser.evaluate("document.getElementById('beyond')?.setAttribute('hidden', '')");
  const first = await printed(paper);
  await browser.evaluate("document.getElementById('beyond')?.removeAttribute('hidden')");
  check(`${whole} printed pages on ${paper.name}, ${first} without Part II, at most ${PAGES}`, unless(first <= PAGES, `${first} pages`));
  const [width, height] = [paper.width, paper.height].map((inches, side) => Math.round(96 * inches - MARGINS[side]));
  await browser.send("Emulation.setEmulatedMedia", { media: "print" });
  await browser.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
  check(`panels stand side by side on ${paper.name}, and nothing that is to stay whole is higher than a page`, await browser.call(page.onPaper, height));
  await browser.send("Emulation.setEmulatedMedia", { media: "" });
}
await browser.evaluate("document.querySelectorAll('details:not(.contents)').forEach((part) => (part.open = true))");
check("no markup is told as text", await browser.evaluate("document.body.innerText.match(/.{0,20}<(\\/|[a-z]+[ >]).{0,20}/g) ?? []"));
check("no symbol was left as it is typed", await browser.evaluate("document.body.innerText.match(/.{0,20}([Α-ω\u0300-\u036f]_|\\^\\{).{0,20}/g) ?? []"));

await browser.send("Emulation.setDeviceMetricsOverride", { width: PHONE, height: 740, deviceScaleFactor: 2, mobile: true });
const { excess, wide } = await browser.call(page.overflow, PHONE);
check("nothing is wider than a telephone", unless(excess <= 0, `${excess} px too wide: ${wide.join(", ")}`));
check("what is wide scrolls on a telephone", await browser.call(page.cut));

await explorer(browser, url, check);
await settings(browser, url, check);

await browser.send("Emulation.setScriptExecutionDisabled", { value: true });
const reloaded = browser.once("Page.loadEventFired");
await browser.send("Page.reload");
await reloaded;
const plain = await browser.send("DOM.getDocument", { depth: 1 });
const whole = await browser.send("DOM.querySelectorAll", { nodeId: plain.root.nodeId, selector: "article.card .overlay svg" });
check("the page is whole without scripts", unless(whole.nodeIds.length === cards.length, `${whole.nodeIds.length} drawings`));

check("no error on the console", errors);
check("no request", requests);
await browser.close();
console.log(failures.length ? `${failures.length} of ${count} checks failed` : `all ${count} checks hold`);
process.exitCode = failures.length ? 1 : 0;
