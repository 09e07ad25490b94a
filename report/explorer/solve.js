// The explorer: the theory, compiled to WebAssembly and run in workers, drawn while parameters are dragged.
// Its setting, its workers and what is asked of them.
const root = document.getElementById("explorer");
const [box, plot, legend, state, probe, knobs, deeds] = ["explore", "plot", "legend", "state", "probe", "knobs", "deeds"].map((name) => root.querySelector("." + name));

// key, symbol, meaning, least, most and start of its slider, whether that is logarithmic
const PARAMETERS = [
  ["teacher_lambda", "λ̃", "ridge of the teacher", 1e-5, 10, 1e-5, true],
  ["lambda", "λ", "ridge of the student", 1e-5, 10, 1e-5, true],
  ["alpha", "α", "samples per feature", 0.1, 6, 0.5, false],
  ["eta", "η", "share of the features that the student sees", 0.05, 1, 0.5, false],
  ["rho", "ρ", "share of the samples with y = 1", 0.02, 0.98, 0.2, false],
  ["delta", "Δ", "variance of each cloud", 0.1, 10, 1, true],
  ["chi", "χ", "weight of the teacher against the labels", 0, 1, 1, false],
  ["temperature", "T", "temperature of soft targets", 0.2, 20, 1, true],
  ["epsilon", "ε", "smoothing of the labels", 0, 0.45, 0, false],
  ["label_noise", "θ", "share of the labels that are flipped", 0, 0.45, 0, false],
  ["fresh", "α′", "samples of the student's own; 0: those of the teacher", 0, 6, 0, false],
].map(([key, symbol, meaning, least, most, start, log]) => ({ key, symbol, meaning, least, most, start, log }));
const of = Object.fromEntries(PARAMETERS.map((one) => [one.key, one]));
const FIRST = 6;
const Y = { eg: "test error", m: "m, overlap with the truth", q: "q, squared norm", b: "b, bias", v: "V, susceptibility", s: "S, overlap with the teacher" };
const AT = { m: 0, q: 1, b: 2, v: 3, eg: 4, s: 5, status: 6, error: 7 };
const STAGE = 8;
const CURVES = [["student", "student", 0], ["teacher", "its teacher", 1], ["direct", "on the labels", 2]];
const POINTS = 119;
const START = { x: "alpha", from: 0.1, to: 6, log: false, y: "eg", teacher_loss: "logistic", loss: "logistic", targets: "soft", student: true, teacher: true, direct: false, bayes: true, under: true, figure: "", ...Object.fromEntries(PARAMETERS.map(({ key, start }) => [key, start])) };
// what is drawn underneath: at first a figure that comes with the explorer, then that of a card
const LEAD = JSON.parse(document.getElementById("explorer-data").textContent) ?? { figure: "", curves: [] };
START.figure = LEAD.figure;
let past = LEAD;
let s = { ...START };
const kept = [];

// ---- numbers as people write them
const plain = (value) => String(+value.toPrecision(4));
const power = (value) => {
  if (!value) return "0";
  const e = Math.floor(Math.log10(Math.abs(value)) + 1e-9);
  const digits = +(value / 10 ** e).toPrecision(3);
  return `${digits === 1 ? "" : `${digits}·`}10${String(e).replace(/./g, (c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)])}`;
};
const show = (value) => (value === 0 ? "0" : Math.abs(value) < 1e-3 || Math.abs(value) >= 1e5 ? power(value) : plain(value)).replace("-", "−");
const field = (value) => (value && Math.abs(value) < 1e-3 ? value.toExponential() : value);
const told = (value, error) => {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "–" : "∞";
  const digits = Math.max(3, Math.min(7, Math.round(-Math.log10(error || 1e-4))));
  const text = value !== 0 && (Math.abs(value) < 1e-4 || Math.abs(value) >= 1e7) ? value.toExponential(digits - 1) : String(+value.toPrecision(digits));
  return text.replace("-", "−");
};

// ---- workers
const work = () => {
  let module, page;
  let latest = 0;
  const channel = new MessageChannel();
  let wake;
  channel.port1.onmessage = () => wake();
  const breathe = () => new Promise((resolve) => ((wake = resolve), channel.port2.postMessage(0)));
  const begin = async () => (page = (await WebAssembly.instantiate(module)).exports);
  let ready;
  onmessage = async ({ data }) => {
    if (data.bytes) {
      ready = WebAssembly.compile(data.bytes).then((made) => ((module = made), begin()));
      return;
    }
    latest = data.run;
    try {
      await ready;
    } catch (error) {
      return postMessage({ failed: String(error) });
    }
    let out = [];
    let since = performance.now();
    for (const { key, x, p, slot, bounds } of data.jobs) {
      const start = performance.now();
      let answer = { key, x, code: 2, why: "the solver stopped" };
      try {
        new Float64Array(page.memory.buffer, page.parameters(), p.length).set(p);
        const code = bounds === undefined ? page.solve(slot) : (page.bounds(bounds), 0);
        const why = code ? new TextDecoder().decode(new Uint8Array(page.memory.buffer, page.reason(), page.reason_length())) : "";
        answer = { key, x, code, why, a: Array.from(new Float64Array(page.memory.buffer, page.answer(), 17)) };
      } catch {
        await begin();
      }
      out.push({ ...answer, ms: performance.now() - start });
      if (performance.now() - since > 20) {
        postMessage({ run: data.run, marker: data.marker, out });
        out = [];
        await breathe();
        if (latest !== data.run) return;
        since = performance.now();
      }
    }
    postMessage({ run: data.run, marker: data.marker, out, done: true });
  };
};
const fail = (error) => say(`<b class="bad">The solver does not run here:</b> ${safe(String(error.message ?? error))}`);
const workers = [];
const hire = async () => {
  const bytes = await unpacked("explorer-module").arrayBuffer();
  const address = URL.createObjectURL(new Blob([`(${work})()`], { type: "text/javascript" }));
  const count = Math.max(1, Math.min(4, (navigator.hardwareConcurrency || 2) - 1));
  for (let k = 0; k < count; k += 1) {
    const worker = new Worker(address);
    worker.onmessage = ({ data }) => receive(data);
    worker.onerror = fail;
    worker.postMessage({ bytes });
    workers.push(worker);
  }
};

// ---- what is asked
const grid = () => Array.from({ length: POINTS }, (_, k) => {
  const t = k / (POINTS - 1);
  return +(s.log ? s.from * (s.to / s.from) ** t : s.from + (s.to - s.from) * t).toPrecision(12);
});
const parameters = (x, direct) => {
  const p = { ...s, [s.x]: x };
  const square = p.loss === "square";
  if (direct) return [0, p.fresh || p.alpha, p.delta, p.rho, p.label_noise, 0, p.eta, +square, p.lambda, square ? 0 : p.epsilon, p.eta, 0, p.lambda, 0, 1, 1];
  const hard = p.targets === "hard";
  return [1, p.alpha, p.delta, p.rho, p.label_noise, p.fresh, 1, +(p.teacher_loss === "square"), p.teacher_lambda, p.epsilon, p.eta, +square, p.lambda, +hard, p.chi, hard ? 0 : p.temperature];
};
let run = 0;
let now = null;
let shown = null;
let walls = [];
let marks = {};
let timer = 0;
const STRIDES = [0, 4, 2, 6, 1, 5, 3, 7];
// jobs of one x: the student and its teacher together, and the student of the labels
const both = (key, x, slot) => {
  const jobs = [{ key: `p${key}`, x, p: parameters(x), slot }];
  if (s.direct) jobs.push({ key: `d${key}`, x, p: parameters(x, true), slot: slot < 0 ? slot : slot + 256 });
  return jobs;
};
const marker = (slot) => [{ key: "w", p: parameters(s[s.x]), bounds: 1 }, ...both("*", s[s.x], slot)];
// what the curves depend on: all but the marker and what is shown of them
const seed = () => JSON.stringify({ ...s, [s.x]: 0, y: 0, student: 0, teacher: 0, bayes: 0, under: 0, figure: 0 });
const ask = (certified) => {
  clearTimeout(timer);
  run += 1;
  const xs = grid();
  const order = STRIDES.flatMap((first) => xs.map((_, k) => k).filter((k) => k % 8 === first));
  const jobs = [...marker(certified ? -1 : 127), ...order.flatMap((k) => [...both(k, xs[k], certified ? -1 : k), { key: `b${k}`, p: parameters(xs[k]), bounds: 0 }])];
  const whole = certified && shown?.seed === seed();
  marks = Object.fromEntries(Object.entries(marks).filter(([, one]) => one.code !== 2));
  now = { xs, p: whole ? [...shown.p] : [], d: whole ? [...shown.d] : [], b: whole ? [...shown.b] : [], whole, certified, since: performance.now(), x: s.x, log: s.log, direct: s.direct, open: workers.length, seed: seed() };
  const share = workers.map(() => []);
  jobs.forEach((job, k) => share[k % share.length].push(job));
  workers.forEach((worker, k) => worker.postMessage({ run, jobs: share[k] }));
};
// the marker alone, one at a time
let moving = false;
const move = () => {
  if (moving) return;
  moving = true;
  workers[0].postMessage({ run, marker: true, jobs: marker(-1) });
};
const receive = (data) => {
  if (data.failed) return fail(data.failed);
  if (data.marker && data.done) moving = false;
  // for who measures
  root.dataset.ready ??= Math.round(performance.now());
  if (data.run !== run) return;
  for (const { key, x, code, why, a, ms } of data.out) {
    const [kind, rest] = [key[0], key.slice(1)];
    const answer = { a, code, why, ms, x, seed: now.seed, certified: now.certified || data.marker };
    if (kind === "w") walls = a;
    else if (rest !== "*") now[kind][rest] = answer;
    else if (x === s[s.x] || data.marker) marks[kind] = answer;
  }
  if (data.marker) {
    if (data.done && marks.p?.x !== s[s.x]) move();
  } else if (data.done) now.open -= 1;
  if (now.whole || now.open === 0 || now.xs.every((_, k) => k % 4 || now.p[k])) shown = now;
  if (now.open === 0 && !now.ms) {
    now.ms = performance.now() - now.since;
    if (!now.certified) timer = setTimeout(() => ask(true), 120);
  }
  redraw();
};
const update = () => {
  if (workers.length && seed() !== now?.seed) ask(false);
  else if (workers.length && marks.p?.x !== s[s.x]) move();
  save();
  fill();
  redraw();
  if (past.figure !== s.figure) lay();
};
// the panel of a card as what is drawn underneath
const lay = async () => {
  if (document.readyState === "loading") return addEventListener("DOMContentLoaded", lay);
  past = s.figure === LEAD.figure ? LEAD : { figure: s.figure, curves: [] };
  const next = past;
  const card = document.getElementById(s.figure);
  const button = card?.querySelector("[data-explore]");
  if (next !== LEAD && button) {
    const { x, y, panel } = JSON.parse(button.dataset.explore);
    const about = JSON.parse(card.querySelector(".about-plot").textContent);
    const places = (await numbers.of(s.figure, about)).filter(({ column }) => column === about.panels[panel].column);
    const plane = card.querySelectorAll(".overlay .plane")[panel];
    const drawn = about.curves.filter(({ id, bound }) => !bound && plane.querySelector(`.theory[data-curve="${id}"]`));
    const curves = drawn.map(({ id, label }) => {
      const of = (name) => places.filter((one) => one.curve === id && name in one).flatMap((one) => [one.x, one[name]]);
      return { label: label.split(", ").pop(), computed: of("theory"), printed: of("print") };
    });
    Object.assign(next, { name: card.querySelector(".number").textContent, x, y, curves });
  }
  fill();
  redraw();
};
