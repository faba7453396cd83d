// A dot for the median and a line from the 5th to the 95th percentile, by company.
function intervals(rows, { width, label, options }) {
  const shown = rows.filter((row) => row.company !== options.total);
  const names = shown.map((row) => row.company);
  const column = labelColumn(names, width);
  return Plot.plot(setting(width, 26 * shown.length + 44, label, {
    marginLeft: column, marginRight: 18, marginTop: 6, marginBottom: 30,
    x: { domain: domain(shown.map((row) => row.p95)), nice: true, label: null },
    y: { domain: names, label: null, type: "band", padding: 0.2 },
    marks: [
      ...valueAxis(width - column, shown.every((row) => !(row.p95 > 0))),
      labelAxis(names, column),
      Plot.ruleX([0], { stroke: SOFT }),
      Plot.link(shown, {
        x1: "p5", x2: "p95", y1: "company", y2: "company", stroke: INK, strokeWidth: 1.4, strokeOpacity: 0.75,
      }),
      Plot.dot(shown, { x: "med", y: "company", r: 4, fill: "var(--fan)" }),
      Plot.tip(shown, Plot.pointerY({
        x: "med", y: "company", fontSize: FONT,
        title: (row) => `${row.company}\nmedian ${exact(row.med)}\nmean ${exact(row.mean)}\n5–95 %: ${range(row)}`,
      })),
    ],
  }));
}
