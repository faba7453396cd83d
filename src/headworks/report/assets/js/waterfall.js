// From the first stock to the last: each gap hangs where the stock before it ends.
const FILLS = { stock: "var(--total)", gap: "var(--gap)", paper: "var(--paper)" };

function levels(rows) {
  let level = 0;
  return rows.map((row) => {
    const stock = row.part !== "gap";
    const start = stock ? 0 : level;
    const end = stock ? row.mean : level - row.mean;
    level = end;
    const reach = stock ? row.p5 : start - row.p95;
    const low = Math.max(0, reach);
    const high = Math.max(0, stock ? row.p95 : start - row.p5);
    return { ...row, start, end, low, high, stock, cut: reach < 0 };
  });
}

function waterfall(rows, { width, label }) {
  const bars = levels(rows);
  const names = bars.map((row) => row.step);
  const column = labelColumn(names, width);
  const reach = bars.flatMap((row) => [row.start, row.end, row.low, row.high]);
  const right = (row) => Math.max(row.start, row.end, row.high);
  return Plot.plot(setting(width, 40 * bars.length + 40, label, {
    marginLeft: column, marginRight: 52, marginTop: 6, marginBottom: 30,
    x: { domain: domain(reach), label: null },
    y: { domain: names, label: null, padding: 0.35 },
    marks: [
      ...valueAxis(width - column),
      labelAxis(names, column),
      Plot.barX(bars, {
        x1: "start", x2: "end", y: "step", fill: (row) => FILLS[row.part],
        stroke: (row) => (row.part === "paper" ? "var(--approved)" : "none"),
      }),
      ...whisker(bars, (row) => row.low, (row) => row.high, "step"),
      Plot.ruleX([0], { stroke: SOFT }),
      Plot.text(bars, {
        x: right, y: "step", text: (row) => rough(row.stock ? row.mean : 0 - row.mean),
        textAnchor: "start", dx: 6, fill: INK, fontWeight: 600,
      }),
      Plot.tip(bars, Plot.pointerY({
        x: right, y: "step", fontSize: FONT,
        title: (row) => `${row.step}\nmean ${exact(row.mean)}\nmedian ${exact(row.med)}\n5–95 %: ${range(row)}`,
      })),
    ],
  }));
}
