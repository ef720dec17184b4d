// Compresses the files named on standard input, one "from<TAB>to" a line, as a static host does: brotli, quality 11.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { brotliCompressSync, constants } from "node:zlib";

for (const line of readFileSync(0, "utf8").split("\n").filter(Boolean)) {
  const [from, to] = line.split("\t");
  const raw = readFileSync(from);
  mkdirSync(dirname(to), { recursive: true });
  writeFileSync(to, brotliCompressSync(raw, { params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: raw.length } }));
}
