// Holds the boxes of the charts and hands what the program describes to the chart library. One global, moecostCharts;
// every option is plain data from Go.
//
// The drawings made at build time show the default answer, so the library is fetched when a reader is there (the first
// move, key, touch or scroll) or when the link asks for another answer: a visit that only reads costs 168 kB less.
import { script } from "./download.mjs";
import { notice } from "./notice.mjs";
import { sign } from "./signs.mjs";
import { tipElement, walk } from "./tips.mjs";

let engine; // of ECharts, once it is here
let fetching;

function fetchEngine() {
  fetching ??= script("charts.js").then((module) => {
    engine = module;
    for (const plot of plots.values()) paint(plot);
  }).catch((error) => {
    fetching = undefined;
    notice("The charts could not be loaded.", `They stay as they were drawn; numbers and tables are live. (${error.message})`, fetchEngine);
  });
  return fetching;
}

sign.then(fetchEngine);
const { dataset } = document.documentElement;
if (location.search || location.hash || "embed" in dataset || "compare" in dataset) fetchEngine();

const plots = new Map(); // name -> {box, chart, option, waiting, visible, width, height}
const plotOf = (entry) => plots.get(entry.target.dataset.chart);
const sizes = new ResizeObserver((entries) => {
  for (const entry of entries) resized(plotOf(entry));
});
const sight = new IntersectionObserver((entries) => {
  for (const entry of entries) {
    const plot = plotOf(entry);
    plot.visible = entry.isIntersecting;
    paint(plot);
  }
}, { rootMargin: "200px" });

function add(box) {
  const plot = { box, name: box.dataset.chart, visible: false };
  plots.set(plot.name, plot);
  measure(plot);
  sizes.observe(box);
  sight.observe(box);
  box.addEventListener("keydown", async (event) => {
    if (!engine) await fetchEngine(); // the very first key is not lost
    walk(plot, event);
  });
  box.addEventListener("blur", () => plot.chart?.dispatchAction({ type: "hideTip" }));
}

function measure(plot) {
  const { clientWidth, clientHeight } = plot.box;
  if (!clientWidth || !clientHeight) return false; // hidden behind its table
  const changed = clientWidth !== plot.width || clientHeight !== plot.height;
  plot.width = clientWidth;
  plot.height = clientHeight;
  return changed;
}

// paint draws the latest option. A chart out of sight waits until it is scrolled to.
function paint(plot) {
  if (!engine || !plot.waiting || !plot.visible || !plot.width) return;
  plot.waiting = false;
  if (!plot.chart) {
    const live = document.createElement("div");
    live.className = "live";
    plot.box.append(live);
    plot.chart = engine.init(live, null, { renderer: "svg", width: plot.width, height: plot.height });
  } else if (plot.chart.getWidth() !== plot.width || plot.chart.getHeight() !== plot.height) {
    plot.chart.resize({ width: plot.width, height: plot.height, silent: true }); // draws the old option once more
  }
  plot.chart.setOption(plot.option, { notMerge: true, silent: true });
  for (const still of plot.box.querySelectorAll(".still")) still.remove();
}

globalThis.moecostCharts = {
  // add takes a box that the page did not have when it came.
  add,
  // set draws the option, a JSON text, and names the picture for those who cannot see it.
  set(name, option, label) {
    const plot = plots.get(name);
    if (!plot) return;
    const described = JSON.parse(option);
    described.animation = false;
    described.tooltip = {
      ...described.tooltip,
      formatter: (params) => tipElement([].concat(params).find((p) => p.data?.tip)?.data.tip),
      backgroundColor: "transparent", borderWidth: 0, padding: 0, extraCssText: "box-shadow:none", transitionDuration: 0, confine: true,
    };
    plot.option = described;
    plot.waiting = true;
    plot.at = undefined;
    plot.box.setAttribute("aria-label", label);
    paint(plot);
  },
  // clear takes the drawing away, for a scenario that has nothing to draw.
  clear(name) {
    const plot = plots.get(name);
    if (!plot) return;
    plot.waiting = false;
    plot.chart?.clear();
    for (const still of plot.box.querySelectorAll(".still")) still.remove();
  },
  // resize measures all boxes again, after the page has shown or hidden some.
  resize() {
    for (const plot of plots.values()) resized(plot);
  },
};

function resized(plot) {
  if (!measure(plot)) return;
  globalThis.moecostPage?.resized?.(plot.name, plot.width, plot.height);
  plot.waiting = Boolean(plot.option);
  paint(plot);
}

for (const box of document.querySelectorAll(".plot[data-chart]:not(.empty)")) add(box);
