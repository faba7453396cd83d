// One figure of the page: its selector, its drawings, its table and its CSV file.
const KINDS = { fans: fan, waterfall, areas, bars, intervals, shares, calendar, frontier };
const LEGENDS = { areas: areaLegend };

function records(chart) {
  return chart.rows.map((cells) => Object.fromEntries(
    chart.columns.map(([key, , kind], place) => [key, kind === "date" ? new Date(cells[place]) : cells[place]]),
  ));
}

class Figure {
  constructor(element, chart, name) {
    Object.assign(this, { element, chart, name, rows: records(chart), width: 0 });
    this.view = Object.keys(chart.views)[0];
    this.finding = element.querySelector(".finding");
    this.controls();
  }

  controls() {
    const controls = this.element.querySelector(".controls");
    const select = controls.querySelector("select");
    const scale = controls.querySelector("input.scale");
    controls.hidden = !select && !scale;
    if (select) this.view = select.value;
    select?.addEventListener("change", () => { this.view = select.value; this.draw(); });
    scale?.addEventListener("change", () => { this.draw(); });
    this.sameScale = () => Boolean(scale?.checked);
    const button = this.element.querySelector("button.csv");
    button.hidden = false;
    button.addEventListener("click", () => download(`${this.name}-${this.element.dataset.chart}.csv`, csv(this.chart)));
  }

  shown() {
    const key = this.chart.options.view;
    return key ? this.rows.filter((row) => row[key] === this.view) : this.rows;
  }

  draw() {
    const rows = this.shown();
    this.finding.textContent = this.chart.views[this.view];
    this.legend(rows);
    this.filterTable();
    const panels = [...this.element.querySelectorAll(".panel")];
    if (panels.length === 0) this.drawOne(this.element.querySelector(".plot"), rows, {});
    const top = this.sameScale() ? fanTop(rows, this.chart.options) : undefined;
    for (const panel of panels) {
      const key = panel.dataset.panel;
      const column = this.chart.options.panel;
      const own = column ? rows.filter((row) => row[column] === key) : rows;
      panel.hidden = own.length === 0;
      if (own.length) this.drawOne(panel.querySelector(".plot"), own, { panel: key, top });
    }
    this.width = this.element.clientWidth;
  }

  drawOne(place, rows, more) {
    const title = this.chart.panels[more.panel];
    const label = `${title ? `${title}. ` : ""}${this.chart.views[this.view]}. The data table below holds the numbers.`;
    const width = Math.max(Math.floor(place.clientWidth), 200);
    const svg = KINDS[this.chart.kind](rows, { width, label, options: this.chart.options, ...more });
    svg.setAttribute("role", "img");
    place.replaceChildren(svg);
  }

  legend(rows) {
    const make = LEGENDS[this.chart.kind];
    if (!make) return;
    const list = this.element.querySelector(".legend");
    list.hidden = false;
    list.replaceChildren(...make(rows, this.chart.options).map(([style, label]) => {
      const item = document.createElement("li");
      const key = document.createElement("span");
      key.className = `key ${style}`;
      key.setAttribute("aria-hidden", "true");
      item.append(key, label);
      return item;
    }));
  }

  filterTable() {
    const place = this.chart.columns.findIndex(([key]) => key === this.chart.options.view);
    if (place < 0) return;
    const lines = this.element.querySelector(".data tbody").rows;
    this.chart.rows.forEach((cells, number) => { lines[number].hidden = cells[place] !== this.view; });
  }
}

// Text that a spreadsheet would take for a formula is quoted so that it stays text.
function csvCell(cell) {
  if (cell === null) return "";
  if (typeof cell === "number") return String(cell);
  const text = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function csv(chart) {
  const lines = [chart.columns.map(([key]) => key), ...chart.rows];
  return `${lines.map((cells) => cells.map(csvCell).join(",")).join("\r\n")}\r\n`;
}

function download(name, text) {
  const link = document.createElement("a");
  const address = URL.createObjectURL(new Blob([text], { type: "text/csv;charset=utf-8" }));
  link.href = address;
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}
