// What the share dialog gives to paste: pieces of HTML, Markdown and shell. Titles hold names from links and files, so
// everything that goes in is escaped here for where it stands.

// Characters that show nothing and turn text around or end it: controls, marks of direction, halves of pairs.
const unseen = /[\0-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\ufffe\uffff]|\p{Surrogate}/gu;

// plain is a text on one line, with nothing in it that does not show. No-break spaces stay.
export const plain = (text) => text.replace(/[^\S\u00a0\u202f]+/g, " ").replace(unseen, "").trim();

const entities = { "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" };

// markup is a text for HTML or XML, between tags or in an attribute.
export const markup = (text) => plain(text).replace(/[&<>"']/g, (c) => entities[c]);

// marked is a text for Markdown: what CommonMark or GitHub would take for a mark, an entity or an address gets a backslash.
export const marked = (text) => plain(text).replace(/[\\`*_{}[\]<>()#!&|~$@]/g, "\\$&").replace(/:(?=\/\/)/g, "\\:").replace(/www\./gi, (w) => `${w.slice(0, 3)}\\.`);

// target is an address for Markdown, where brackets, quotes and backslashes would end or change it.
const bytes = new TextEncoder();
const percent = (c) => Array.from(bytes.encode(c), (byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`).join("");
export const target = (address) => address.replace(/[\s<>()[\]\\"'`*;|]/g, percent);

// quoted is one word of a POSIX shell.
export const quoted = (text) => `'${text.replaceAll("'", "'\\''")}'`;

// frame is the embed in a page. Where it may grow it takes the column's width, and else a size of its own.
export function frame({ address, title, width, height, grows }) {
  const size = grows ? `height="${height}" loading="lazy" style="width:100%;border:0"` : `width="${width}" height="${height}" loading="lazy" style="max-width:100%;border:0"`;
  return `<iframe src="${markup(address)}" title="${markup(title)}" ${size}></iframe>`;
}

// listener gives a frame the height that its embed asks for. It knows the frame by its window: in a sandbox an embed has no origin.
export const listener = `<script>
addEventListener("message", (event) => {
  const { type, height } = event.data ?? {};
  if (type !== "moecost:height") return;
  for (const frame of document.querySelectorAll("iframe")) {
    if (frame.contentWindow === event.source) frame.style.height = \`\${height}px\`;
  }
});
</script>`;

// picture is an image that leads to the scenario, in Markdown.
export const picture = ({ source, link, title }) => `[![${marked(title)}](${target(source)})](${target(link)})`;

// command is the same scenario in a terminal, in a checkout of moecost.
export const command = (query, own) => `go run ./scripts/estimate ${quoted(query)}${own ? " -config config.json" : ""}`;

// csv is the text of a table's cells for other programs, as core/story writes it: numbers without commas, an apostrophe before what
// a spreadsheet would take for a formula.
export const csv = (rows) => rows.map((row) => `${row.map(cell).join(",")}\r\n`).join("");

function cell(text) {
  const number = text.replace(/[,\u00a0\u202f]/g, "").replace("−", "-");
  if (/^-?\d+(\.\d+)?$/.test(number)) return number;
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

// drawn is where a picture of the chart has a lasting address: beside the page of a preset, or where a program at the edge
// draws it. Null if it has none.
export function drawn({ origin, query, model, own, chart, dark, pinned, edge }) {
  if (own) return null; // described behind the #, which no server sees
  if (query === "" || query === `model=${model}`) return `${origin}/m/${model}/${chart}${dark ? "-dark" : ""}.svg`;
  return edge.includes(chart) ? `${origin}/chart.svg?${pinned}${dark ? "&theme=dark" : ""}` : null;
}
