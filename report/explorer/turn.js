// The explorer turned: knobs, copies, the address.
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
    if (!shown || !visible().length) return;
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
