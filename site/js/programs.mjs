// The programs of a page, its own and those that it asks for later. start() fetches its own and hands over.
// Until then the answer stands in the HTML, and what the reader does is kept and applied.
import "wasm_exec"; // Go's own glue, from the toolchain that compiled the programs
import { kept, program } from "./download.mjs";
import { keepUntilLive } from "./waiting.mjs";
import { notice } from "./notice.mjs";

globalThis.moecostLive = keepUntilLive();

// The reader of configs and checkpoints is a program of its own, fetched when the first model of the visitor's own is
// read. moecostReader() gives a promise of what it offers; after a failure the next call tries again.
let reader;
globalThis.moecostReader = () => reader ??= (async () => {
  const go = new Go();
  const instance = await WebAssembly.instantiate(await program("reader.wasm"), go.importObject);
  go.run(instance).then(() => { reader = undefined; }); // it waits for calls; it ends only if it breaks
  return globalThis.moecostConfigs;
})().catch((error) => {
  reader = undefined;
  throw error;
});

// moecostWorker() gives a promise of a worker that serves simulations: the page's own program, compiled already. It rejects
// where there can be none, as in a sandboxed frame.
let compiled;
globalThis.moecostWorker = () => kept("worker.js").then((address) => new Promise((resolve, reject) => {
  const worker = new Worker(address);
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
}));

// painted resolves when the answer has been shown in its own type: nothing that loads may come before that.
const painted = document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));

export async function start() {
  await painted;
  try {
    compiled ??= await program("page.wasm");
  } catch (error) {
    notice("The calculator could not be loaded, so the controls do nothing yet.",
      `The answer above is for the scenario named there; what you change is kept. (${error.message})`, start);
    return;
  }
  try {
    const go = new Go();
    await go.run(await WebAssembly.instantiate(compiled, go.importObject));
    throw new Error("the program ended");
  } catch (error) {
    notice("The calculator could not run, so the controls do nothing.",
      `The answer above is for the scenario named there. Reload the page to try again. (${error.message})`);
  }
}
