// What a reader's browser makes of the explorer: it draws at once, follows a hand and a keyboard, certifies what it
// draws, remembers itself in the address, and stays within a telephone.

const PATIENCE = 60_000;
/// Milliseconds from the page's load to the first curve.
const FIRST_CURVE = 1500;
export const unless = (holds, sentence) => (holds ? [] : [sentence]);
const SETTLED = "/certified,/.test(document.querySelector('#explorer .state').textContent)";
const PEAK = `(() => {
  const path = document.querySelector("#explorer .student")?.getAttribute("d") ?? "";
  const points = path.slice(1).split("L").map((pair) => pair.split(" ").map(Number));
  return points.reduce((a, b) => (b[1] < a[1] ? b : a), [0, Infinity])[0];
})()`;
const CURVE = "document.querySelector('#explorer .student')?.getAttribute('d') ?? ''";

/// Waits until an expression holds in the page; gives the milliseconds, or nothing after `PATIENCE`.
async function until(browser, expression, patience = PATIENCE) {
  const since = Date.now();
  while (Date.now() - since < patience) {
    if (await browser.evaluate(expression)) return Date.now() - since;
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
  return undefined;
}

async function press(browser, key, code, times = 1) {
  for (let k = 0; k < times; k += 1) {
    for (const type of ["keyDown", "keyUp"]) await browser.send("Input.dispatchKeyEvent", { type, key, code: key, windowsVirtualKeyCode: code });
  }
}

export const settled = async (browser) => {
  // a change is a sketch first
  await new Promise((resolve) => setTimeout(resolve, 60));
  return until(browser, SETTLED);
};

async function drag(browser, from, to) {
  const send = (type, x, y, buttons) => browser.send("Input.dispatchMouseEvent", { type, x, y, button: "left", buttons, clickCount: 1 });
  await send("mousePressed", from.x, from.y, 1);
  for (let k = 1; k <= 8; k += 1) await send("mouseMoved", from.x + ((to.x - from.x) * k) / 8, from.y, 1);
  await send("mouseReleased", to.x, from.y, 0);
}

/// The middle of the λ̃ slider's thumb, and where that of a share of its length is.
const slider = (share) => `(() => {
  const slider = document.getElementById("x-teacher_lambda");
  slider.scrollIntoView({ block: "center", behavior: "instant" });
  const box = slider.getBoundingClientRect();
  const at = (t) => ({ x: box.left + 8 + (box.width - 16) * t, y: box.top + box.height / 2 });
  return [at(slider.value / 1000), at(${share})];
})()`;

/// Checks the explorer of the page at `url` at 1280 and 360 pixels, light and dark.
export async function explorer(browser, url, check) {
  for (const [width, height, mobile, scheme] of [[1280, 900, false, "light"], [360, 740, true, "dark"]]) {
    const name = `explorer, ${width} px, ${scheme}`;
    await browser.send("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile });
    await browser.send("Emulation.setEmulatedMedia", { features: [{ name: "prefers-color-scheme", value: scheme }] });
    await browser.open("about:blank");
    await browser.open(url);
    const first = await until(browser, `${CURVE} !== ''`);
    const ready = await browser.evaluate("Math.round(document.getElementById('explorer').dataset.ready - performance.getEntriesByType('navigation')[0].loadEventEnd)");
    check(`${name}: the first answer ${ready} ms after the load, a curve ${first} ms after it`, unless(first <= FIRST_CURVE, `${first} ms`));
    const whole = await until(browser, SETTLED);
    const told = await browser.evaluate("document.querySelector('#explorer .state').textContent");
    check(`${name}: ${told}`, [...unless(whole !== undefined, "never certified"), ...unless(/^All 119 points certified/.test(told), told)]);

    const [before, peak] = [await browser.evaluate(CURVE), await browser.evaluate(PEAK)];
    const [from, to] = await browser.evaluate(slider(0.72));
    await drag(browser, from, to);
    const followed = await until(browser, `${CURVE} !== ${JSON.stringify(before)}`, 3000);
    await settled(browser);
    const [moved, wall] = await browser.evaluate(`[${PEAK}, Number(document.querySelector("#explorer .wall").getAttribute("d").match(/[\\d.]+/)[0])]`);
    check(`${name}: dragging λ̃ redraws in ${followed} ms, and the peak goes from ${peak} to ${moved}, where α = η is ${wall}`, [...unless(followed !== undefined, "the curve stays"), ...unless(peak > wall + 20 && Math.abs(moved - wall) < 4, "no cusp at α = η")]);

    await browser.evaluate("document.getElementById('x-lambda').focus()");
    const still = await browser.evaluate(CURVE);
    await press(browser, "PageUp", 33, 3);
    const typed = await until(browser, `${CURVE} !== ${JSON.stringify(still)}`, 3000);
    const value = await browser.evaluate("document.querySelector('#explorer [data-key=lambda] input[type=number]').value");
    check(`${name}: the keyboard turns λ to ${value}`, [...unless(typed !== undefined, "the curve stays"), ...unless(Number(value) > 1e-5, value)]);
    await settled(browser);
    const unnamed = await browser.evaluate(`[...document.querySelectorAll("#explorer :is(input, select, button)")].filter((one) => !(one.getAttribute("aria-label") || one.labels?.length || one.textContent.trim())).map((one) => one.outerHTML.slice(0, 80))`);
    check(`${name}: every control has a name`, unnamed);

    await new Promise((resolve) => setTimeout(resolve, 400));
    const [address, drawn] = [await browser.evaluate("location.hash"), await browser.evaluate(CURVE)];
    const reloaded = browser.once("Page.loadEventFired");
    await browser.send("Page.reload");
    await reloaded;
    await settled(browser);
    const again = await browser.evaluate(`[location.hash, document.querySelector("#explorer [data-key=lambda] input[type=number]").value, ${CURVE}]`);
    check(`${name}: the address ${address} brings it back`, [...unless(address.startsWith("#explore?") && again[0] === address, again[0]), ...unless(again[1] === value, `λ = ${again[1]}`), ...unless(again[2] === drawn, "another curve")]);

    await browser.evaluate("redistillExplore({ x: 'eta', alpha: 1, teacher_lambda: 0.1, y: 'm' })");
    await settled(browser);
    const label = await browser.evaluate("document.querySelector('#explorer svg').getAttribute('aria-label')");
    check(`${name}: “vary this” loads other axes`, unless(/^m, .* against η/.test(label), label));
    const room = await browser.evaluate("(() => { const right = (name) => document.querySelector('#explorer ' + name).getBoundingClientRect().right; const text = document.querySelector('#explorer > p').getBoundingClientRect().right; return [['.probe', '.plot'], ['.hero', '.explore']].filter(([one, other]) => right(one) > right(other) + 1).map(([one]) => one).concat(right('.hero') > text + 1 && text > 400 ? ['.hero beside the text'] : []); })()");
    check(`${name}: the table at the marker is whole and no knob sticks out`, room);
    const wide = await browser.evaluate(`document.scrollingElement.scrollWidth - ${width}`);
    check(`${name}: nothing is wider than the window`, unless(wide <= 0, `${wide} px`));
  }
}
