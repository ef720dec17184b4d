// Starts the page's program: fetches the WebAssembly and hands over.
// Until then the answer stands in the HTML, and what the reader does is kept and applied.
import "wasm_exec"; // Go's own glue, from the toolchain that compiled the program
import "./shell.mjs";
import "./charts.mjs";
import { keepUntilLive } from "./waiting.mjs";
import { notice } from "./notice.mjs";

const assets = document.querySelector("script[data-wasm]").dataset;

globalThis.moecostLive = keepUntilLive();

// program fetches and compiles one of the two programs.
async function program(address, size, imports) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${address}: the server answered ${response.status}`);
  if ((response.headers.get("content-type") || "").startsWith("application/wasm")) {
    return (await WebAssembly.instantiateStreaming(response, imports)).instance;
  }
  // A server that does not know the type. Anything else that goes wrong is not retried: it would hide the cause.
  const bytes = await response.arrayBuffer();
  if (bytes.byteLength !== Number(size)) throw new Error(`${address}: got ${bytes.byteLength} bytes of ${size}`);
  return (await WebAssembly.instantiate(bytes, imports)).instance;
}

// The reader of configs and checkpoints is a program of its own, fetched when the first model of the visitor's own is
// read. moecostReader() gives a promise of what it offers; after a failure the next call tries again.
let reader;
globalThis.moecostReader = () => reader ??= (async () => {
  const go = new Go();
  const instance = await program(assets.reader, assets.readerBytes, go.importObject);
  go.run(instance).then(() => { reader = undefined; }); // it waits for calls; it ends only if it breaks
  return globalThis.moecostConfigs;
})().catch((error) => {
  reader = undefined;
  throw error;
});

// painted resolves when the answer has been shown in its own type: nothing that loads may come before that.
const painted = document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));

async function start() {
  await painted;
  const go = new Go();
  const instance = await program(assets.wasm, assets.bytes, go.importObject);
  await go.run(instance);
  throw new Error("the program ended");
}

start().catch((error) => {
  notice("The calculator could not run, so the controls do nothing.",
    `The answer above is for the scenario named there. Reload the page to try again. (${error.message})`);
});
