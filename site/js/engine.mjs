// The part of ECharts that the charts use.
import { init, use } from "echarts/core";
import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import { GraphicComponent, GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";
import LRU from "zrender/lib/core/LRU.js";

use([BarChart, LineChart, ScatterChart, GraphicComponent, GridComponent, MarkLineComponent, TooltipComponent, LabelLayout, SVGRenderer]);

// The library keeps the widths of texts in a plain object, so that a model called __proto__ would write into the prototype of
// every object, and one called constructor have no width. A space in front makes any text a key of its own.
const { get, put } = LRU.prototype;
Object.assign(LRU.prototype, {
  get(key) { return get.call(this, ` ${key}`); },
  put(key, value) { return put.call(this, ` ${key}`, value); },
});

export { init };
