// The numbers behind the drawings, from the tables that the page carries, and how they are told.
const numbers = (() => {
  const say = (value) => {
    if (value === 0 || (Math.abs(value) >= 1e-4 && Math.abs(value) < 1e5)) return String(Number(value.toPrecision(5))).replace("-", "−");
    const [mantissa, power] = value.toExponential(2).split("e");
    return `${mantissa}·10${[...String(Number(power))].map((c) => (c === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[c])).join("")}`.replace("-", "−");
  };

  // a value and its error, to the same last place
  const both = (value, error) => {
    const places = error > 0 ? 1 - Math.floor(Math.log10(error)) : -1;
    return places < 0 || places > 8 ? `${say(value)} ± ${say(error ?? NaN)}` : `${value.toFixed(places)} ± ${error.toFixed(places)}`.replace("-", "−");
  };

  // the numbers of a figure: one place a curve, column and x, with all that is known there
  const known = new Map();
  const rows = async (figure, kind) => {
    const [head, ...lines] = (await page.table(figure, kind)).trim().split("\n");
    const names = head.split(",");
    return lines.map((line) => Object.fromEntries(line.split(",").map((cell, at) => [names[at], cell])));
  };
  const of = (figure, about) => {
    const read = async () => {
      const places = new Map();
      const put = (row, column, values) => {
        const key = `${row.curve} ${column} ${Number(row.x)}`;
        const place = places.get(key) ?? { curve: row.curve, column, x: Number(row.x) };
        for (const [name, text] of Object.entries(values)) if (text) place[name] = Number(text);
        places.set(key, place);
      };
      const columns = [...new Set(about.panels.map((panel) => panel.column))];
      for (const row of await rows(figure, "theory")) for (const column of columns) put(row, column, { theory: row[column] });
      for (const row of await rows(figure, "agreement")) put(row, row.observable, { theory: row.theory, mean: row.mean, error: row.standard_error, z: row.z });
      for (const row of await rows(figure, "measured")) put(row, "eg", { theory: row.theory, measured: row.measured, error: row.standard_error, z: row.z });
      for (const row of await rows(figure, "published")) put(row, row.column, { print: row.published });
      for (const row of await rows(figure, "printed_points")) put(row, row.column, { printed: row.printed, bar: row.bar });
      return [...places.values()].sort((one, other) => one.x - other.x);
    };
    if (!known.has(figure)) known.set(figure, read());
    return known.get(figure);
  };
  return { of, say, both };
})();
