// The part of ECharts that the charts use.
import { init, use } from "echarts/core";
import { BarChart, LineChart, ScatterChart } from "echarts/charts";
import { GraphicComponent, GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";

use([BarChart, LineChart, ScatterChart, GraphicComponent, GridComponent, MarkLineComponent, TooltipComponent, LabelLayout, SVGRenderer]);

export { init };
