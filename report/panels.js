// The panels of a drawing read back: their axes, the ticks of these, and the points of a path.
const panels = (() => {
  // one panel of a drawing: its axes, what they show now, and the way from numbers to its coordinates
  const panel = (element) => {
    const list = (name) => element.getAttribute(name).split(" ");
    const [left, top, width, height] = list("data-area").map(Number);
    const axis = (name, from, to) => {
      const [low, high, scale] = list(name);
      const into = scale === "log" ? Math.log10 : (value) => value;
      const whole = [into(Number(low)), into(Number(high))];
      return { scale, into, whole, shown: [...whole], from, to };
    };
    const one = { element, left, top, width, height, x: axis("data-x", left, left + width), y: axis("data-y", top + height, top) };
    one.at = (direction, value) => {
      const { into, shown, from, to } = one[direction];
      return from + ((into(value) - shown[0]) / (shown[1] - shown[0])) * (to - from);
    };
    one.holds = (x, y) => x >= left - 1 && x <= left + width + 1 && y >= top - 1 && y <= top + height + 1;
    return one;
  };

  const vertices = (d) => {
    const points = [];
    let [x, y] = [0, 0];
    for (const [, letter, tail] of d.matchAll(/([MLlhv])([^A-Za-z]*)/g)) {
      const [a, b] = (tail.match(/-?[\d.]+/g) ?? []).map(Number);
      if (letter === "M" || letter === "L") [x, y] = [a, b];
      else if (letter === "l") [x, y] = [x + a, y + b];
      else if (letter === "h") x += a;
      else y += a;
      points.push([x, y]);
    }
    return points;
  };

  const ticks = ({ scale, shown: [low, high] }) => {
    if (scale === "log" && high - low > 1.2) {
      const every = Math.ceil((high - low) / 7);
      return Array.from({ length: 60 }, (_, k) => (k - 30) * every).filter((power) => power >= low && power <= high).map((power) => [power, `10${[...String(power)].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c])).join("")}`]);
    }
    const [from, to] = scale === "log" ? [10 ** low, 10 ** high] : [low, high];
    const rough = (to - from) / 5;
    const unit = 10 ** Math.floor(Math.log10(rough));
    const step = [1, 2, 5, 10].map((k) => k * unit).find((size) => size >= rough);
    const first = Math.ceil(from / step - 1e-9);
    return Array.from({ length: Math.floor(to / step + 1e-9) - first + 1 }, (_, k) => (first + k) * step).map((value) => [scale === "log" ? Math.log10(value) : value, scale === "log" ? numbers.say(value) : value.toFixed(Math.max(0, -Math.floor(Math.log10(step) + 1e-9))).replace("-", "−")]);
  };
  return { panel, vertices, ticks };
})();
