// Draws every figure, and again when its width changes.
const DATA = JSON.parse(document.getElementById("data").textContent);
const FIGURES = [...document.querySelectorAll("figure[data-chart]")].map(
  (element) => new Figure(element, DATA.charts[element.dataset.chart], DATA.name),
);
const waiting = new Set();
const observer = new ResizeObserver((entries) => {
  for (const entry of entries) waiting.add(FIGURES.find((figure) => figure.element === entry.target));
  requestAnimationFrame(() => {
    for (const figure of waiting) if (figure.element.clientWidth !== figure.width) figure.draw();
    waiting.clear();
  });
});
for (const figure of FIGURES) {
  figure.draw();
  observer.observe(figure.element);
}
