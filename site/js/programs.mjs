// The programs of a page, its own and those that it asks for later. start() fetches its own and hands over.
// Until then the answer stands in the HTML, and what the reader does is kept and applied.
import "wasm_exec"; // Go's own glue, from the toolchain that compiled the programs
import { program } from "./download.mjs";
import { keepUntilLive } from "./waiting.mjs";
import { notice } from "./notice.mjs";
import "./planner.mjs";

// live resolves when the program has taken the page over.
const lift = keepUntilLive();
export const live = new Promise((resolve) => {
  globalThis.moecostLive = () => {
    lift();
    resolve();
  };
});

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

// Its own program is compiled once: a second try may have it already.
let compiled;

// painted resolves when the answer has been shown in its own type: nothing that loads may come before that.
const painted = document.fonts.ready.then(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));

// start fetches and compiles the program, and runs it when somebody asks, if it is to wait for that.
export async function start(asked) {
  await painted;
  try {
    compiled ??= await program("page.wasm");
  } catch (error) {
    notice("The calculator could not be loaded, so the controls do nothing yet.",
      `The answer above is for the scenario named there; what you change is kept. (${error.message})`, () => start(asked));
    return;
  }
  await asked;
  try {
    const go = new Go();
    await go.run(await WebAssembly.instantiate(compiled, go.importObject));
    throw new Error("the program ended");
  } catch (error) {
    notice("The calculator could not run, so the controls do nothing.",
      `The answer above is for the scenario named there. Reload the page to try again. (${error.message})`);
  }
}
