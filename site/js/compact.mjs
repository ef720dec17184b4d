// Makes a drawing small enough to stand in the HTML. The chart library writes an element for every mark, each with a
// transform of its own; here transforms are worked into the coordinates, which keep a tenth of a pixel, and neighbours
// that look the same become one path.

const element = /<path d="([^"]*)"([^>]*)><\/path>\n?/y;
const placed = /\stransform="(matrix|translate)\(([^)]*)\)"/;
const token = /([A-Za-z])|(-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?)/gi;
const numbersOf = { M: 2, L: 2, H: 1, V: 1, C: 6, S: 4, Q: 4, T: 2, A: 7, Z: 0 };

const tenth = (v) => String(Math.round(v * 10) / 10).replace(/^(-?)0\./, "$1.");

// place maps absolute path data by x·sx + tx, y·sy + ty. It gives undefined for what it does not know.
export function place(d, sx, sy, tx, ty) {
  let out = "";
  let command = "";
  let numbers = [];
  let [atX, atY] = ["", ""]; // where the pen is, as written
  const x = (v) => tenth(v * sx + tx);
  const y = (v) => tenth(v * sy + ty);
  const flush = () => {
    const n = numbersOf[command];
    if (n === undefined || (n === 0 ? numbers.length : numbers.length % n || !numbers.length)) return false;
    if (n === 0) {
      out += "Z";
      [atX, atY] = ["", ""];
    }
    for (let i = 0; i < numbers.length; i += n) {
      const v = numbers.slice(i, i + n);
      let mapped;
      if (command === "H") mapped = [x(v[0])];
      else if (command === "V") mapped = [y(v[0])];
      else if (command === "A") {
        if (Math.abs(sx) !== Math.abs(sy) || sx * sy < 0) return false; // would no longer be this ellipse
        mapped = [tenth(v[0] * Math.abs(sx)), tenth(v[1] * Math.abs(sx)), v[2], v[3], v[4], x(v[5]), y(v[6])];
      } else mapped = v.map((value, k) => (k % 2 ? y(value) : x(value)));
      let written = i > 0 && command === "M" ? "L" : command;
      if (written === "L" && mapped[1] === atY) [written, mapped] = ["H", [mapped[0]]];
      else if (written === "L" && mapped[0] === atX) [written, mapped] = ["V", [mapped[1]]];
      out += written + mapped.join(" ");
      if (written === "V") atY = mapped[0];
      else if (written === "H") atX = mapped[0];
      else [atX, atY] = mapped.slice(-2);
    }
    numbers = [];
    return true;
  };
  for (const [, letter, number] of d.matchAll(token)) {
    if (letter) {
      if (command && !flush()) return undefined;
      command = letter;
    } else numbers.push(Number(number));
  }
  return command && flush() ? out : undefined;
}

// Circles and squares have shorter forms than those that the library writes.
const circle = /M1 0A1 1 0 1 1 1 -0\.1A1 1 0 0 1 1 0Z?/g;
function dot(r, x, y) {
  return `M${tenth(x - r)} ${tenth(y)}a${tenth(r)} ${tenth(r)} 0 1 0 ${tenth(2 * r)} 0a${tenth(r)} ${tenth(r)} 0 1 0 ${tenth(-2 * r)} 0`;
}

// flat gives a path without a transform, or undefined.
function flat(d, attributes) {
  const [whole, kind, list] = placed.exec(attributes) ?? [];
  const v = list ? list.split(/[\s,]+/).map(Number) : [];
  if (whole && kind === "matrix" && (v[1] || v[2])) return undefined; // turned
  const [sx, sy, tx, ty] = !whole ? [1, 1, 0, 0] : kind === "matrix" ? [v[0], v[3], v[4], v[5]] : [1, 1, v[0], v[1] ?? 0];
  let path;
  if (sx === sy && sx > 0 && d.replace(circle, "") === "") path = dot(sx, tx, ty);
  else path = place(d.replace(/^M-1 -1M1 1/, ""), sx, sy, tx, ty); // an empty frame that some symbols start with
  if (path === undefined) return undefined;
  let rest = whole ? attributes.replace(whole, "") : attributes;
  if (/\sstroke="/.test(rest) && sx !== 1) {
    if (Math.abs(sx) !== Math.abs(sy)) return undefined;
    let widened = false;
    rest = rest.replace(/\sstroke-width="([^"]*)"/, (_, w) => {
      widened = true;
      return ` stroke-width="${Math.round(w * Math.abs(sx) * 100) / 100}"`;
    });
    if (!widened) rest += ` stroke-width="${Math.abs(sx)}"`;
  }
  return { path, rest };
}

export function compact(svg) {
  svg = svg
    .replace(/\s(?:pointer-events="[^"]*"|xml:space="preserve"|font-weight="400"|stroke-linejoin="bevel"|font-family="Figure Sans[^"]*")/g, "") // the style sheet names the font
    .replace(/\n\n+/g, "\n");
  let out = "";
  let run = null; // paths that look the same
  const end = () => {
    if (run) out += `<path d="${run.d}"${run.rest}/>`;
    run = null;
  };
  for (let at = 0; at < svg.length;) {
    element.lastIndex = at;
    const match = element.exec(svg);
    if (!match) {
      const next = svg.indexOf("<path ", at + 1);
      end();
      out += svg.slice(at, next < 0 ? svg.length : next);
      at = next < 0 ? svg.length : next;
      continue;
    }
    at = element.lastIndex;
    const made = flat(match[1], match[2]);
    if (!made) {
      end();
      out += match[0];
    } else if (run && run.rest === made.rest) {
      run.d += made.path;
    } else {
      end();
      run = { d: made.path, rest: made.rest };
    }
  }
  end();
  return out.replace(/>\n</g, "><").replace(/\n$/, "");
}
