// node --test site/js
import assert from "node:assert/strict";
import test from "node:test";
import { compact, place } from "./compact.mjs";

// Every coordinate of a path after its transform, by a walk of its own.
test("coordinates are those that the transform gives", () => {
  assert.equal(place("M0 0L10 5Z", 2, 3, 100, 200), "M100 200L120 215Z");
  assert.equal(place("M1 2 3 4 5 6", 1, 1, 0, 0), "M1 2L3 4L5 6");
  assert.equal(place("M0 0C1 1 2 2 3 3Q4 4 5 5H6V7", 10, 10, 1, 2), "M1 2C11 12 21 22 31 32Q41 42 51 52H61V72");
  assert.equal(place("M0 0A1 1 0 1 1 2 0", 4, 4, 10, 10), "M10 10A4 4 0 1 1 18 10");
});

test("level and upright lines are written short", () => {
  assert.equal(place("M1 1L5 1L5 4L1 4Z", 2, 2, 0, 0), "M2 2H10V8H2Z");
  assert.equal(place("M0 0L1 1H3L3 2L3 2", 1, 1, 0, 0), "M0 0L1 1H3V2H3");
});

test("what would change its form is left alone", () => {
  assert.equal(place("M0 0A1 1 0 1 1 2 0", 4, 3, 0, 0), undefined);
  assert.equal(place("M0 0l1 1", 1, 1, 0, 0), undefined);
  const turned = '<path d="M0 0L1 1" transform="matrix(0,1,-1,0,5,5)" fill="none"></path>';
  assert.equal(compact(turned), turned);
});

test("neighbours that look the same become one, in order", () => {
  const line = (y, colour) => `<path d="M0 ${y}L9 8" fill="none" stroke="${colour}"></path>\n`;
  assert.equal(compact(line(1, "a") + line(2, "a") + line(3, "b") + line(4, "a")),
    '<path d="M0 1L9 8M0 2L9 8" fill="none" stroke="a"/><path d="M0 3L9 8" fill="none" stroke="b"/><path d="M0 4L9 8" fill="none" stroke="a"/>');
});

test("a circle keeps its place, size and line", () => {
  const ring = '<path d="M1 0A1 1 0 1 1 1 -0.1A1 1 0 0 1 1 0" transform="matrix(2.5,0,0,2.5,100,50)" fill="none" stroke="k" stroke-width="0.4"></path>';
  assert.equal(compact(ring), '<path d="M97.5 50a2.5 2.5 0 1 0 5 0a2.5 2.5 0 1 0 -5 0" fill="none" stroke="k" stroke-width="1"/>');
});

test("text between paths stays between them", () => {
  const path = '<path d="M0 0L1 1" fill="none"></path>\n';
  assert.equal(compact(path + '<text x="1">a &lt; b</text>\n' + path), '<path d="M0 0L1 1" fill="none"/><text x="1">a &lt; b</text><path d="M0 0L1 1" fill="none"/>');
});
