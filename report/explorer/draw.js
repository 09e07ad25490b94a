// The explorer drawn: curves, what lies underneath, the numbers at the marker.
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
