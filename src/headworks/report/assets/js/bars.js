// Horizontal bars of means with whiskers from the 5th to the 95th percentile.
function bars(rows, { width, label, options }) {
  const key = options.label ?? "gate";
  const names = rows.map((row) => row[key]);
  const column = labelColumn(names, width);
  const right = (row) => Math.max(row.mean, row.p95, 0);
  const reach = rows.flatMap((row) => [row.mean, row.p5, row.p95]);
  return Plot.plot(setting(width, 30 * rows.length + 40, label, {
    marginLeft: column, marginRight: 52, marginTop: 6, marginBottom: 30,
    x: { domain: domain(reach), label: null },
    y: { domain: names, label: null, padding: 0.3 },
    marks: [
      ...valueAxis(width - column, reach.every((value) => value === 0)),
      labelAxis(names, column),
      Plot.barX(rows, {
        x: "mean", y: key, fill: (row) => (row[key] === options.total ? "var(--total)" : "var(--gap)"),
      }),
      ...whisker(rows, (row) => row.p5, (row) => row.p95, key),
      Plot.ruleX([0], { stroke: SOFT }),
      Plot.text(rows, {
        x: right, y: key, text: (row) => rough(row.mean), textAnchor: "start", dx: 6, fill: INK, fontWeight: 600,
      }),
      Plot.tip(rows, Plot.pointerY({
        x: right, y: key, fontSize: FONT,
        title: (row) => `${row[key]}\nmean ${exact(row.mean)}\nmedian ${exact(row.med)}\n5–95 %: ${range(row)}`,
      })),
    ],
  }));
}

// Stacked bars of two shares of a whole, with the name of each above it.
function shares(rows, { width, label }) {
  const parts = rows.flatMap((row) => [
    { ...row, side: "imported", part: 1 - (row.share ?? 0), start: 0 },
    { ...row, side: "domestic", part: row.share ?? 0, start: 1 - (row.share ?? 0) },
  ]);
  const fill = (row) => (row.side === "imported" ? "var(--c1)" : "var(--c2)");
  return Plot.plot(setting(width, 50 * rows.length + 32, label, {
    marginLeft: 16, marginRight: 24, marginTop: 4, marginBottom: 28,
    x: { domain: [0, 1], label: null }, y: { domain: rows.map((row) => row.measure), label: null, axis: null, padding: 0 },
    marks: [
      Plot.axisX({ ticks: 5, tickFormat: percent, tickSize: 0 }),
      Plot.barX(parts, { x1: "start", x2: (row) => row.start + row.part, y: "measure", fill, insetTop: 22, insetBottom: 6 }),
      Plot.text(rows, {
        x: 0, y: "measure", textAnchor: "start", dy: -14, fill: INK, fontSize: FONT + 1,
        text: (row) => `${row.measure}: ${percent(row.share ?? 0)} domestic`,
      }),
      Plot.tip(rows, Plot.pointerY({
        x: 0.5, y: "measure", fontSize: FONT,
        title: (row) => `${row.measure}\nimported ${exact(row.imported)} (mean)\ndomestic ${exact(row.domestic)} (mean)\n` +
          `domestic share, median ${percent(row.share_med ?? 0)}, 5–95 %: ${percent(row.share_p5 ?? 0)} to ${percent(row.share_p95 ?? 0)}`,
      })),
    ],
  }));
}
