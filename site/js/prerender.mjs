// Draws charts without a browser: reads lines of JSON {name, width, height, option} on standard input and writes
// lines of JSON {name, width, height, svg}. The drawing holds no style attribute, so that the page's policy admits
// it, and names colours by token, so that one drawing serves light and dark.
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { compact } from "./compact.mjs";
import { init } from "./engine.mjs";

const tokens = new Map(); // light colour -> token; the first one that has it
const css = readFileSync(new URL("../css/tokens.css", import.meta.url), "utf8");
for (const [, token, light] of css.matchAll(/--([\w-]+): light-dark\((#[0-9A-F]{6}),/g)) {
  if (!tokens.has(light)) tokens.set(light, token);
}

const hex = (colour) => {
  const rgb = /^rgb\((\d+),\s*(\d+),\s*(\d+)\)$/.exec(colour);
  return (rgb ? "#" + rgb.slice(1).map((v) => Number(v).toString(16).padStart(2, "0")).join("") : colour).toUpperCase();
};
const tokened = (colour) => {
  const token = tokens.get(hex(colour));
  return token ? `var(--${token})` : colour;
};

// Properties of a style attribute that exist as attributes of SVG.
const presentation = new Set(["fill", "stroke", "opacity", "font-size", "font-family", "font-weight", "font-style", "text-anchor",
  "dominant-baseline", "stroke-width", "stroke-dasharray", "paint-order", "stroke-linejoin", "stroke-linecap", "visibility"]);
const sizes = /^(?:(italic|oblique|normal)\s+)?(?:(bold|normal|\d+)\s+)?([\d.]+px)\s+(.+)$/;

function attributes(style) {
  let out = "";
  for (const declaration of style.replaceAll("&quot;", "'").split(";")) {
    const at = declaration.indexOf(":");
    if (at < 0) continue;
    const [property, value] = [declaration.slice(0, at).trim(), declaration.slice(at + 1).trim()];
    if (property === "font") {
      const [, slant, weight, size, family] = sizes.exec(value) ?? [];
      if (!family) throw new Error(`font: cannot read ${value}`);
      out += ` font-size="${size}" font-family="${family.replaceAll('"', "'")}"`;
      if (weight) out += ` font-weight="${weight}"`;
      if (slant) out += ` font-style="${slant}"`;
    } else if (presentation.has(property)) {
      out += ` ${property}="${value.replaceAll('"', "'")}"`;
    } // the rest (position, cursor, pointer events) says nothing about a still picture
  }
  return out;
}

function still(svg, name, width, height) {
  return svg
    .replace(/<style[^>]*>[\s\S]*?<\/style>/g, "")
    .replace(/\sstyle="([^"]*)"/g, (_, style) => attributes(style))
    .replace(/\s(fill|stroke|stop-color)="([^"]+)"/g, (_, name, colour) => ` ${name}="${tokened(colour)}"`)
    .replace(/<rect [^>]*fill="none"[^>]*(?:\/>|><\/rect>)/, (rect) => (rect.includes("stroke") ? rect : "")) // the ground
    .replace(/\s(?:class|ecmeta_[\w-]+)="[^"]*"/g, "")
    .replace(/\bzr\d+-/g, `${name}-${width}-`) // ids of clips: the library counts its drawings, and one page has many
    .replace(/<svg [^>]*>/, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" stroke-linejoin="bevel" preserveAspectRatio="xMinYMid meet" aria-hidden="true">`);
}

for await (const line of createInterface({ input: process.stdin })) {
  const { name, width, height, option } = JSON.parse(line);
  delete option.tooltip; // nothing to point at
  const chart = init(null, null, { renderer: "svg", ssr: true, width, height });
  chart.setOption({ ...option, animation: false });
  const svg = compact(still(chart.renderToSVGString(), name, width, height));
  chart.dispose();
  if (/\sstyle=/.test(svg)) throw new Error(`${name}: a style attribute is left`);
  process.stdout.write(JSON.stringify({ name, width, height, svg }) + "\n");
}
