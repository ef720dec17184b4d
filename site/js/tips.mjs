// What a chart says about one point, by pointer and by keyboard. The words come with the data, as
// tip: [[name, value], …] with a heading in front: names are text here, never HTML.

const say = document.querySelector('[data-slot="say"]');

export function tipElement(tip) {
  if (!tip) return "";
  const box = document.createElement("div");
  box.className = "tip";
  const [[heading, value], ...rows] = tip;
  box.append(cell("b", value ? `${heading} ${value}` : heading));
  for (const row of rows) box.append(cell("span", row[0]), cell("span", row[1]));
  return box;
}

function cell(kind, text) {
  const element = document.createElement(kind);
  element.textContent = text;
  return element;
}

// points are the data that have something to say, from left to right.
function points(option) {
  const found = [];
  [].concat(option.series ?? []).forEach((series, seriesIndex) => {
    (series.data ?? []).forEach((item, dataIndex) => {
      if (item?.tip) found.push({ seriesIndex, dataIndex, tip: item.tip, x: Array.isArray(item.value) ? Number(item.value[0]) : 0 });
    });
  });
  return found.sort((a, b) => a.x - b.x || a.seriesIndex - b.seriesIndex || a.dataIndex - b.dataIndex);
}

// walk moves from point to point with the arrow keys and says each.
export function walk(plot, event) {
  const step = { ArrowLeft: -1, ArrowRight: 1, Home: -Infinity, End: Infinity }[event.key];
  if (event.key === "Escape") plot.chart?.dispatchAction({ type: "hideTip" });
  if (!step || !plot.chart || event.ctrlKey || event.metaKey || event.altKey) return;
  const all = points(plot.option);
  if (!all.length) return;
  event.preventDefault();
  plot.at = Math.max(0, Math.min(all.length - 1, (plot.at ?? (step > 0 ? -1 : all.length)) + step));
  const { seriesIndex, dataIndex, tip } = all[plot.at];
  plot.chart.dispatchAction({ type: "showTip", seriesIndex, dataIndex });
  say.textContent = tip.map((row) => row.filter(Boolean).join(" ")).join(", ");
}
