// Fetches a file of the build and makes sure that it is the one that was built: a file that arrives cut off or damaged is
// asked for twice more, past every cache that may have kept it so.
import { files } from "./files.mjs";
import { sumOf } from "./sum.mjs";

const pauses = [500, 2000]; // ms before the second and the third try
const patience = 20_000; // ms without a byte

async function tried(get) {
  for (const [tries, pause] of pauses.entries()) {
    try {
      return await get(tries > 0);
    } catch {
      await new Promise((done) => setTimeout(done, pause));
    }
  }
  return get(true);
}

// program gives the compiled program. It is compiled once it is here, beside the page's thread: compiling while it arrives takes
// turns of that thread, which a reader would feel.
export async function program(name) {
  return WebAssembly.compile(await tried((again) => arrived(files[name], again))); // what fails here no second try mends
}

// script gives what a module exports; the browser compares its sum.
const scripts = {}; // name -> promise
export function script(name) {
  return scripts[name] ??= module(files[name]).catch((error) => {
    delete scripts[name];
    throw error;
  });
}

// A browser remembers the address of a module that failed, so each further try has another one.
const asked = {}; // address -> times
async function module({ address, integrity }) {
  return import(await tried(() => new Promise((resolve, reject) => {
    const times = asked[address] = (asked[address] ?? 0) + 1;
    const element = Object.assign(document.createElement("script"), { type: "module", integrity, src: times > 1 ? `${address}?${times}` : address });
    element.onload = () => resolve(element.src);
    element.onerror = () => reject(new Error(`${address} did not arrive, or not as it was published.`));
    document.head.append(element);
  })));
}

// kept gives the address of a file that somebody else will fetch, and that the browser has now.
export async function kept(name) {
  const { address, integrity } = files[name];
  await tried((again) => answered(address, { integrity, cache: again ? "reload" : "default" }).then((response) => response.arrayBuffer()));
  return address;
}

async function answered(address, options) {
  let response;
  try {
    response = await fetch(address, options);
  } catch (error) {
    throw new Error(`${address} did not arrive: ${navigator.onLine ? error.message : "there is no connection"}.`);
  }
  if (response.ok) return response;
  throw new Error(`${address} did not arrive: the server answered ${response.status}.${response.status === 404 ? " A newer version may have taken its place." : ""}`);
}

// arrived gives the bytes of a program when all of them are here and are what was built.
async function arrived({ address, size, integrity }, again) {
  const stop = new AbortController();
  let late;
  const wait = () => {
    clearTimeout(late);
    late = setTimeout(() => stop.abort(new Error(`nothing came for ${patience / 1000} s`)), patience);
  };
  try {
    wait();
    const sums = globalThis.crypto?.subtle; // only where the connection is secure; elsewhere the browser compares, before we see anything
    const response = await answered(address, { signal: stop.signal, cache: again ? "reload" : "default", integrity: sums ? "" : integrity });
    const bytes = await whole(response.body, size, address, wait);
    await turn();
    if (sums && integrity !== await sumOf(bytes)) throw new Error(`${address} arrived damaged: it is not the file that was published.`);
    return bytes;
  } catch (error) {
    stop.abort(error);
    throw error;
  } finally {
    clearTimeout(late);
  }
}

// turn lets others have the thread for a moment. A fast connection brings much at once, and what is done with it would add up.
// A message comes back at once, where timers in a row wait 4 ms each.
const turn = () => new Promise((done) => {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => {
    port1.close();
    done();
  };
  port2.postMessage(0);
});

// whole reads a stream of a known size.
async function whole(stream, size, address, wait) {
  const bytes = new Uint8Array(size);
  const reader = stream.getReader();
  let at = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      wait();
      if (at + value.length > size) throw new Error("it is longer than what was published");
      bytes.set(value, at);
      at += value.length;
      await turn();
    }
    if (at < size) throw new Error("the connection ended");
  } catch (error) {
    throw new Error(`${address} arrived cut off, ${at.toLocaleString("en")} of ${size.toLocaleString("en")} bytes: ${error.message}.`);
  }
  return bytes;
}
