// Drawings that answer: numbers under pointer and keys, curves switched by their legend, zoom. What is drawn is the
// drawing itself, its paths moved.
(() => {
  const { say, both } = numbers;
  const { panel, vertices, ticks } = panels;
  const SVG = "http://www.w3.org/2000/svg";
  const FINE = 40; // canvas units to a displayed pixel
  const [NEAR, DRAG, STEP, MOST] = [36, 8, 40, 500];
  const tip = document.getElementById("tip");
  const make = (name, attributes, parent) => {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    parent?.append(element);
    return element;
  };
  const ordinates = { theory: "theory", experiment: "mean", measured: "measured", published: "print", "printed-points": "printed", residual: "z" };

  const begin = (plot) => {
    const svg = plot.querySelector("svg");
    const home = plot.closest(".card, .stage");
    const card = document.getElementById(plot.dataset.figure);
    const about = JSON.parse(card.querySelector(".about-plot").textContent);
    const panels = [...svg.querySelectorAll(".plane")].map(panel);
    const curve = (id) => about.curves.find((known) => known.id === id) ?? { label: id, symbol: "x" };
    let places = null;
    const ready = async () => (places ??= await numbers.of(plot.dataset.figure, about));

    svg.setAttribute("role", "group");
    plot.tabIndex = 0;
    plot.setAttribute("role", "group");
    plot.setAttribute("aria-label", `${plot.dataset.name}: arrow keys read the numbers, plus and minus zoom, zero resets, with Shift arrow keys move what is zoomed`);

    // what can be read in a panel: its places on the series that are drawn
    const targets = (one, at) => {
      const series = [...one.element.querySelectorAll(".series")].filter((group) => getComputedStyle(group).display !== "none");
      const roles = series.map((group) => [group.dataset.curve, ordinates[[...group.classList].find((name) => name in ordinates)]]);
      return roles.flatMap(([id, name]) =>
        places
          .filter((place) => place.curve === id && place.column === about.panels[at].column && name in place)
          .map((place) => ({ place, name, x: one.at("x", place.x), y: one.at("y", place[name]) }))
          .filter(({ x, y }) => one.holds(x, y)),
      );
    };
    const words = ({ place }) => {
      const { label, symbol } = curve(place.curve);
      const lines = [label, `${symbol} = ${say(place.x)}`];
      if ("theory" in place) lines.push(`theory ${say(place.theory)}`);
      for (const [name, word] of [["mean", "simulation"], ["measured", "measured"]])
        if (name in place) lines.push(`${word} ${both(place[name], place.error)}${"z" in place ? `, z = ${place.z.toFixed(2).replace("-", "−")}` : ""}`);
      if ("print" in place) lines.push(`printed curve ${say(place.print)}`);
      if ("printed" in place) lines.push(`printed point ${say(place.printed)}${"bar" in place ? `, bar ± ${say(place.bar)}` : ""}`);
      return lines.join("\n");
    };
    let [cursor, again] = [null, null];
    // the place around which the drawing is zoomed: what was read by keys, clicked or touched
    let chosen = null;
    const back = (axis, at) => axis.shown[0] + ((at - axis.from) / (axis.to - axis.from)) * (axis.shown[1] - axis.shown[0]);
    const choose = (one, { x, y }) => (chosen = { one, x: back(one.x, x), y: back(one.y, y) });
    const hide = () => {
      cursor?.remove();
      cursor = null;
      tip.hidden = true;
    };
    const show = (one, target, byKeys = false) => {
      hide();
      again = byKeys ? () => show(one, target, true) : hide;
      if (byKeys) choose(one, target);
      cursor = make("g", { class: "cursor" }, one.element);
      make("path", { d: `M${target.x} ${one.top}V${one.top + one.height}` }, cursor);
      make("circle", { cx: target.x, cy: target.y, r: 7 }, cursor);
      tip.textContent = words(target);
      tip.hidden = false;
      const box = cursor.lastChild.getBoundingClientRect();
      const size = tip.getBoundingClientRect();
      const right = box.right + 10 + size.width < innerWidth - 8;
      const left = right ? box.right + 10 : Math.max(8, Math.min(box.left - size.width - 10, innerWidth - size.width - 8));
      tip.style.left = `${left}px`;
      tip.style.top = `${Math.min(Math.max(8, box.top - size.height / 2), innerHeight - size.height - 8)}px`;
    };

    const inside = (event) => {
      for (const [at, one] of panels.entries()) {
        const matrix = one.element.getScreenCTM();
        const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(matrix.inverse());
        if (one.holds(point.x, point.y)) return { one, at, point, unit: matrix.a };
      }
      return null;
    };
    let drag = null;
    const move = (event) => {
      const here = inside(event);
      if (drag) {
        const [x, y] = [event.clientX, event.clientY];
        const point = new DOMPoint(x, y).matrixTransform(drag.one.element.getScreenCTM().inverse());
        if (drag.pan) {
          for (const [axis, name] of [[drag.one.x, "x"], [drag.one.y, "y"]]) {
            const [low, high] = drag[name];
            const shift = ((drag.start[name] - point[name]) / (axis.to - axis.from)) * (high - low);
            within(axis, [low + shift, high + shift]);
          }
          return redraw();
        }
        const clamp = (value, low, high) => Math.min(Math.max(value, low), high);
        drag.end = { x: clamp(point.x, drag.one.left, drag.one.left + drag.one.width), y: clamp(point.y, drag.one.top, drag.one.top + drag.one.height) };
        const [a, b] = [drag.start, drag.end];
        drag.frame ??= make("rect", { class: "frame" }, drag.one.element);
        for (const [name, value] of [["x", Math.min(a.x, b.x)], ["y", Math.min(a.y, b.y)], ["width", Math.abs(a.x - b.x)], ["height", Math.abs(a.y - b.y)]]) drag.frame.setAttribute(name, value);
        return;
      }
      if (!here || !places) return hide();
      const found = targets(here.one, here.at).map((target) => ({ target, far: Math.hypot(target.x - here.point.x, target.y - here.point.y) - (target.name === "mean" || target.name === "z" ? 4 : 0) }));
      const best = found.reduce((one, other) => (other.far < one.far ? other : one), { far: NEAR });
      if (best.target) show(here.one, best.target);
      else hide();
    };
    let last = null;
    plot.addEventListener("pointermove", (event) => {
      last = event;
      if (places || drag) move(event);
      else ready().then(() => last && move(last));
    });
    plot.addEventListener("pointerleave", (event) => {
      last = null;
      // a finger leaves when it lifts; what it read stays
      if (!drag && event.pointerType === "mouse") hide();
    });
    plot.addEventListener("blur", hide);
    addEventListener("scroll", () => cursor && again(), { passive: true });

    // keys: along a curve, and from curve to curve through all panels
    let place = null;
    const walk = (key) => {
      const lanes = panels.flatMap((one, at) => {
        const all = targets(one, at);
        return [...new Set(all.map((target) => target.place.curve))].map((id) => ({ one, id, all: all.filter((target) => target.place.curve === id) }));
      });
      if (!lanes.length) return;
      const [lane, x] = place ?? [0, -Infinity];
      const across = { ArrowUp: -1, ArrowDown: 1 }[key] ?? 0;
      const next = lanes[(lane + across + lanes.length) % lanes.length];
      const main = ["mean", "z", "theory", "print", "printed"].find((name) => next.all.some((target) => target.name === name));
      const line = next.all.some((target) => target.name === "theory") ? "theory" : main;
      const stops = next.all.filter((target) => target.name === line || "mean" in target.place).sort((one, other) => one.x - other.x);
      const pace = next.one.width / STEP;
      const ahead = key === "ArrowLeft" ? [...stops].reverse() : stops;
      const gone = (target) => (key === "ArrowLeft" ? x - target.x : target.x - x);
      const found = across || place === null
        ? stops.reduce((one, other) => (Math.abs(other.x - x) < Math.abs(one.x - x) ? other : one))
        : ahead.find((target) => gone(target) > 0.5 && ("mean" in target.place || gone(target) >= pace)) ?? ahead.at(-1);
      place = [lanes.indexOf(next), found.x];
      show(next.one, found, true);
    };
    plot.addEventListener("keydown", async (event) => {
      if (event.target !== plot || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key.startsWith("Arrow")) {
        event.preventDefault();
        if (event.shiftKey) return pan({ ArrowLeft: -0.25, ArrowRight: 0.25 }[event.key] ?? 0, { ArrowUp: 0.25, ArrowDown: -0.25 }[event.key] ?? 0);
        await ready();
        walk(event.key);
      } else if (event.key === "Escape") hide();
      else if (["+", "=", "-", "0"].includes(event.key)) {
        const here = last && inside(last);
        if (here) choose(here.one, here.point);
        zoom({ "+": "in", "=": "in", "-": "out", 0: "reset" }[event.key]);
      }
    });

    // zoom: the paths of the data are moved, the grid and its numbers are drawn anew
    let shapes = null;
    const take = () => panels.map((one) => {
      const data = one.element.querySelector(".data");
      const id = `${svg.id}-clip-${panels.indexOf(one)}`;
      const clip = make("clipPath", { id }, one.element);
      make("rect", { x: one.left * FINE, y: one.top * FINE, width: one.width * FINE, height: one.height * FINE }, clip);
      const lines = [...data.querySelectorAll("path")].filter((path) => !path.closest(".point, .hit")).map((path) => ({ path, d: path.getAttribute("d"), reference: !path.closest(".series"), points: vertices(path.getAttribute("d")) }));
      const points = [...data.querySelectorAll(".point")].map((element) => {
        const disc = element.querySelector("circle");
        if (disc) return { element, x: Number(disc.getAttribute("cx")), y: Number(disc.getAttribute("cy")) };
        const corners = vertices(element.querySelector("path").getAttribute("d"));
        const [xs, ys] = [0, 1].map((k) => corners.map((corner) => corner[k]));
        const [low, high] = [Math.min(...ys), Math.max(...ys)];
        // a triangle's point is not in the middle of its box
        const share = corners.length !== 3 ? 0.5 : corners[0][1] === low ? 1.3 / 2.2 : 0.9 / 2.2;
        return { element, x: (Math.min(...xs) + Math.max(...xs)) / 2, y: low + share * (high - low) };
      });
      return { data, id, lines, points };
    });
    const redraw = () => {
      hide();
      shapes ??= take();
      const moved = panels.some((one) => one.x.shown.join() !== one.x.whole.join() || one.y.shown.join() !== one.y.whole.join());
      plot.classList.toggle("zoomed", moved);
      panels.forEach((one, at) => {
        const { data, id, lines, points } = shapes[at];
        one.element.querySelector(".fresh")?.remove();
        if (!moved) {
          data.removeAttribute("clip-path");
          for (const { path, d } of lines) path.setAttribute("d", d);
          for (const { element } of points) element.removeAttribute("transform");
          return;
        }
        const map = ({ whole, shown, from, to }) => {
          const scale = (whole[1] - whole[0]) / (shown[1] - shown[0]);
          const shift = ((whole[0] - shown[0]) / (shown[1] - shown[0])) * (to - from);
          return (at) => FINE * (from + shift + scale * (at / FINE - from));
        };
        const [mx, my] = [map(one.x), map(one.y)];
        data.setAttribute("clip-path", `url(#${id})`);
        for (const { path, reference, points: old } of lines) {
          const flat = old.every((point) => point[1] === old[0][1]);
          const upright = old.every((point) => point[0] === old[0][0]);
          const middle = (old[0][0] + old.at(-1)[0]) / 2;
          // the cap of an error bar keeps its length
          const cap = flat && !reference && Math.abs(old[0][0] - old.at(-1)[0]) < 300;
          const place = ([x, y]) => [reference && flat ? x : cap ? mx(middle) + x - middle : mx(x), reference && upright ? y : my(y)];
          path.setAttribute("d", `M${old.map((point) => place(point).map((value) => value.toFixed(1)).join(" ")).join("L")}`);
        }
        for (const { element, x, y } of points) element.setAttribute("transform", `translate(${mx(x) - x} ${my(y) - y})`);
        const fresh = make("g", { class: "fresh" }, null);
        one.element.prepend(fresh);
        for (const [value, label] of ticks(one.x)) {
          const x = one.left + ((value - one.x.shown[0]) / (one.x.shown[1] - one.x.shown[0])) * one.width;
          make("path", { d: `M${x} ${one.top}v${one.height}` }, fresh);
          make("text", { x, y: one.top + one.height + 19, "text-anchor": "middle" }, fresh).textContent = label;
        }
        for (const [value, label] of ticks(one.y)) {
          const y = one.top + one.height - ((value - one.y.shown[0]) / (one.y.shown[1] - one.y.shown[0])) * one.height;
          make("path", { d: `M${one.left} ${y}h${one.width}` }, fresh);
          make("text", { x: one.left - 9, y: y + 4.7, "text-anchor": "end" }, fresh).textContent = label;
        }
      });
    };
    const within = (axis, [low, high]) => {
      const span = Math.min(Math.max(high - low, (axis.whole[1] - axis.whole[0]) / MOST), axis.whole[1] - axis.whole[0]);
      const middle = (low + high) / 2;
      const start = Math.min(Math.max(middle - span / 2, axis.whole[0]), axis.whole[1] - span);
      axis.shown = span === axis.whole[1] - axis.whole[0] ? [...axis.whole] : [start, start + span];
    };
    const pan = (right, up) => {
      for (const one of panels)
        for (const [axis, share] of panels.length > 1 ? [[one.x, right]] : [[one.x, right], [one.y, up]]) {
          const step = share * (axis.shown[1] - axis.shown[0]);
          within(axis, axis.shown.map((value) => value + step));
        }
      redraw();
    };
    const zoom = (how) => {
      // several panels have nothing in common but their x
      for (const one of panels)
        for (const axis of panels.length > 1 && how !== "reset" ? [one.x] : [one.x, one.y]) {
          const [low, high] = axis.shown;
          const part = { in: 0.6, out: 1 / 0.6 }[how];
          const own = chosen?.[axis === one.x ? "x" : "y"];
          const fixed = (chosen?.one === one || axis === one.x) && own >= low && own <= high ? own : (low + high) / 2;
          if (how === "reset") axis.shown = [...axis.whole];
          else within(axis, [fixed - (fixed - low) * part, fixed + (high - fixed) * part]);
        }
      if (how === "reset") chosen = null;
      redraw();
    };
    plot.zoom = zoom;
    plot.addEventListener("pointerdown", (event) => {
      // a finger reads where it rests and scrolls where it moves
      if (event.pointerType !== "mouse") ready().then(() => move(event));
      const seen = inside(event);
      if (seen) choose(seen.one, seen.point);
      const here = event.pointerType === "mouse" && event.button === 0 && !event.target.closest("[role=switch]") && seen;
      if (!here) return;
      event.preventDefault();
      plot.focus({ preventScroll: true });
      // what is zoomed is moved by dragging; with Shift, as before, a part of it is chosen
      const pan = plot.classList.contains("zoomed") && !event.shiftKey;
      drag = { one: here.one, start: here.point, pan, x: here.one.x.shown, y: here.one.y.shown };
      plot.setPointerCapture(event.pointerId);
      hide();
    });
    const drop = () => {
      const done = drag;
      drag = null;
      done?.frame?.remove();
      if (!done?.end || Math.abs(done.end.x - done.start.x) < DRAG || Math.abs(done.end.y - done.start.y) < DRAG) return;
      for (const [axis, a, b] of [[done.one.x, done.start.x, done.end.x], [done.one.y, done.start.y, done.end.y]]) within(axis, [back(axis, a), back(axis, b)].sort((one, other) => one - other));
      redraw();
    };
    plot.addEventListener("pointerup", drop);
    plot.addEventListener("pointercancel", drop);
    plot.addEventListener("dblclick", () => zoom("reset"));

    // the legend switches its curves, in every drawing of the card; under it the same for fingers
    const row = document.createElement("p");
    row.className = "switches";
    plot.after(row);
    for (const entry of svg.querySelectorAll(".entry[data-curve]")) {
      const name = about.curves.find((one) => one.id === entry.dataset.curve.split(" ")[0])?.label ?? entry.textContent;
      for (const [key, value] of [["role", "switch"], ["tabindex", 0], ["aria-checked", true], ["aria-label", `Show ${name}`]]) entry.setAttribute(key, value);
      const flip = (event) => {
        event.preventDefault();
        event.stopPropagation();
        const off = entry.getAttribute("aria-checked") === "true";
        hide();
        for (const id of entry.dataset.curve.split(" ")) {
          for (const group of home.querySelectorAll(`.series[data-curve="${CSS.escape(id)}"]`)) group.classList.toggle("gone", off);
          for (const other of home.querySelectorAll(`[role=switch][data-curve~="${CSS.escape(id)}"]`)) {
            other.classList.toggle("gone", off);
            other.setAttribute("aria-checked", !off);
          }
        }
      };
      // a click is not to leave a frame around the entry
      entry.addEventListener("mousedown", (event) => event.preventDefault());
      entry.addEventListener("click", flip);
      const button = document.createElement("button");
      for (const [key, value] of [["type", "button"], ["role", "switch"], ["aria-checked", true], ["data-curve", entry.dataset.curve]]) button.setAttribute(key, value);
      button.textContent = name;
      button.addEventListener("click", flip);
      row.append(button);
      entry.addEventListener("keydown", (event) => (event.key === "Enter" || event.key === " ") && flip(event));
    }
    // the browser's own tips would stand beside ours
    svg.querySelectorAll(".point > title").forEach((title) => title.remove());
  };

  for (const plot of document.querySelectorAll(".plot[data-figure]")) begin(plot);
  document.addEventListener("click", (event) => {
    const button = event.target.closest?.("[data-zoom]");
    const shown = [...(button?.closest(".drawing").querySelectorAll(".plot") ?? [])].find((plot) => plot.checkVisibility());
    shown?.zoom?.(button.dataset.zoom);
  });
})();
