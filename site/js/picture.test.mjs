// node --test site/js
import assert from "node:assert/strict";
import test from "node:test";
import { broken, heightOf, within } from "./picture.mjs";

const chars = (n) => (line) => [...line].length <= n;

test("lines break at spaces", () => {
  assert.deepEqual(broken("one two three", chars(7)), ["one two", "three"]);
  assert.deepEqual(broken("one\u00a0two three", chars(7)), ["one\u00a0two", "three"]);
  assert.deepEqual(broken("", chars(7)), []);
});

test("a word that is too long breaks anywhere, and what is too much is cut", () => {
  assert.deepEqual(broken("abcdefghij k", chars(4)), ["abcd", "efgh", "ij k"]);
  const lines = broken("x".repeat(10_000), chars(10));
  assert.equal(lines.length, 4);
  assert.ok(lines.every(chars(10)));
  assert.ok(lines[3].endsWith("x…"));
  assert.deepEqual(broken("🧠🧠🧠🧠🧠", chars(2)), ["🧠🧠", "🧠🧠", "🧠"]); // never half a character
});

test("ranges of characters", () => {
  assert.ok(within("U+20-7E, U+A0", "é A"));
  assert.ok(!within("U+3B1, U+1F600-1F64F", "é A"));
  assert.ok(within("U+3B1, U+1F600-1F64F", "😀"));
  assert.ok(within("", "anything"));
});

test("the height of a chart follows its width within limits", () => {
  assert.deepEqual([320, 500, 960].map(heightOf), [240, 280, 420]);
});
