// Calls the reader as the page does and prints what it answers.
import { readFileSync } from "node:fs";

const [exec, program, configs] = process.argv.slice(2);
await import(exec);
const go = new Go();
const { instance } = await WebAssembly.instantiate(readFileSync(program), go.importObject);
go.run(instance);
const reader = globalThis.moecostConfigs;

const file = (name, ...parts) => Object.assign(new Blob(parts), { name });
const mixtral = readFileSync(`${configs}/mistralai__Mixtral-8x7B-v0.1.json`, "utf8");
const index = file("model.safetensors.index.json", '{"metadata":{"total_size":14},"weight_map":{"lm_head.weight":"m-1.safetensors"}}');
const lost = { name: "lost.gguf", size: 99, slice: () => ({ arrayBuffer: () => Promise.reject(new DOMException("moved away", "NotReadableError")) }) };

// A GGUF file of two tensors.
const bytes = [];
const number = (n, width) => { for (let i = 0; i < width; i++) bytes.push(Number((BigInt(n) >> BigInt(8 * i)) & 255n)); };
const text = (s) => { number(s.length, 8); for (const c of s) bytes.push(c.charCodeAt(0)); };
bytes.push(...Buffer.from("GGUF"));
number(3, 4); number(2, 8); number(3, 8);
text("general.architecture"); number(8, 4); text("llama");
text("llama.block_count"); number(4, 4); number(1, 4);
text("llama.attention.head_count"); number(4, 4); number(2, 4);
for (const [name, shape, offset] of [["token_embd.weight", [8, 32], 0], ["blk.0.attn_q.weight", [8, 8], 512]]) {
  text(name); number(shape.length, 4); shape.forEach((d) => number(d, 8)); number(1, 4); number(offset, 8);
}
const tiny = new Uint8Array(bytes);

// Of a large file only the header is asked for.
let asked = 0;
const large = {
  name: "large.safetensors", size: 2 ** 40,
  slice: (from, to) => {
    asked = Math.max(asked, to);
    const head = new Uint8Array(to - from);
    if (from === 0) head.set([...Buffer.from("\x10\x00\x00\x00\x00\x00\x00\x00{\"__metadata__\":"), 0].slice(0, head.length));
    return new Blob([head]);
  },
};
await reader.files([large], "");

const answers = {
  "config": reader.config(mixtral),
  "broken config": reader.config('{"model_type": "llama", '),
  "no text": reader.config(),
  "file": await reader.files([file("config.json", mixtral)], ""),
  "index and known config": await reader.files([index], mixtral),
  "index alone": await reader.files([index], ""),
  "gguf": await reader.files([file("tiny.gguf", tiny)], ""),
  "no files": await reader.files([], ""),
  "nonsense": await reader.files("x"),
  "unreadable file": await reader.files([lost], ""),
  "pickle": await reader.files([file("pytorch_model.bin", "PK\x03\x04 and so on")], ""),
  "truncated header": await reader.files([file("tiny.gguf", tiny.slice(0, 60))], ""),
  "counts": reader.counts("1,2,3,4\n4,3,2,1\n", [4]),
  "counts in bytes": reader.counts(new TextEncoder().encode("[[0.5, 1e3]]"), [2, 3]),
  "counts of another model": reader.counts("1,2,3\n", [4]),
  "negative counts": reader.counts("1,-2\n", [2]),
  "counts of nothing": reader.counts(),
  "trace": await reader.trace("[[[0],[1]],[[1],[2]],[[0],[3]]]", 4),
  "trace of another model": await reader.trace("[[[9]]]", 4),
  "trace of nothing": await reader.trace(),
  "measured": reader.measured(`{"max_concurrency":64,"completed":2,"total_input_tokens":8192,"total_output_tokens":2048,"mean_tpot_ms":31.5}`),
  "measured by hand": reader.measured("16:20.5\n64:31.5"),
  "measured nothing": reader.measured(),
  "slices": { config: String(asked) },
};
console.log(JSON.stringify(answers));
process.exit(0);
