// What is ordered when: a row for each line, a cell for each month, the fuller the more.
function calendar(rows, { width, label, options }) {
  const names = [...new Set(rows.map((row) => row[options.label]))];
  const months = [...new Set(rows.map((row) => +row.month))].sort((a, b) => a - b);
  const column = labelColumn(names, width);
  const cell = (width - column - 14) / months.length;
  const most = Math.max(...rows.map((row) => row[options.value]), 0);
  const some = rows.filter((row) => row[options.value] > 0);
  const full = (row) => 0.15 + 0.85 * Math.sqrt(row[options.value] / most);
  const every = Math.max(1, Math.ceil(34 / cell));
  return Plot.plot(setting(width, 34 * names.length + 40, label, {
    marginLeft: column, marginRight: 14, marginTop: 4, marginBottom: 34,
    x: { type: "band", domain: months, label: null, padding: 0.06 },
    y: { type: "band", domain: names, label: null, padding: 0.12 },
    marks: [
      Plot.axisX(months.filter((_, number) => number % every === 0), { tickFormat: monthShort, tickSize: 0, lineHeight: 1.1 }),
      labelAxis(names, column),
      Plot.cell(rows, { x: (row) => +row.month, y: options.label, fill: "var(--tint)" }),
      Plot.cell(some.filter((row) => row[options.sure] === "now"), {
        x: (row) => +row.month, y: options.label, fill: "var(--fan)", fillOpacity: full,
      }),
      Plot.cell(some.filter((row) => row[options.sure] !== "now"), {
        x: (row) => +row.month, y: options.label, fill: "var(--gap)", fillOpacity: full,
      }),
      ...(cell < 30 ? [] : [Plot.text(some, {
        x: (row) => +row.month, y: options.label, text: (row) => rough(row[options.value]), fill: INK,
        stroke: "var(--paper)", strokeWidth: 3,
      })]),
      Plot.tip(some, Plot.pointer({
        x: (row) => +row.month, y: options.label, fontSize: FONT,
        title: (row) => `${row[options.label]}\n${month(row.month)}: ${exact(row[options.value])}\n` +
          (row[options.sure] === "now" ? "decided now" : `decided then: ${exact(row.least)} to ${exact(row.most)}`),
      })),
    ],
  }));
}
