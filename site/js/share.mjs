// What the share dialog offers: a link, a live chart, a picture, numbers. Loaded when the dialog first opens. The page's
// program gives what depends on the model (moecostPage.share, figure, drawing, answer); this composes and shows it.
import { draw, heightOf, inline, png } from "./picture.mjs";
import { command, csv, drawn, frame, listener, picture } from "./snippets.mjs";

const dialog = document.getElementById("share");
const part = (name) => dialog.querySelector(`[data-share="${name}"]`);
const chosen = (name) => dialog.querySelector(`[name="share-${name}"]:checked`).value;
let script; // of download.mjs: fetches a module by its plain name

const least = 320, most = 960; // pixels of width that an embed is made for
const usual = 616; // as much as the dialog has room for
const air = 32; // pixels beside a frame, left and right together
const typical = 150; // pixels that an embed has around its chart, until it has said its height
let width; // of the preview
let height; // of the live chart, as it asks for it
let view; // what is chosen, and what the program gave for it
let file; // of the picture: {svg, width, height}
let latest = 0; // call of refresh: what an earlier one waited for is out of date

// show opens at what a button asks for: a chart, and something live of it.
export function show(chart, verb, fetched) {
  script = fetched;
  globalThis.moecostPage.share(); // what is out of sight is said, too: titles are read from the page
  offer(chart);
  if (verb === "embed") dialog.querySelector('[name="share-take"][value="live"]').checked = true;
  dialog.querySelector('[name="share-take"]:checked').focus();
  refresh();
}

// offer lists the figures that the page has now, by their titles.
function offer(chart) {
  const select = part("chart"), before = chart || select.value;
  const groups = new Map();
  for (const figure of document.querySelectorAll("figure[data-frame]:not([hidden])")) {
    const section = figure.closest("section").querySelector(".no").lastChild.textContent, name = figure.dataset.frame;
    if (!groups.has(section)) groups.set(section, Object.assign(document.createElement("optgroup"), { label: section }));
    groups.get(section).append(new Option(titleOf(name), name, false, name === before));
  }
  select.replaceChildren(...groups.values());
}

const slot = (chart, name) => document.querySelector(`[data-slot="${chart}.${name}"]`)?.textContent ?? "";
const titleOf = (chart) => slot(chart, "title");

// refresh asks the program for what is chosen, and shows it.
async function refresh() {
  const mine = ++latest;
  const take = dialog.dataset.take = chosen("take"), chart = part("chart").value;
  for (const element of dialog.querySelectorAll("[data-for]")) element.hidden = !element.dataset.for.split(" ").includes(take);
  try {
    const now = globalThis.moecostPage.share(), of = globalThis.moecostPage.figure(chart);
    view = { take, now, chart, of, colours: chosen("colours"), format: chosen("format"), title: `${titleOf(chart)}, ${now.name}` };
  } catch {
    return say("The calculator failed at this scenario: close the dialog and change something.");
  }
  if (!width && take !== "link" && take !== "numbers") resize(stage.clientWidth - air || usual);
  const { stale } = view.of;
  name();
  say(stale && take !== "link" ? "Being simulated: what stands here is of the previous run." : "");
  if (take === "picture") await paint(mine);
  if (mine !== latest) return;
  compose();
  if (stale) setTimeout(() => { if (mine === latest) refresh(); }, 400);
}

// name says which control the embed of the chart has, if it has one.
function name() {
  const [of] = dialog.dataset.controls.split("; ").map((pair) => pair.split(": ")).find(([, figures]) => figures.split(" ").includes(view.chart)) ?? [];
  part("control").parentElement.hidden = !live() || !of;
  part("control-name").textContent = `With the ${of} control`;
}

// compose shows the preview and writes the code for what the program gave.
function compose() {
  if (live() && !view.of.pinned) say("This figure cannot stand in a frame by itself: take its picture, its numbers, or the link.");
  if (live() && view.of.pinned) preview(view);
  else unframe();
  write(view);
}

const live = () => view.take === "live" || view.take === "fixed";
const say = (text) => { part("notice").textContent = text; };

const notes = {
  link: "All of it is in the link; no server keeps anything.",
  live: "All that the chart shows is pinned in its link: later changes of a default cannot change your post.",
  csv: "One header line; every unit is in it.",
  json: "Units are in the keys. The same JSON as the command prints.",
  command: "Run it in a checkout of moecost; it prints the JSON.",
};

// write fills in the code and what is said of it.
function write({ take, now, chart, of, colours, format, title }) {
  const pinned = `${of.pinned}${now.fragment}`;
  const set = (code, note, label) => {
    part("code").textContent = code;
    part("note").textContent = note;
    part("copy").textContent = part("copy").dataset.label = label;
  };
  switch (take) {
    case "link": return set(now.link, notes.link, "Copy link");
    case "live":
    case "fixed": {
      if (!of.pinned) return set("", "", "Copy code");
      const code = frame({ address: address(now, of, colours), title, width, height: height ?? guess(), grows: take === "live" });
      return take === "live" ? set(`${code}\n${listener}`, notes.live, "Copy code")
        : set(code, `At ${width} px it is ${height ?? guess()} px high. In a narrower column it needs more, or scrolls.`, "Copy code");
    }
    case "picture": {
      const there = drawn({ origin: location.origin, query: now.query, model: now.model, own: Boolean(now.fragment), chart, dark: colours === "dark", pinned, edge: atEdge() ? dialog.dataset.charts.split(" ") : [] });
      return set(picture({ source: there ?? `${nameOf(chart)}.svg`, link: now.link, title: `${now.name}: ${of.name}` }),
        there ? "Markdown. The picture at this address follows moecost’s own changes; a file that you save stays as it is." : "Markdown. Save the picture and put it beside your post.", "Copy Markdown");
    }
    default:
      if (format === "json") return set(globalThis.moecostPage.answer(), notes.json, "Copy JSON");
      if (format === "command") return set(command(now.query, Boolean(now.fragment)), notes.command, "Copy command");
      return set(of.csv || csv(rowsOf(chart)), notes.csv, "Copy CSV");
  }
}

// rowsOf is the table on the page, of a figure that the program has no numbers of: one that the build has drawn.
const rowsOf = (chart) => Array.from(document.querySelectorAll(`[data-table="${chart}"] tr`), (row) => Array.from(row.cells, (cell) => cell.textContent.trim()));

// address is the embed's: everything that it shows, and how it looks.
const address = (now, of, colours) => `${location.origin}/embed/?${of.pinned}${colours && `&theme=${colours}`}${part("control").checked ? "" : "&control=0"}${now.fragment}`;

// A program at the edge has said in the head of the page that it answers for this scenario.
const atEdge = () => document.querySelector('link[type="application/json+oembed"]') !== null;

const nameOf = (chart) => `moecost-${chart}`;
const guess = () => heightOf(width) + typical;

// ---- the live chart ---------------------------------------------------------------------------

const stage = part("stage");

const pause = 200; // ms from a choice to its frame: who walks through the choices by key loads one
let framing;

// preview shows the embed itself. Each address has a frame of its own: one that goes elsewhere would leave entries in the history.
function preview({ now, of, colours, title }) {
  const src = address(now, of, colours);
  if (stage.querySelector("iframe")?.src !== src) {
    unframe();
    framing = setTimeout(() => {
      stage.append(Object.assign(document.createElement("iframe"), { src, title }));
      fit();
    }, pause);
  }
  fit();
}

function fit() {
  const size = { width, height: height ?? guess() };
  Object.assign(stage.querySelector("iframe") ?? {}, size);
  measure(size);
}

function unframe() {
  clearTimeout(framing);
  stage.querySelector("iframe")?.remove();
  height = undefined;
}

addEventListener("message", ({ data, source }) => {
  const embed = stage.querySelector("iframe");
  if (data?.type !== "moecost:height" || !embed || source !== embed.contentWindow || !(data.height > 0)) return;
  height = Math.ceil(data.height);
  compose();
});

const measure = (size) => { part("size").textContent = `${size.width} × ${size.height}`; };

// ---- the picture ------------------------------------------------------------------------------

async function paint(mine) {
  const { chart, colours, now, of } = view, image = part("image");
  file = undefined;
  const dark = colours === "dark" || !colours && document.querySelector("[data-theme-toggle]").getAttribute("aria-pressed") === "true";
  try {
    const inner = width - 40;
    const option = globalThis.moecostPage.drawing(chart, inner, heightOf(inner), dark);
    if (!option) {
      image.hidden = true;
      return say("There is no such drawing to take: choose As here, or take its numbers.");
    }
    const { init } = await script("charts.js");
    const made = await draw({ init, option, title: of.headline || titleOf(chart), unit: slot(chart, "unit"), scenario: document.querySelector('[data-slot="kicker"]').textContent, source: slot(chart, "source"), from: now.link, width, dark });
    if (mine !== latest) return;
    file = made;
    image.hidden = false;
    Object.assign(image, { src: inline(made.svg), alt: `${now.name}: ${of.name}`, width: made.width, height: made.height });
    measure(made);
  } catch (error) {
    if (mine === latest) say(`The picture could not be drawn: close the dialog and try again. (${error.message})`);
  }
}

// ---- copying, saving, the QR code ---------------------------------------------------------------

function after(button, said) {
  const label = button.dataset.label ??= button.textContent;
  button.textContent = document.querySelector('[data-slot="say"]').textContent = said;
  clearTimeout(button.timer);
  button.timer = setTimeout(() => { button.textContent = button.dataset.label ?? label; }, 2000);
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(part("code").textContent);
    after(button, "Copied");
  } catch {
    after(button, "Not allowed here: select the text");
  }
}

function save(name, content) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

async function saveAs(kind) {
  const name = nameOf(part("chart").value);
  if (kind === "text") {
    const json = chosen("format") === "json";
    const text = part("code").textContent;
    return save(json ? "moecost.json" : `${name}.csv`, new Blob([text], { type: json ? "application/json" : "text/csv;charset=utf-8" }));
  }
  if (!file) return;
  if (kind === "svg") return save(`${name}.svg`, new Blob([file.svg], { type: "image/svg+xml" }));
  try {
    save(`${name}.png`, await png(file));
  } catch (error) {
    say(`There is no PNG: save the SVG. (${error.message})`);
  }
}

async function showCode() {
  const box = part("qr");
  try {
    const { code } = await script("qr.js");
    const drawing = code(part("code").textContent);
    box.replaceChildren(drawing ?? `The link is too long for a QR code that a phone can read. Send it as text.`);
  } catch (error) {
    box.replaceChildren(`The QR code could not be made: try again. (${error.message})`);
  }
}

dialog.addEventListener("click", ({ target }) => {
  const button = target.closest("[data-share='copy'],[data-save],[data-share='show-qr']");
  if (!button) return;
  if (button.dataset.save) saveAs(button.dataset.save);
  else if (button.dataset.share === "copy") copy(button);
  else showCode();
});
dialog.addEventListener("input", ({ target }) => {
  const wanted = Number(target.value);
  if (target.dataset.share !== "width" || wanted < least || wanted > most || !wanted) return;
  resize(wanted, target);
  resized();
});
dialog.addEventListener("change", ({ target }) => {
  if (target.dataset.share !== "width") return refresh();
  resize(Number(target.value) || width);
  resized();
});
dialog.addEventListener("close", () => {
  unframe();
  latest++; // nothing that is under way comes back
});

// resized shows it: a frame follows by itself, a picture is drawn anew.
const resized = () => (live() ? compose() : refresh());

// resize takes another width, and shows it but where it is being typed.
function resize(to, typed) {
  width = Math.min(most, Math.max(least, Math.round(to)));
  for (const field of dialog.querySelectorAll('[data-share="width"]')) if (field !== typed) field.value = width;
  part("track").setAttribute("width", `${100 * (width - least) / (most - least)}%`);
}
