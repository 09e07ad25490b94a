// The explorer: the theory, compiled to WebAssembly and run in workers, drawn while parameters are dragged.
(() => {
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

  // ---- the drawing
  const values = (name) => {
    const stage = name === "student" ? 1 : 0;
    const list = name === "direct" ? shown.d : shown.p;
    return shown.xs.map((x, k) => list[k]?.a && [x, list[k].a[1 + STAGE * stage + AT[s.y]], list[k].a[1 + STAGE * stage + AT.status]]).filter((one) => one && Number.isFinite(one[1]));
  };
  const visible = () => CURVES.filter(([name]) => s[name] && !(s.y === "s" && name !== "student"));
  const nice = (low, high, most) => {
    const raw = (high - low) / most;
    const unit = 10 ** Math.floor(Math.log10(raw));
    const step = [1, 2, 5, 10].map((m) => m * unit).find((one) => one >= raw * 0.999);
    const list = [];
    for (let k = Math.ceil(low / step - 1e-9); k * step <= high + 1e-9 * step; k += 1) list.push(+(k * step).toPrecision(12));
    return { step, list };
  };
  const decades = (low, high) => {
    const [a, b] = [Math.log10(low), Math.log10(high)];
    const list = [];
    const skip = Math.max(1, Math.ceil((b - a) / 7));
    for (let e = Math.ceil(a - 1e-9); e <= b + 1e-9; e += skip) list.push(10 ** e);
    return list.length > 1 ? list : nice(low, high, 4).list;
  };
  const top = (list) => list.reduce((a, b) => (b[1] > a[1] ? b : a), [NaN, -Infinity]);
  let frame = 0;
  let area = null;
  const redraw = () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(draw);
  };
  const draw = () => {
    if (!shown) return;
    const W = Math.max(280, plot.clientWidth);
    const H = Math.round(getComputedStyle(plot).position === "sticky" ? Math.min(innerHeight * 0.43, W * 0.8) : Math.min(470, Math.max(300, W * 0.75)));
    const [L, R, T, B] = [W < 420 ? 46 : 54, 12, 42, 40];
    const curves = visible().map(([name, , colour]) => ({ name, colour, at: values(name) }));
    const bound = s.bayes && s.y === "eg" ? shown.xs.map((x, k) => shown.b[k]?.a && [x, shown.b[k].a[1]]).filter((one) => one && Number.isFinite(one[1])) : [];
    const ghosts = kept.filter((one) => one.x === shown.x && one.y === s.y);
    const under = s.under && past.x === shown.x && past.y === s.y ? past.curves : [];
    const pairs = (flat) => Array.from({ length: flat.length / 2 }, (_, k) => [flat[2 * k], flat[2 * k + 1]]);
    const [x0, x1] = [shown.xs[0], shown.xs[POINTS - 1]];
    const inside = (list) => list.filter(([x]) => x >= x0 - 1e-12 && x <= x1 + 1e-12);
    const lines = under.map(({ label, computed, printed }) => ({ label, computed: inside(pairs(computed)), printed: inside(pairs(printed)) }));
    const ys = [...curves.map((one) => one.at), bound, ...ghosts.flatMap((one) => one.curves.map((c) => inside(c.at))), ...lines.map((one) => one.computed)].flat().map((one) => one[1]);
    if (!ys.length) ys.push(0, 1);
    let [low, high] = [Math.min(...ys), Math.max(...ys)];
    const tall = low > 0 && high / low > 100 && (s.y === "q" || s.y === "v");
    let ticks;
    if (tall) {
      [low, high] = [low / 1.3, high * 1.3];
      ticks = decades(low, high);
    } else {
      const pad = Math.max((high - low) * 0.06, Math.abs(high) * 1e-3, 1e-9);
      const { step } = nice(low - pad, high + pad, 6);
      [low, high] = [Math.max(low < 0 || s.y === "m" || s.y === "b" ? -Infinity : 0, Math.floor((low - pad * 0.5) / step) * step), Math.ceil((high + pad * 0.5) / step) * step];
      ticks = nice(low, high, 7).list;
    }
    const scale = (a, b, from, to, log) => (log ? (v) => from + ((to - from) * Math.log(v / a)) / Math.log(b / a) : (v) => from + ((to - from) * (v - a)) / (b - a));
    const X = scale(x0, x1, L, W - R, shown.log);
    const Yo = scale(low, high, H - B, T, tall);
    const n = (v) => Math.round(v * 10) / 10;
    const path = (list) => list.map(([x, y], k) => `${k ? "L" : "M"}${n(X(x))} ${n(Yo(y))}`).join("");
    let out = "";
    const tick = (list) => (list[0] > 0 && list[0] < 1e-3 && list[1] / list[0] > 9 ? power : show);
    for (const v of ticks) out += `<path class="rule" d="M${L} ${n(Yo(v))}H${W - R}"/><text x="${L - 8}" y="${n(Yo(v)) + 4}" text-anchor="end">${tick(ticks)(v)}</text>`;
    const along = shown.log ? decades(x0, x1) : nice(x0, x1, W < 420 ? 5 : 8).list;
    for (const v of along) out += `<path class="rule" d="M${n(X(v))} ${H - B}v5"/><text x="${n(X(v))}" y="${H - B + 18}" text-anchor="middle">${tick(along)(v)}</text>`;
    out += `<path class="frame" d="M${L} ${H - B}H${W - R}"/>`;
    let last = -99;
    for (const [v, name] of places().sort((a, b) => a[0] - b[0])) {
      if (!(v > x0 && v < x1)) continue;
      const x = n(X(v));
      out += `<path class="wall" d="M${x} ${T}V${H - B}"/><text x="${x}" y="${T - 6 - (x - last < 52 ? 13 : 0)}" text-anchor="${x - L < 20 ? "start" : W - R - x < 20 ? "end" : "middle"}">${name}</text>`;
      last = x - last < 52 ? -99 : x;
    }
    const drawn = lines.filter((one) => one.computed.length);
    const tops = drawn.map(({ computed }) => top(computed).map((v, k) => n([X, Yo][k](v))));
    // labels stand at the tops, where these are apart
    const apart = tops.every(([a, b], k) => tops.slice(k + 1).every(([x, y]) => Math.abs(a - x) > 120 || Math.abs(b - y) > 13));
    for (const [k, { label, computed, printed }] of drawn.entries()) {
      out += `<g class="past"><path class="thin" d="${path(computed)}"/>`;
      for (const [x, y] of printed.filter(([, y], k) => y >= low && y <= high && k % Math.ceil(printed.length / 50) === 0)) out += `<circle class="dot" cx="${n(X(x))}" cy="${n(Yo(y))}" r="2"/>`;
      out += "</g>";
      const [x, y] = tops[k];
      const back = x > W / 2;
      if (apart) out += `<text x="${x + (back ? -7 : 7)}" y="${Math.max(y - 4, T + 13)}" class="past"${back ? ' text-anchor="end"' : ""}>${label}</text>`;
    }
    for (const ghost of ghosts) for (const { at, colour } of ghost.curves) out += `<path class="thin" style="stroke:var(--series-${colour});opacity:.6" d="${path(inside(at))}"/>`;
    if (bound.length) out += `<path class="bound" d="${path(bound)}"/>`;
    // the student on top
    for (const { name, colour, at } of [...curves].reverse()) {
      out += `<path class="line live ${name}" style="stroke:var(--series-${colour})" d="${path(at)}"/>`;
      for (const [x, y, status] of at) if (status && shown.certified) out += `<path class="lost" d="M${n(X(x)) - 3} ${n(Yo(y)) - 3}l6 6m0-6l-6 6"/>`;
    }
    const here = s[s.x];
    if (here >= x0 && here <= x1) {
      out += `<path class="marker" d="M${n(X(here))} ${T}V${H - B}"/>`;
      for (const { name, colour } of curves) {
        const y = reading(name)?.[AT[s.y]];
        const at = mark(name)?.x;
        if (Number.isFinite(y) && y >= low && y <= high && at >= x0 && at <= x1) out += `<circle cx="${n(X(at))}" cy="${n(Yo(y))}" r="4.5" style="fill:var(--series-${colour});stroke:var(--paper);stroke-width:1.5"/>`;
      }
    }
    out += `<text class="name" x="${W - R}" y="${H - 4}" text-anchor="end">${of[shown.x].symbol}, ${of[shown.x].meaning}</text><text class="name" x="0" y="12">${Y[s.y]}${s.y === "eg" ? " ε<tspan dy='3' font-size='10'>g</tspan>" : ""}</text>`;
    const spoken = curves.filter((one) => one.at.length).map(({ name, at }) => `${name}: ${show(at[0][1])} at ${of[shown.x].symbol} = ${show(at[0][0])}, largest ${show(top(at)[1])} at ${show(top(at)[0])}`);
    plot.innerHTML = `<svg viewBox="0 0 ${W} ${H}" height="${H}" role="img" class="${shown.certified ? "" : "sketch"}" aria-label="${Y[s.y]} against ${of[shown.x].symbol}. ${spoken.join("; ") || "Nothing is drawn"}.">${out}</svg>`;
    area = { L, R, W, x0, x1, low, high, tall, log: shown.log };
    tell();
  };
  // thresholds as [x, name], where x is what they are thresholds of
  const places = () => {
    const own = s.fresh || shown.x === "fresh";
    if (shown.x === "eta") return [[s.fresh || s.alpha, s.fresh ? "η = α′" : "η = α"]];
    if (shown.x !== "alpha" && shown.x !== "fresh") return [];
    const all = shown.x === "alpha" && (own || s.eta < 1) && s.teacher_loss === "logistic";
    const list = shown.x === "alpha" && own ? [] : [[s.eta, own ? "α′ = η" : "α = η"], [splitting() ? walls[3] : NaN, "α_S"]];
    return [...list, [all ? walls[2] : NaN, "α_S, all features"]].filter(([v]) => Number.isFinite(v)).map(([v, name]) => [v, name.replace(/α_S(.*)/, "α<tspan dy='3' font-size='9'>S</tspan><tspan dy='-3'>$1</tspan>")]);
  };
  // whether it matters that the labels of the student's samples can be separated: of samples of its own it may know none
  const splitting = () => s.loss === "logistic" && Number.isFinite(walls[3]) && (s.direct || !(s.fresh || s.x === "fresh"));
  const mark = (name) => (name === "direct" ? s.direct && marks.d : marks.p) || null;
  const reading = (name) => {
    if (!mark(name)?.a) return null;
    return mark(name).a.slice(1 + (name === "student" ? STAGE : 0), 1 + (name === "student" ? 2 : 1) * STAGE);
  };

  // ---- what is told beside it
  const safe = (text) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
  let trouble = "";
  const say = (html) => {
    html = (trouble ? `<b class="bad">${safe(trouble)}</b> ` : "") + html;
    if (state.innerHTML !== html) state.innerHTML = html;
  };
  const because = (why) => safe(why.replace(/^(.*?): (?:targets.)?(\w+)/, (_, at, key) => (of[{ features: "eta", smoothing: "epsilon" }[key] ?? (at === "stage 1" ? "teacher_" : "") + key] ?? { symbol: key }).symbol).replace(/ -/g, " −"));
  const tell = () => {
    const all = [...now.p, ...now.d].filter(Boolean);
    const list = all.filter((one) => one.certified);
    const total = POINTS * (s.direct ? 2 : 1);
    const [refused, lost] = [2, 1].map((code) => list.filter((one) => one.code === code));
    const no = all.find((one) => one.code === 2);
    const tail = (some, word) => (some.length ? ` ${some.length} ${word}: ${because(some[0].why)}.` : "");
    if (no && all.every((one) => one.code === 2)) say(`<b class="bad">No answer:</b> ${because(no.why)}.`);
    else if (now.certified && now.open === 0) {
      const good = list.filter((one) => !one.code);
      const worst = Math.max(0, ...good.flatMap((one) => [one.a[1 + AT.error], one.a[1 + STAGE + AT.error]].filter(Number.isFinite)));
      const whole = good.length === list.length;
      say(`<b class="${whole ? "" : "bad"}">${whole ? `All ${list.length}` : `${good.length} of ${list.length}`} points certified</b>, largest error ${power(worst)}${now.ms > 95 ? `, in\u00a0${(now.ms / 1000).toFixed(1)}\u00a0s` : ""}.${tail(refused, "refused")}${tail(lost, "not converged")}`);
    } else say(`<b class="open">${now.certified ? "Certifying" : "Sketch"}</b>${now.certified ? ` ${Math.floor((list.length / Math.max(1, total)) * 4) * 25} %` : ", to be certified"}`);
    const columns = visible().map(([name, label, colour]) => {
      const a = reading(name);
      const one = mark(name);
      const word = !a ? "…" : one.code === 2 ? `refused: ${because(one.why)}` : a[AT.status] ? because(one.why) : one.certified ? `converged, error ≤ ${power(a[AT.error])}, ${one.ms.toFixed(one.ms < 10 ? 1 : 0)} ms` : "sketch";
      return [`<th scope="col" style="--c:var(--series-${colour})">${label}<small>${word}</small></th>`, (key) => `<td>${a ? told(a[AT[key]], one.certified ? a[AT.error] : 1e-4) : ""}</td>`];
    });
    const rows = Object.keys(Y).map((key) => `<tr><th scope="row">${key === "eg" ? "ε<sub>g</sub><small>test error</small>" : Y[key].replace(/, (.*)/, "<small>$1</small>")}</th>${columns.map((one) => one[1](key)).join("")}</tr>`);
    const bayes = Number.isFinite(walls[1]) ? `; Bayes bound ${told(walls[1], 1e-6)}, with all features ${told(walls[0], 1e-6)}${s.fresh ? ", of both sets of samples" : ""}` : "";
    const splits = splitting() ? `; separable up to ${s.fresh ? "α′" : "α"} = ${told(walls[3], 1e-5)}` : "";
    if (!columns.length) probe.innerHTML = "<caption>Tick a curve to read its numbers.</caption>";
    else probe.innerHTML = `<caption>At the marker, ${of[s.x].symbol} = ${show(s[s.x])}${bayes}${splits}</caption><thead><tr><td></td>${columns.map((one) => one[0]).join("")}</tr></thead><tbody>${rows.join("")}</tbody>`;
  };

  // ---- knobs
  const toSlider = ({ least, most, log }, value) => Math.round(1000 * Math.min(1, Math.max(0, log ? Math.log(value / least) / Math.log(most / least) : (value - least) / (most - least))));
  const fromSlider = ({ least, most, log }, t) => +(log ? least * (most / least) ** (t / 1000) : least + ((most - least) * t) / 1000).toPrecision(3);
  const knob = ({ key, symbol, meaning }) => `<div class="knob${key === "teacher_lambda" ? " hero" : ""}" data-key="${key}"><label class="symbol" for="x-${key}">${symbol}</label><input type="range" id="x-${key}" min="0" max="1000" step="1" aria-label="${symbol}, ${meaning}"><input type="number" step="any" aria-label="${symbol}, value"><span class="what">${meaning}</span></div>`;
  const choice = (key, label, options) => `<label>${label} <select data-set="${key}">${options.map(([value, text]) => `<option value="${value}">${text}</option>`).join("")}</select></label>`;
  const LOSSES = [["logistic", "logistic"], ["square", "square"]];
  knobs.innerHTML = `${PARAMETERS.slice(0, FIRST).map(knob).join("")}<details><summary>Losses, targets, noise</summary><div class="row">${choice("teacher_loss", "teacher's loss", LOSSES)}${choice("loss", "student's", LOSSES)}${choice("targets", "learns", [["soft", "outputs"], ["hard", "labels"]])}</div>${PARAMETERS.slice(FIRST).map(knob).join("")}</details><details><summary>Axes: what is drawn against what</summary><div class="row">${choice("y", "y", Object.entries(Y))}${choice("x", "x", PARAMETERS.map(({ key, symbol }) => [key, symbol]))}<label>from <input type="number" step="any" data-set="from"></label><label>to <input type="number" step="any" data-set="to"></label><label><input type="checkbox" data-set="log"> logarithmic</label></div></details><div class="row"><button type="button" data-do="sweep">Play λ̃</button><button type="button" data-do="keep">Keep this curve</button><button type="button" data-do="drop">Drop the last</button><button type="button" data-do="reset">Start again</button></div>`;
  legend.innerHTML = [...CURVES.map(([key, text, colour]) => [key, text, `<i style="--c:var(--series-${colour})"></i>`]), ["bayes", "Bayes bound, student's features", `<i class="dashes" style="--c:var(--series-7)"></i>`], ["under", "–", `<i class="faint" style="--c:var(--kept)"></i>`]].map(([key, text, swatch]) => `<label data-curve="${key}"><input type="checkbox" data-set="${key}">${swatch}${text}</label>`).join("");
  deeds.innerHTML = `${[["toml", "Copy as figure.toml"], ["command", "Copy as command"], ["csv", "Copy as CSV"], ["file", "Download CSV"], ["link", "Copy link"]].map(([key, text]) => `<button type="button" data-do="${key}">${text}</button>`).join("")}<span class="copied" role="status"></span>`;
  const fill = () => {
    for (const row of knobs.querySelectorAll(".knob")) {
      const [parameter, value] = [of[row.dataset.key], s[row.dataset.key]];
      const [slider, number] = row.querySelectorAll("input");
      if (+slider.value !== toSlider(parameter, value) && fromSlider(parameter, +slider.value) !== value) slider.value = toSlider(parameter, value);
      slider.setAttribute("aria-valuetext", `${parameter.symbol} = ${value}`);
      if (document.activeElement !== number || (+number.value !== value && number.value)) number.value = field(value);
      const on = s.x === parameter.key;
      row.classList.toggle("on", on);
      row.querySelector(".what").textContent = parameter.meaning + (on ? " (x axis: moves the marker)" : "");
    }
    for (const input of box.querySelectorAll("[data-set]")) {
      const value = s[input.dataset.set];
      if (input.type === "checkbox") input.checked = value;
      else if (document.activeElement !== input || input.type !== "number") input.value = input.type === "number" ? field(value) : value;
    }
    legend.querySelector("[data-curve=under]").hidden = past.x !== s.x || past.y !== s.y || !past.curves.length;
    legend.querySelector("[data-curve=under]").lastChild.data = past.name;
    legend.querySelector("[data-curve=bayes]").hidden = s.y !== "eg";
    knobs.querySelector('[data-do="keep"]').textContent = kept.length ? `Keep this curve (${kept.length})` : "Keep this curve";
    knobs.querySelector('[data-do="drop"]').hidden = !kept.length;
  };
  const set = (changes) => {
    s = { ...s, ...changes };
    trouble = "";
    update();
  };
  let playing = 0;
  const stop = () => {
    cancelAnimationFrame(playing);
    playing = 0;
    knobs.querySelector('[data-do="sweep"]').textContent = "Play λ̃";
  };
  box.addEventListener("input", ({ target }) => {
    stop();
    const row = target.closest(".knob");
    if (row) {
      const parameter = of[row.dataset.key];
      const value = target.type === "range" ? fromSlider(parameter, +target.value) : target.valueAsNumber;
      if (Number.isFinite(value) && value !== s[parameter.key]) turn(parameter.key, value);
      return;
    }
    const key = target.dataset.set;
    if (!key) return;
    const value = target.type === "checkbox" ? target.checked : target.type === "number" ? target.valueAsNumber : target.value;
    if (key === "x") return set({ x: value, ...axis(value) });
    const next = { ...s, [key]: value };
    if (key === "log" && value && !(next.from > 0)) next.from = next.to / 1e4;
    const wrong = disorder(next);
    if (wrong) {
      trouble = `${wrong}.`;
      return redraw();
    }
    set(next);
  });
  // all of a parameter as an axis, and what is wrong with an axis
  const axis = (key) => ({ from: of[key].least, to: of[key].most, log: of[key].log });
  const disorder = ({ from, to, log }) => (!(from < to) ? "“From” has to be less than “to”" : log && !(from > 0) ? "A logarithmic axis has to begin above 0" : "");
  // a field that says nothing valid shows again what holds
  box.addEventListener("focusout", () => {
    trouble = "";
    setTimeout(fill);
    redraw();
  });
  // of the parameter on the x axis only the marker moves
  const turn = (key, value) => {
    if (key !== s.x) return set({ [key]: value });
    s = { ...s, [key]: value };
    update();
  };
  const follow = (event) => {
    if (!area) return;
    const { L, R, W, x0, x1, log } = area;
    const frame = plot.getBoundingClientRect();
    const t = Math.min(1, Math.max(0, (((event.clientX - frame.left) * W) / frame.width - L) / (W - L - R)));
    turn(s.x, +(log ? x0 * (x1 / x0) ** t : x0 + (x1 - x0) * t).toPrecision(3));
  };
  plot.addEventListener("pointerdown", (event) => {
    plot.setPointerCapture(event.pointerId);
    follow(event);
  });
  plot.addEventListener("pointermove", (event) => event.buttons && plot.hasPointerCapture(event.pointerId) && follow(event));

  // ---- copies
  const alphas = () => (s.fresh || s.x === "fresh" ? `[${s.alpha}, ${s.fresh || 1}]` : s.alpha);
  // the stages of a curve, and what in a figure file is called the x of the explorer
  const smooth = (loss) => (loss === "logistic" && s.epsilon ? `smoothing = ${s.epsilon}\n` : "");
  const stages = (name, head = "[[stage]]") => {
    const own = s.fresh || s.x === "fresh";
    const teacher = `${head}\nloss = "${s.teacher_loss}"\nlambda = ${s.teacher_lambda}\n${smooth(s.teacher_loss)}`;
    const student = `${head}\nfeatures = ${s.eta}\nloss = "${s.loss}"\nlambda = ${s.lambda}\n${own ? "data = 2\n" : ""}`;
    if (name === "teacher") return [teacher, { alpha: own ? "alpha@1" : "alpha", teacher_lambda: "lambda", ...(s.teacher_loss === "logistic" ? { epsilon: "smoothing" } : {}) }];
    if (name === "direct") return [student + smooth(s.loss), { [own ? "fresh" : "alpha"]: own ? "alpha@2" : "alpha", lambda: "lambda", eta: "features", ...(s.loss === "logistic" ? { epsilon: "smoothing" } : {}) }];
    const soft = s.targets === "soft" && s.loss === "logistic";
    const targets = `targets = { from = 1, kind = "${s.targets}", chi = ${s.chi}, temperature = ${s.targets === "hard" ? 0 : s.temperature} }\n`;
    return [`${teacher}\n${student}${targets}`, { alpha: own ? "alpha@1" : "alpha", fresh: "alpha@2", teacher_lambda: "lambda@1", lambda: "lambda", eta: "features", chi: "chi", ...(soft ? { temperature: "temperature" } : {}), ...(s.teacher_loss === "logistic" ? { epsilon: "smoothing@1" } : {}) }];
  };
  const world = () => `alpha = ${alphas()}\ndelta = ${s.delta}\nrho = ${s.rho}\nlabel_noise = ${s.label_noise}\n`;
  const lineage = () => `[data]\n${world()}\n${stages("student")[0]}`;
  const papers = () => s.teacher_loss === "logistic" && s.loss === "logistic" && s.targets === "soft" && !s.label_noise && !s.fresh && !["fresh", "label_noise"].includes(s.x);
  const COPIES = {
    toml: () => {
      const xs = shown.xs.filter((x, k) => shown.p[k]?.code !== 2 && (x || s.x !== "fresh"));
      const drawn = visible();
      const common = { delta: "delta", rho: "rho", label_noise: "label_noise" };
      const curves = (drawn.length ? drawn : CURVES.slice(0, 1)).map(([name, label]) => {
        const [text, swept] = stages(name, "[[curve.stage]]");
        return [{ ...common, ...swept }[s.x] ?? "none", (x) => `\n[[curve]]\nid = "${name}"\nlabel = "${label}"\n${x}data = { ${world().trim().replace(/\n/g, ", ")} }\n\n${text}`];
      });
      const first = curves.map(([x]) => x).find((x) => x !== "none") ?? "alpha";
      // figure files draw no V
      const { low, high, tall } = s.y === "v" ? { low: 0, high: 0.5 } : area;
      const y = { v: "eg", s: "S" }[s.y] ?? s.y;
      return [`id = "explored"\ntitle = "Explored"\ncaption = "${of[s.x].symbol}, ${of[s.x].meaning}."\n\n[x]\nparameter = "${first}"\nrange = [${xs[0]}, ${xs.at(-1)}]\npoints = ${xs.length}\n${s.log ? 'scale = "log"\n' : ""}\n[[panel]]\ny = "${y}"\nrange = [${plain(low)}, ${plain(high)}]\n${tall ? 'scale = "log"\n' : ""}${curves.map(([x, text]) => text(x === first ? "" : `x = "${x}"\n`)).join("")}`, `as figures/explored/figure.toml${s.y === "v" ? ", with the test error, as figure files draw no V" : ""}; a text.md belongs to it (redistill new figure explored makes both)`];
    },
    command: () => {
      if (!papers()) return [`cat > lineage.toml <<'END'\n${lineage()}END\nredistill solve --lineage lineage.toml\n`, "as a command at the marker"];
      const flags = ["alpha", "eta", "delta", "rho", "teacher_lambda", "epsilon", "lambda", "chi", "temperature"].map((key) => `--${key.replace("_", "-")} ${s[key]}`);
      return [`redistill solve --learner distilled ${flags.join(" ")}`, "as a command at the marker"];
    },
    csv: () => {
      const stage = (one, k) => (one?.a ? ["eg", "m", "q", "b", "v", ...(k ? ["s"] : []), "error"].map((key) => one.a[1 + STAGE * k + AT[key]]) : Array(k ? 7 : 6).fill("")).map((value) => (Number.isNaN(value) ? "" : value)).concat(!one ? "" : one.code === 2 ? `"refused: ${one.why.replace(/"/g, "")}"` : one.a[1 + STAGE * k + AT.status] ? "not converged" : one.certified ? "converged" : "sketch");
      const names = (who, k) => ["eg", "m", "q", "b", "v", ...(k ? ["s"] : []), "error", "status"].map((key) => `${who}_${key}`);
      const head = [shown.x, ...names("student", 1), ...names("teacher", 0), ...(shown.direct ? names("direct", 0) : [])];
      const rows = shown.xs.map((x, k) => [x, ...stage(shown.p[k], 1), ...stage(shown.p[k], 0), ...(shown.direct ? stage(shown.d[k], 0) : [])]);
      return [[head, ...rows].map((row) => row.join(",")).join("\n") + "\n", `as CSV, ${rows.length} rows`];
    },
    link: () => [location.href.split("#")[0] + address(), "as a link"],
  };
  const copied = deeds.querySelector(".copied");
  const copy = async (text, words) => {
    copied.textContent = `${(await page.copy(text)) ? "Copied" : "Not copied"} ${words}.`;
  };
  const DEEDS = {
    reset: () => {
      kept.length = 0;
      set(START);
    },
    keep: () => {
      if (!shown) return;
      kept.push({ x: shown.x, y: s.y, curves: visible().map(([name, , colour]) => ({ colour, at: values(name) })) });
      fill();
      redraw();
    },
    drop: () => {
      kept.pop();
      fill();
      redraw();
    },
    sweep: () => {
      if (playing) return stop();
      // beyond it the teacher always guesses the larger class
      const [least, most] = [of.teacher_lambda.least, 0.3];
      const since = performance.now();
      knobs.querySelector('[data-do="sweep"]').textContent = "Stop";
      const step = (time) => {
        const t = Math.min(1, Math.max(0, (time - since) / 7000));
        const value = +(least * (most / least) ** t).toPrecision(2);
        if (value !== s.teacher_lambda && (t === 1 || now && (shown === now || now.open === 0))) set({ teacher_lambda: value });
        if (t < 1) playing = requestAnimationFrame(step);
        else stop();
      };
      playing = requestAnimationFrame(step);
    },
    file: () => {
      page.save(new Blob([COPIES.csv()[0]], { type: "text/csv" }), "explored.csv");
      copied.textContent = "Saved explored.csv.";
    },
  };
  box.addEventListener("click", ({ target }) => {
    const name = target.closest("[data-do]")?.dataset.do;
    if (!name) return;
    if (COPIES[name]) copy(...COPIES[name]());
    else DEEDS[name]();
  });
  knobs.addEventListener("submit", (event) => event.preventDefault());

  // ---- the address
  const address = () => {
    const parts = Object.entries(s).filter(([key, value]) => value !== START[key]).map(([key, value]) => `${key}=${value}`);
    return `#explore?${parts.join("&")}`;
  };
  let saving = 0;
  const save = () => {
    clearTimeout(saving);
    saving = setTimeout(() => {
      const next = address();
      if (next !== location.hash && (next !== "#explore?" || mine())) history.replaceState(null, "", next);
    }, 250);
  };
  const read = (given) => {
    const x = given.x in of ? given.x : START.x;
    const next = { ...START, ...axis(x), x };
    for (const [key, value] of Object.entries(given)) {
      if (!(key in START) || value === null) continue;
      const kind = typeof START[key];
      const taken = kind === "number" ? Number(value) : kind === "boolean" ? String(value) === "true" : String(value);
      const known = key === "x" ? of[taken] : key === "y" ? Y[taken] : key.endsWith("loss") ? /^(logistic|square)$/.test(taken) : key === "targets" ? /^(soft|hard)$/.test(taken) : true;
      if (known && (kind !== "number" || Number.isFinite(taken))) next[key] = taken;
    }
    if (disorder(next)) Object.assign(next, axis(x));
    return next;
  };
  const mine = () => /^#explore(\?|$)/.test(location.hash);
  const load = () => {
    if (!mine()) return false;
    const given = Object.fromEntries(new URLSearchParams(decodeURIComponent(location.hash).split("?")[1] ?? ""));
    s = read(given);
    const lost = Object.entries(given).filter(([key, value]) => s[key] != value && String(s[key]) !== value);
    trouble = lost.length ? `Not understood: ${lost.map((one) => one.join("=")).join(", ")}.` : "";
    return true;
  };
  const title = root.querySelector("h2");
  title.tabIndex = -1;
  const come = () => {
    title.focus({ preventScroll: true });
    root.scrollIntoView({ block: "start", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth" });
  };
  window.redistillExplore = (given) => {
    s = read(given);
    trouble = "";
    update();
    come();
  };
  addEventListener("hashchange", () => {
    if (location.hash !== address() && load()) {
      update();
      come();
    }
  });
  document.addEventListener("click", ({ target }) => {
    const button = target.closest?.("[data-explore]");
    if (!button) return;
    // back leads to the figure
    history.replaceState(null, "", `#${button.closest("[id]").id}`);
    s = read(JSON.parse(button.dataset.explore));
    history.pushState(null, "", address());
    set({});
    come();
  });

  const linked = load();
  box.hidden = false;
  fill();
  new ResizeObserver(redraw).observe(plot);
  hire().then(update, fail);
  if (linked) document.readyState === "complete" ? root.scrollIntoView() : addEventListener("load", () => root.scrollIntoView());
})();
