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
    return WebAssembly.instantiateStreaming(response, imports);
  }
  // A server that does not know the type. Anything else that goes wrong is not retried: it would hide the cause.
  const bytes = await response.arrayBuffer();
  if (bytes.byteLength !== Number(size)) throw new Error(`${address}: got ${bytes.byteLength} bytes of ${size}`);
  return WebAssembly.instantiate(bytes, imports);
}

// The reader of configs and checkpoints is a program of its own, fetched when the first model of the visitor's own is
// read. moecostReader() gives a promise of what it offers; after a failure the next call tries again.
let reader;
globalThis.moecostReader = () => reader ??= (async () => {
  const go = new Go();
  const { instance } = await program(assets.reader, assets.readerBytes, go.importObject);
  go.run(instance).then(() => { reader = undefined; }); // it waits for calls; it ends only if it breaks
  return globalThis.moecostConfigs;
})().catch((error) => {
  reader = undefined;
  throw error;
});

// moecostWorker() gives a promise of a worker that serves simulations: the page's own program, compiled already. It rejects
// where there can be none, as in a sandboxed frame.
let compiled;
globalThis.moecostWorker = () => new Promise((resolve, reject) => {
  const worker = new Worker(assets.worker);
  const refuse = (reason) => {
    worker.terminate();
    reject(new Error(reason));
  };
  const late = setTimeout(() => refuse("the worker did not start"), 20_000);
  worker.onerror = (event) => {
    event.preventDefault(); // it is no fault of the page: there is another way
    clearTimeout(late);
    refuse(event.message ?? "the worker could not be loaded");
  };
  worker.onmessage = ({ data }) => {
    clearTimeout(late);
    if (data.ready) resolve(worker);
    else refuse(data.ended);
  };
  worker.postMessage(compiled);
});

// painted resolves when the answer has been shown in its own type: nothing that loads may come before that.
const painted = document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));

async function start() {
  await painted;
  const go = new Go();
  const { instance, module } = await program(assets.wasm, assets.bytes, go.importObject);
  compiled = module;
  await go.run(instance);
  throw new Error("the program ended");
}

start().catch((error) => {
  notice("The calculator could not run, so the controls do nothing.",
    `The answer above is for the scenario named there. Reload the page to try again. (${error.message})`);
});
