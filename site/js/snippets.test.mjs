// node --test site/js
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import test from "node:test";
import { command, csv, drawn, frame, marked, markup, picture, plain, quoted, target } from "./snippets.mjs";

const hostile = [
  '"><script>alert(1)</script>', "'onload='alert(1)", "](javascript:alert(1))", "![x](y)", "`code`", "a\0b\u202egpj.exe", "\ud83d alone",
  "&lt;b&gt;", "https://example.org www.example.org me@example.org", "\\](x)", "two\nlines\r\n# head", "$x$ | ~~y~~ <!-- -->", "𝒳 🧠 é",
];

// What an HTML parser makes of an attribute in double quotes, by a reading of its own.
const read = (text) => text.replace(/&(amp|lt|gt|quot|#39);/g, (_, name) => ({ amp: "&", lt: "<", gt: ">", quot: '"', "#39": "'" })[name]);

test("an attribute holds the text and ends where it should", () => {
  for (const text of hostile) {
    const escaped = markup(text);
    assert.doesNotMatch(escaped, /["'<>]/);
    assert.equal(read(escaped), plain(text));
  }
});

test("plain text shows all that it holds", () => {
  assert.equal(plain("a\0b\u202egpj.exe"), "abgpj.exe");
  assert.equal(plain(" two\n lines\u2029"), "two lines");
  assert.equal(plain("\ud83d alone"), "alone");
  assert.equal(plain("🧠"), "🧠");
});

// Of CommonMark: a backslash before ASCII punctuation is that character; nothing else in a text may be a mark.
test("Markdown's marks are escaped", () => {
  for (const text of hostile) {
    const bare = marked(text).replace(/\\[!-/:-@[-`{-~]/g, "");
    assert.doesNotMatch(bare, /[\\`*_[\]<>!&|~$@]|:\/\/|www\./i);
    assert.equal(marked(text).replace(/\\([!-/:-@[-`{-~])/g, "$1"), plain(text));
  }
});

test("an address in Markdown cannot end early", () => {
  assert.equal(target("https://h/?gpu=custom~name:a(b)&x=%20;\"' <"), "https://h/?gpu=custom~name:a%28b%29&x=%20%3B%22%27%20%3C");
  const text = picture({ source: "https://h/a.svg", link: "https://h/?x=1)y", title: "A [b](c)" });
  assert.equal(text, "[![A \\[b\\]\\(c\\)](https://h/a.svg)](https://h/?x=1%29y)");
});

test("a shell reads one word", () => {
  for (const text of ["model=x&batch=2", "a'b", "$(id) `id` \\ !"]) {
    assert.equal(execFileSync("sh", ["-c", `printf %s ${quoted(text)}`], { encoding: "utf8" }), text);
  }
  assert.equal(command("model=custom", true), "go run ./scripts/estimate 'model=custom' -config config.json");
});

test("cells for other programs", () => {
  assert.equal(csv([["GPUs", "$/M"], ["1,024", "−2.50"], ["=1+1", "a, b"], ['@x "y"', "+1"], ["-2+3", "–"]]),
    "GPUs,$/M\r\n1024,-2.50\r\n'=1+1,\"a, b\"\r\n\"'@x \"\"y\"\"\",'+1\r\n'-2+3,–\r\n");
});

test("frames", () => {
  assert.equal(frame({ address: "https://h/embed/?chart=tpot&batch=2", title: 'A "b"', height: 472, grows: true }),
    '<iframe src="https://h/embed/?chart=tpot&amp;batch=2" title="A &quot;b&quot;" height="472" loading="lazy" style="width:100%;border:0"></iframe>');
  assert.match(frame({ address: "x", title: "", width: 640, height: 400 }), / width="640" height="400" loading="lazy" style="max-width:100%;border:0">/);
});

test("pictures have an address where somebody serves one", () => {
  const of = { origin: "https://h", query: "model=kimi-k2", model: "kimi-k2", chart: "tail", dark: false, pinned: "chart=tpot&batch=2", edge: ["tpot"] };
  assert.equal(drawn(of), "https://h/m/kimi-k2/tail.svg");
  assert.equal(drawn({ ...of, query: "", model: "deepseek-v3", dark: true }), "https://h/m/deepseek-v3/tail-dark.svg");
  assert.equal(drawn({ ...of, query: "model=kimi-k2&batch=2" }), null);
  assert.equal(drawn({ ...of, query: "model=kimi-k2&batch=2", chart: "tpot", dark: true }), "https://h/chart.svg?chart=tpot&batch=2&theme=dark");
  assert.equal(drawn({ ...of, query: "model=kimi-k2&batch=2", chart: "tpot", edge: [] }), null);
  assert.equal(drawn({ ...of, query: "model=custom", model: "custom", own: true, chart: "tpot" }), null);
});
