// The explorer's settings: those of the figures' buttons, those it refuses, and what it copies into figure files.

import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

import { settled, unless } from "./explorer.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const PROGRAM = process.env.REDISTILL ?? join(ROOT, "target/release/redistill");
/// The share of a figure's axis that the explorer has: theory begins above 0.
const COVERED = 0.95;
const STATE = "document.querySelector('#explorer .state').textContent";
const TABLE = "document.querySelector('#explorer .probe thead').textContent";
const UNDERNEATH = "(() => { const under = document.querySelector('#explorer [data-curve=under]'); return [under.hidden, under.textContent, document.querySelectorAll('#explorer g.past').length]; })()";
/// What is copied into figure files: every loss and kind of target, samples of the student's own, every y.
const COPIED = [
  "{}",
  "{ direct: true, x: 'fresh', from: 0, to: 6 }",
  "{ direct: true, teacher_loss: 'square', loss: 'square', targets: 'hard', lambda: 0.01, x: 'chi' }",
  "{ x: 'rho', from: 0, to: 1, y: 'q' }",
  "{ direct: true, x: 'epsilon', fresh: 0.5, y: 'v' }",
  "{ x: 'temperature', y: 's' }",
];

/// The axis that the explorer has, and those of a figure's panels, as [from, to, logarithmic].
const axes = (id) => `(() => {
  const field = (key) => document.querySelector("#explorer [data-set=" + key + "]");
  const planes = [...document.querySelectorAll("#${id} .overlay .plane")].map((plane) => plane.dataset.x.split(" "));
  return [[+field("from").value, +field("to").value, field("log").checked], planes.map(([from, to, scale]) => [+from, +to, scale === "log"])];
})()`;

/// Checks what the explorer makes of its settings, at 1280 pixels.
export async function settings(browser, url, check) {
  await browser.send("Emulation.setDeviceMetricsOverride", { width: 1280, height: 900, deviceScaleFactor: 1, mobile: false });
  await browser.open("about:blank");
  await browser.open(url);
  await settled(browser);

  const cards = await browser.evaluate("[...document.querySelectorAll('article.card:has(.vary)')].map((card) => [card.id, card.querySelector('.views span').textContent])");
  const wrong = [];
  const bare = [];
  for (const [id, view] of cards) {
    await browser.evaluate(`document.querySelector('#${id} .vary').click()`);
    const time = await settled(browser);
    const [told, table] = [await browser.evaluate(STATE), await browser.evaluate(TABLE)];
    if (time === undefined || !/^All \d+ points certified/.test(told) || !/converged/.test(table)) wrong.push(`${id}: ${told} ${table}`);
    const [hidden, name, lines] = await browser.evaluate(UNDERNEATH);
    const number = await browser.evaluate(`document.querySelector('#${id} .number').textContent`);
    if (view !== "Map" && (hidden || name !== number || !lines)) bare.push(`${id}: ${lines} lines, called ${name}`);
    const [[from, to, log], planes] = await browser.evaluate(axes(id));
    const into = log ? Math.log : Number;
    const fits = ([low, high, scale]) => scale === log && from >= low * 0.999 - 0.02 && to <= high * 1.001 && into(to) - into(from) >= COVERED * (into(high) - into(low || 1e-9));
    if (view !== "Map" && !planes.some(fits)) wrong.push(`${id}: from ${from} to ${to}, where the figure has ${JSON.stringify(planes)}`);
  }
  check(`“vary this” of ${cards.length} figures is answered on the figure's axis`, [...wrong, ...unless(cards.length >= 20, "too few")]);
  check("and drawn over the figure's curves", bare);

  const [id] = cards.at(-1);
  await browser.evaluate("history.back()");
  await new Promise((resolve) => setTimeout(resolve, 400));
  const back = await browser.evaluate("location.hash");
  check("back leads to the figure", unless(back === `#${id}`, back));

  await browser.evaluate("redistillExplore({ direct: true, eta: 2 })");
  await new Promise((resolve) => setTimeout(resolve, 1500));
  const [refused, cells] = [await browser.evaluate(STATE), await browser.evaluate(TABLE)];
  await browser.evaluate("document.querySelector('#explorer [data-do=reset]').click()");
  await settled(browser);
  const again = await browser.evaluate(STATE);
  check("a setting is refused with its reason, and left", [...unless(/^No answer: η = 2/.test(refused), refused), ...unless(/refused: η = 2/.test(cells) && !/converged/.test(cells), cells), ...unless(/^All 119/.test(again), again)]);

  await browser.evaluate("redistillExplore({ x: 'rho', from: 0, to: 1 })");
  await settled(browser);
  const some = await browser.evaluate(STATE);
  check("a point refused hides no certificate", unless(/^117 of 119 points certified.*2 refused: ρ = 0/.test(some), some));

  await browser.evaluate("[...document.querySelectorAll('#explorer .legend input')].filter((box) => box.checked).forEach((box) => box.click())");
  await new Promise((resolve) => setTimeout(resolve, 200));
  const empty = await browser.evaluate("[document.querySelectorAll('#explorer .plot :is(.live, .bound, .thin)').length, document.querySelector('#explorer svg').getAttribute('aria-label')]");
  const asked = await browser.evaluate("document.querySelector('#explorer .probe').textContent");
  check("with every curve off the axes are empty", unless(empty[0] === 0 && /Nothing is drawn/.test(empty[1]) && /^Tick a curve/.test(asked), `${empty.join()}, ${asked}`));

  await browser.evaluate("['reset', 'keep', 'keep', 'drop'].forEach((name) => document.querySelector('#explorer [data-do=' + name + ']').click())");
  const left = await browser.evaluate("document.querySelector('#explorer [data-do=keep]').textContent");
  check("a curve that was kept can be dropped", unless(left === "Keep this curve (1)", left));

  await browser.open("about:blank");
  await browser.open(`${url}#explore?from=5&to=1`);
  await settled(browser);
  const told = await browser.evaluate(STATE);
  check("an axis that runs backwards is told and not drawn", unless(/^Not understood: from=5, to=1\. All 119/.test(told), told));

  if (existsSync(PROGRAM)) check(`${COPIED.length} copied figures are read by redistill`, await copies(browser));
}

/// What redistill says against figures that the explorer copies.
async function copies(browser) {
  const folder = mkdtempSync(join(tmpdir(), "copied-"));
  const figure = join(folder, "figures/explored");
  mkdirSync(figure, { recursive: true });
  symlinkSync(join(ROOT, "data"), join(folder, "data"));
  writeFileSync(join(figure, "text.md"), "Explored.\n");
  await browser.evaluate("navigator.clipboard.writeText = async (text) => { window.written = text; }");
  const wrong = [];
  for (const setting of COPIED) {
    await browser.evaluate(`redistillExplore(${setting})`);
    await settled(browser);
    await browser.evaluate("document.querySelector('#explorer [data-do=toml]').click()");
    writeFileSync(join(figure, "figure.toml"), await browser.evaluate("window.written"));
    try {
      execFileSync(PROGRAM, ["run", "explored", "--dry-run"], { cwd: folder, stdio: "pipe" });
    } catch (error) {
      wrong.push(`${setting}: ${error.stderr}`);
    }
  }
  rmSync(folder, { recursive: true, force: true });
  return wrong;
}
