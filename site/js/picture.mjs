// A chart as a file of its own: what stands around it, its colours and its fonts are in it.
import { markup, plain } from "./snippets.mjs";

const pad = 20; // between the edge and what is drawn
const styles = { // of the words around the drawing: size, height of a line, weight, family, token of the colour
  title: { size: 20, line: 28, weight: 600, family: "serif", colour: "ink" },
  unit: { size: 14, line: 20, weight: 400, family: "sans", colour: "ink-3" },
  source: { size: 13, line: 18, weight: 400, family: "sans", colour: "ink-3" },
};
const mostLines = 4; // a longer text is cut: a name from a link may have kilobytes

// heightOf is how high a chart of this width is drawn, in a picture as in an embed.
export const heightOf = (width) => Math.round(Math.min(420, Math.max(240, 0.56 * width)));

// draw makes the SVG. It takes the chart library, the options of the chart in the wanted colours, and the words.
export async function draw({ init, option, title, unit, scenario, source, from, width, dark }) {
  const inner = width - 2 * pad, height = heightOf(inner);
  const ink = palette(dark);
  const families = { sans: inherited("--sans"), serif: inherited("--serif") };
  let y = pad, body = "";
  const write = (style, text) => {
    for (const line of lines(text, inner, style, families)) {
      y += style.line;
      body += `<text x="${pad}" y="${y - style.line * 0.29}" font-size="${style.size}" font-weight="${style.weight}" font-family="${markup(families[style.family])}" fill="${ink[style.colour]}">${markup(line)}</text>`;
    }
  };
  const rule = (colour, thick) => { body += `<rect x="${pad}" y="${y}" width="${inner}" height="${thick}" fill="${colour}"/>`; };
  rule(ink.ink, 1);
  y += 14;
  write(styles.title, title);
  write(styles.unit, unit);
  write(styles.unit, scenario);
  y += 14;
  body += chart(init, option, inner, height).replace(/^<svg /, `<svg x="${pad}" y="${y}" `);
  y += height + 12;
  rule(ink.rule, 1);
  y += 8;
  write(styles.source, source);
  write(styles.source, `moecost · ${new URL(from).host}`);
  y = Math.ceil(y + pad);
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${y}" viewBox="0 0 ${width} ${y}" role="img">` +
    `<title>${markup(title)}</title><desc>${markup(from)}</desc>${await faces(body)}<rect width="100%" height="100%" fill="${ink.paper}"/>${body}</svg>`;
  return { svg, width, height: y };
}

// chart draws without a document, so that what shows on the page stays as it is.
function chart(init, option, width, height) {
  const described = JSON.parse(option);
  delete described.tooltip; // nothing to point at
  const at = init(null, null, { renderer: "svg", ssr: true, width, height });
  at.setOption({ ...described, animation: false });
  const svg = at.renderToSVGString();
  at.dispose();
  return svg.replace(/<style[^>]*>[\s\S]*?<\/style>/g, "").replace(/\s(?:class|ecmeta_[\w-]+)="[^"]*"/g, "")
    .replace(/[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]/g, ""); // XML has no such characters
}

// palette is the colours of the style sheet as they are in one of its two schemes.
function palette(dark) {
  const probe = document.body.appendChild(document.createElement("i"));
  probe.style.colorScheme = dark ? "dark" : "light";
  const named = Object.fromEntries(["paper", "ink", "ink-3", "rule"].map((token) => {
    probe.style.color = `var(--${token})`;
    return [token, getComputedStyle(probe).color];
  }));
  probe.remove();
  return named;
}

const inherited = (token) => getComputedStyle(document.body).getPropertyValue(token).trim();

// lines breaks a text where it does not fit: at spaces, and where there is none anywhere.
function lines(text, width, { size, weight, family }, families) {
  const pen = document.createElement("canvas").getContext("2d");
  pen.font = `${weight} ${size}px ${families[family]}`;
  return broken(plain(text), (part) => pen.measureText(part).width <= width);
}

// broken breaks a text into lines of which each fits. No-break spaces hold, as long as a word fits at all.
export function broken(text, fits) {
  const made = [];
  let line = "";
  for (const word of text.split(" ").filter(Boolean)) {
    if (fits(line ? `${line} ${word}` : word)) {
      line += (line && " ") + word;
      continue;
    }
    if (line) made.push(line);
    line = "";
    for (const c of word) {
      if (line && !fits(line + c)) {
        made.push(line);
        line = "";
        if (made.length > mostLines) break;
      }
      line += c;
    }
    if (made.length > mostLines) break;
  }
  if (line) made.push(line);
  if (made.length <= mostLines) return made;
  let last = made[mostLines - 1];
  while (last && !fits(`${last}…`)) last = last.slice(0, -1);
  return [...made.slice(0, mostLines - 1), `${last}…`];
}

// faces is the page's own fonts as far as the drawing uses them, inside the file.
async function faces(body) {
  let css = "";
  for (const sheet of document.styleSheets) {
    for (const rule of sheet.cssRules) {
      if (!(rule instanceof CSSFontFaceRule)) continue;
      const of = (property) => rule.style.getPropertyValue(property);
      const [, address] = /url\("?([^")]+)"?\)/.exec(of("src")) ?? [];
      const family = of("font-family").replaceAll('"', "");
      if (!address || of("font-style") === "italic" || !body.includes(family) || !within(of("unicode-range"), body)) continue;
      css += `@font-face{font-family:"${family}";font-weight:${of("font-weight") || 400};src:url(${await data(new URL(address, sheet.href))}) format("woff2")` +
        `${of("unicode-range") ? `;unicode-range:${of("unicode-range")}` : ""}}`;
    }
  }
  return css && `<style>${css}</style>`;
}

// within tells whether a text has a character of a unicode-range, as style sheets write it. None is all characters.
export function within(range, text) {
  if (!range) return true;
  const parts = range.split(",").map((part) => part.trim().replace(/^U\+/i, "").split("-").map((end) => Number.parseInt(end, 16)));
  return Array.from(new Set(text)).some((c) => parts.some(([from, to = from]) => c.codePointAt(0) >= from && c.codePointAt(0) <= to));
}

const fonts = new Map(); // address -> promise of its content

function data(address) {
  if (!fonts.has(address.href)) fonts.set(address.href, font(address).catch((error) => {
    fonts.delete(address.href);
    throw error;
  }));
  return fonts.get(address.href);
}

async function font(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address.pathname}: the server answered ${response.status}`);
  const file = await response.blob();
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result.replace(/^data:[^;,]*/, "data:font/woff2"));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}

// inline is the address of an SVG that holds it.
export const inline = (svg) => `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;

// png is the SVG at twice its size, for screens that show so much.
export async function png({ svg, width, height }) {
  const image = new Image();
  image.src = inline(svg);
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [2 * width, 2 * height];
  canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
  if (!blob) throw new Error("the browser made no PNG of it");
  return blob;
}
