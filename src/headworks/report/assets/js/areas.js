// What a whole is made of, month by month: stacked areas of the share, and of the number.
const areaPlace = (names, name, options) => options.colours?.[name] ?? 1 + (names.indexOf(name) % 8);

const areaKey = (options) => options.label ?? "gate";

function areaTip(rows, key, names, part) {
  const months = [...d3.group(rows, (row) => +row.date).values()].map((group) => ({
    date: group[0].date,
    top: key === "share" ? 1 : d3.sum(group, (row) => row.units),
    lines: names.map((name) => group.find((row) => row[part] === name))
      .filter((row) => row && row.units >= 0.5)
      .map((row) => `${row[part]}: ${exact(row.units)} (${percent(row.share)})`),
  }));
  return [
    Plot.ruleX(months, Plot.pointerX({ x: "date", stroke: INK, strokeWidth: 0.8 })),
    Plot.tip(months, Plot.pointerX({
      x: "date", y: (month) => month.top / 2, fontSize: FONT,
      title: (month) => [`month to ${day(month.date)}`, ...month.lines].join("\n"),
    })),
  ];
}

function areas(rows, { width, label, panel, options }) {
  const part = areaKey(options);
  const names = [...new Set(rows.map((row) => row[part]))];
  const colour = (name) => `var(--c${areaPlace(names, name, options)})`;
  const single = new Set(rows.map((row) => +row.date)).size === 1;
  const mark = single ? Plot.barY : Plot.areaY;
  const share = panel === "share";
  return Plot.plot(setting(width, Math.round(Math.min(Math.max(width * 0.55, 200), 280)), label, {
    marginLeft: 48, marginRight: 14, marginTop: 10, marginBottom: 32,
    x: single ? { label: null, tickFormat: day } : { type: "utc", label: null },
    y: { domain: share ? [0, 1] : undefined, nice: !share, label: null },
    marks: [
      mark(rows, Plot.stackY({ x: "date", y: panel, fill: (row) => colour(row[part]), z: part, order: names })),
      Plot.gridY({ ticks: 4, stroke: "var(--paper)", strokeOpacity: 0.5 }),
      Plot.axisY({ ticks: 4, tickFormat: share ? percent : brief, tickSize: 0 }),
      ...(single ? [] : [Plot.axisX({ ticks: Math.max(2, Math.floor(width / 60)), tickSize: 3 })]),
      Plot.ruleY([0], { stroke: SOFT }),
      ...areaTip(rows, panel, names, part),
    ],
  }));
}

function areaLegend(rows, options) {
  const names = [...new Set(rows.map((row) => row[areaKey(options)]))];
  return names.map((name) => [`area c${areaPlace(names, name, options)}`, name]);
}
