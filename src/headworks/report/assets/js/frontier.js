// Compute against domestic share: the best for each target as a line, and named points beside it.
function frontier(rows, { width, label }) {
  const best = rows.filter((row) => row.kind === "frontier").sort((a, b) => a.share - b.share);
  const named = rows.filter((row) => row.kind === "rule");
  const plan = rows.filter((row) => row.kind === "plan");
  const span = (key) => {
    const [low, high] = d3.extent(rows, (row) => row[key]);
    const room = (high - low) * 0.08 || Math.abs(high) * 0.05 || 1;
    return [low - room, high + room];
  };
  const height = Math.round(Math.max(220, Math.min(width * 0.6, 360)));
  const fine = span("share")[1] - span("share")[0] < 0.1;
  return Plot.plot(setting(width, height, label, {
    marginLeft: 52, marginRight: 24, marginTop: 14, marginBottom: 36,
    x: { domain: span("share"), label: null },
    y: { domain: span("compute"), label: null },
    marks: [
      Plot.gridY({ ticks: 4, stroke: "var(--rule)", strokeOpacity: 1 }),
      Plot.axisY({ ticks: 4, tickFormat: (value) => d3.format(".4~s")(value).replace("G", "B"), tickSize: 0 }),
      Plot.axisX({ ticks: Math.max(2, Math.floor(width / 90)), tickFormat: fine ? tenths : percent, tickSize: 3 }),
      Plot.lineY(best, { x: "share", y: "compute", stroke: "var(--fan)", strokeWidth: 1.8 }),
      Plot.dot(best, { x: "share", y: "compute", r: 3, fill: "var(--fan)" }),
      Plot.dot(named, { x: "share", y: "compute", r: 4.5, fill: "var(--paper)", stroke: "var(--gap)", strokeWidth: 2 }),
      Plot.dot(plan, { x: "share", y: "compute", r: 6, symbol: "diamond", fill: INK }),
      Plot.tip(rows, Plot.pointer({
        x: "share", y: "compute", fontSize: FONT,
        title: (row) => `${row.title}\n${exact(row.compute)} of compute\n${tenths(row.share)} domestic`,
      })),
    ],
  }));
}
