// The program that does what is long or rare (wasm/planner), fetched when somebody is there to ask.
import "wasm_exec";
import { kept, program } from "./download.mjs";

let compiled;
const fetched = () => compiled ??= program("planner.wasm").catch((error) => {
  compiled = undefined;
  throw error;
});

// foresee fetches the program before it is asked for, when there is nothing else to do.
export function foresee() {
  if (navigator.connection?.saveData) return;
  (globalThis.requestIdleCallback ?? setTimeout)(() => fetched().catch(() => {})); // whoever asks is told
}

// moecostPlanner() gives a promise of what takes the program's messages: a worker, or where there can be none, as in a
// sandboxed frame, a port to the program on this thread. It rejects if the program cannot be fetched; the next call tries again.
globalThis.moecostPlanner = async () => {
  const module = await fetched();
  return working(module).catch(() => here(module));
};

async function working(module) {
  const worker = new Worker(await kept("worker.js"));
  const ready = whenReady(worker);
  worker.postMessage(module);
  return ready;
}

async function here(module) {
  const { port1, port2 } = new MessageChannel();
  const ready = whenReady(port1);
  const go = new Go();
  globalThis.moecostPort = port2;
  const over = (reason) => port2.postMessage({ ended: reason });
  go.run(await WebAssembly.instantiate(module, go.importObject)).then(() => over("the program ended"), (error) => over(error.message));
  return ready;
}

function whenReady(port) {
  return new Promise((resolve, reject) => {
    const refuse = (reason) => {
      (port.terminate ?? port.close).call(port);
      reject(new Error(reason));
    };
    const late = setTimeout(() => refuse("the program did not start"), 20_000);
    port.onerror = (event) => {
      event.preventDefault(); // it is no fault of the page: there is another way
      clearTimeout(late);
      refuse(event.message ?? "the worker could not be loaded");
    };
    port.onmessage = ({ data }) => {
      clearTimeout(late);
      if (data.ready) resolve(port);
      else refuse(data.ended);
    };
  });
}
