// How numbers and dates are written in charts; the tables come ready from the file.
const WHOLE = new Intl.NumberFormat("en-GB", { maximumFractionDigits: 0 });
const FINE = new Intl.NumberFormat("en-GB", { maximumSignificantDigits: 3 });
const DAY = new Intl.DateTimeFormat("en-GB", {
  day: "numeric", month: "short", year: "numeric", timeZone: "UTC",
});
const SIZES = [[1e12, "T"], [1e9, "B"], [1e6, "M"], [1e3, "k"]];

function exact(value) {
  if (value === null || value === undefined) return "–";
  return (Math.abs(value) >= 100 ? WHOLE : FINE).format(value).replace("-", "−");
}

// Two significant digits, as in the sentences of the page.
function rough(value) {
  if (value === null || value === undefined) return "–";
  if (Math.abs(value) < 0.5) return "0";
  if (Math.abs(value) < 100) return WHOLE.format(value).replace("-", "−");
  return brief(Number(value.toPrecision(2)));
}

function brief(value) {
  const [size, letter] = SIZES.find(([least]) => Math.abs(value) >= least) ?? [1, ""];
  return `${FINE.format(value / size)}${letter}`.replace("-", "−");
}

const tenths = (value) => `${(100 * value).toFixed(1)} %`;
const percent = (value) => `${Math.round(100 * value)} %`;
const MONTH = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });
const LETTERS = new Intl.DateTimeFormat("en-GB", { month: "short", timeZone: "UTC" });
const month = (date) => MONTH.format(date);
// The year stands under the first month of it, and under the first of all where the axis begins.
const monthShort = (date) => `${LETTERS.format(date)}\n${new Date(date).getUTCFullYear() % 100}`;
const day = (date) => DAY.format(date);
const range = (row) => `${exact(row.p5)} to ${exact(row.p95)}`;
