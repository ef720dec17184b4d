// node --test site/js
import assert from "node:assert/strict";
import test from "node:test";
import { init } from "./engine.mjs";

function draw(name) {
  const chart = init(null, null, { renderer: "svg", ssr: true, width: 400, height: 200 });
  const label = { show: true, formatter: name, position: "right" };
  chart.setOption({ animation: false, xAxis: { type: "value" }, yAxis: { type: "value" }, series: [{ type: "scatter", data: [{ value: [1, 2], name, label }] }] });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return svg;
}

// Each label in place of another name of the same length must give the same drawing, whatever the name means to JavaScript.
test("a label is a text, whatever it is called", () => {
  const before = Object.getOwnPropertyNames(Object.prototype).length;
  for (const name of ["__proto__", "constructor", "toString", "hasOwnProperty"]) {
    const letters = "m".repeat(name.length);
    const bare = (svg) => svg.replaceAll(/zr\d+/g, "").replaceAll(/ecmeta_\S+|\d+(\.\d+)?/g, "");
    for (let twice = 0; twice < 2; twice++) assert.equal(bare(draw(name)).replaceAll(name, letters), bare(draw(letters)));
    assert.equal(Object.getOwnPropertyNames(Object.prototype).length, before, `${name} has changed the prototype of all objects`);
  }
  assert.deepEqual(Object.keys(Object), []);
});
