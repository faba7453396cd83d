// Marks and settings that several charts share.
const INK = "currentColor";
const SOFT = "var(--soft)";
const FONT = 11;

function setting(width, height, label, more) {
  return {
    width, height, ariaLabel: label,
    style: { background: "transparent", fontSize: `${FONT}px` },
    ...more,
  };
}

// An axis from zero, or from the least value below it; never of no length.
function domain(values, room = 1) {
  const known = values.filter((value) => Number.isFinite(value));
  const low = Math.min(0, ...known);
  const high = Math.max(0, ...known);
  return low === high ? [0, 1] : [low * room, high * room];
}

// The width of a label column that holds the longest label, at most a share of the whole.
function labelColumn(labels, width) {
  const longest = Math.max(...labels.map((label) => label.length));
  return Math.min(longest * FONT * 0.56 + 12, width * 0.42);
}

// Text broken at spaces into lines that fit a label column.
function wrapped(label, column) {
  const most = Math.max(6, Math.floor((column - 12) / (FONT * 0.56)));
  const lines = [];
  for (const word of label.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && `${last} ${word}`.length <= most) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return (lines.length > 2 ? [lines[0], `${lines[1]} …`] : lines).join("\n");
}

function labelAxis(names, column) {
  return Plot.axisY({
    tickSize: 0, label: null, tickFormat: (name) => wrapped(name, column), lineHeight: 1.1,
  });
}

// A line from low to high with a cap at each end.
function whisker(rows, low, high, y) {
  const spread = rows.filter((row) => high(row) - low(row) > 0);
  const cap = { stroke: INK, strokeWidth: 1.2 };
  return [
    Plot.link(spread, { x1: low, x2: high, y1: y, y2: y, ...cap }),
    Plot.tickX(spread.filter((row) => !row.cut), { x: low, y, insetTop: 5, insetBottom: 5, ...cap }),
    Plot.tickX(spread, { x: high, y, insetTop: 5, insetBottom: 5, ...cap }),
  ];
}

function valueAxis(width, empty = false) {
  const ticks = empty ? [0] : Math.max(2, Math.floor(width / 85));
  return [
    Plot.gridX({ ticks, stroke: "var(--rule)", strokeOpacity: 1 }),
    Plot.axisX({ ticks, tickFormat: brief, tickSize: 0, label: null }),
  ];
}
