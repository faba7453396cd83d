// A fan over time: the band of 5–95 %, the band of 25–75 % and the median; other medians as lines.
const DASHES = { licensed: "1.5 3", approved: "5 3", ordered: "5 3" };

function fanTop(rows, options) {
  const { series, main } = options;
  const values = rows.map((row) => (!series || row[series] === main ? row.p95 : row.med));
  return Math.max(0, ...values.filter(Number.isFinite));
}

function fanTip(own, extra, options) {
  const others = d3.rollup(extra, (group) => group, (row) => +row.date);
  return Plot.tip(own, Plot.pointerX({
    x: "date", y: "med", fontSize: FONT, maxRadius: 60,
    title: (row) => [
      day(row.date),
      `median ${exact(row.med)}`,
      `5–95 %: ${range(row)}`,
      ...(Number.isFinite(row.p25) ? [`25–75 %: ${exact(row.p25)} to ${exact(row.p75)}`] : []),
      ...(others.get(+row.date) ?? []).map((other) => `${other[options.series]}: median ${exact(other.med)}`),
    ].join("\n"),
  }));
}

function fan(rows, { width, label, options, top }) {
  const own = options.series ? rows.filter((row) => row[options.series] === options.main) : rows;
  const extra = (options.lines ?? []).flatMap((name) => rows.filter((row) => row[options.series] === name));
  const most = top ?? fanTop(rows, options);
  const inner = own.filter((row) => Number.isFinite(row.p25));
  const single = own.length === 1;
  const height = Math.round(Math.max(130, Math.min(width * 0.52, 220)));
  return Plot.plot(setting(width, height, label, {
    marginLeft: 38, marginRight: 14, marginTop: 10, marginBottom: 32,
    x: { type: "utc", label: null },
    y: { domain: [0, most > 0 ? most : 1], nice: most > 0, label: null },
    marks: [
      Plot.gridY({ ticks: most > 0 ? 4 : [0], stroke: "var(--rule)", strokeOpacity: 1 }),
      Plot.axisY({ ticks: most > 0 ? 4 : [0], tickFormat: brief, tickSize: 0 }),
      Plot.axisX({ ticks: Math.max(2, Math.floor(width / 60)), tickSize: 3 }),
      Plot.areaY(own, { x: "date", y1: "p5", y2: "p95", fill: "var(--fan)", fillOpacity: 0.2 }),
      Plot.areaY(inner, { x: "date", y1: "p25", y2: "p75", fill: "var(--fan)", fillOpacity: 0.3 }),
      ...(single ? [Plot.ruleX(own, { x: "date", y1: "p5", y2: "p95", stroke: "var(--fan)" }),
        Plot.dot(own, { x: "date", y: "med", fill: "var(--fan)" })] : []),
      ...(options.lines ?? []).map((name) => Plot.lineY(
        extra.filter((row) => row[options.series] === name),
        { x: "date", y: "med", stroke: `var(--${name})`, strokeWidth: 1.8, strokeDasharray: DASHES[name], clip: true },
      )),
      Plot.lineY(own, { x: "date", y: "med", stroke: "var(--fan)", strokeWidth: 2.2 }),
      Plot.ruleY([0], { stroke: SOFT }),
      Plot.ruleX(own, Plot.pointerX({ x: "date", stroke: SOFT, strokeWidth: 0.8, maxRadius: 60 })),
      fanTip(own, extra, options),
    ],
  }));
}
