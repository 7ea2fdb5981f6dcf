/** Everything that draws with Observable Plot, in one module, so that what draws is loaded once, and when the first figure is shown. */
export { drawChart } from "../chart/figure.ts";
export { drawPanel, epochAt } from "../curves/figure.ts";
