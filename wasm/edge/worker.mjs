// The worker: files, cache and streams. What there is to say, Go says (edge.wasm), within one call.
// On any failure the static file passes through as it is.
import "./wasm_exec.js"; // Go's own glue, from the toolchain that compiled the program
import program from "./edge.wasm";
import { version } from "./version.mjs"; // hash of the program: answers of another version are not taken from the cache

const longest = 16 * 1024; // bytes of an address
const mostMemory = 96 * 1024 * 1024; // of an isolate's 128 MB; a program that has grown beyond is started afresh

const answers = new Set(["/api/estimate", "/card.png", "/chart.svg", "/oembed"]);
const pictures = new Set(["/card.png", "/chart.svg"]); // many spellings of a scenario have one
const pages = new Set(["/", "/index.html", "/embed/", "/embed/index.html"]);

// ---- the program ------------------------------------------------------------------------------

let running = startEarly();

// startEarly starts the program with the worker, before the first request, which then need not pay for it. There
// is no cryptographic randomness that early; Go wants it for the seeds of its hash tables alone, for which that of V8 does.
// Where even that is not allowed, the first request starts the program.
function startEarly() {
  crypto.getRandomValues = (bytes) => {
    for (let i = 0; i < bytes.length; i++) bytes[i] = Math.random() * 256;
    return bytes;
  };
  try {
    return start();
  } catch {
    return undefined;
  } finally {
    delete crypto.getRandomValues; // uncovers the real one
  }
}

// start runs the program until it waits for requests, which takes one call: nothing here may wait, because
// what one request waits for another must not resolve.
function start() {
  const go = new Go();
  const binding = {};
  globalThis.context = { binding }; // where package workers looks when it starts
  let ready = false;
  const imports = { ...go.importObject, workers: { ready: () => { ready = true; } } };
  const instance = new WebAssembly.Instance(program, imports);
  go.run(instance).catch(() => {});
  if (!ready) throw new Error("the program did not start");
  return { go, binding, instance };
}

// ask lets the program answer an address. It throws if the program failed, and starts it afresh next time.
async function ask(address) {
  running ??= start();
  const { go, binding, instance } = running;
  let response;
  try {
    const answer = binding.handleRequest(new Request(address));
    if (go.exited) throw new Error("the program ended");
    response = await answer;
  } catch (error) {
    running = undefined;
    throw error;
  }
  if (response.headers.has("moecost-fault") || instance.exports.mem.buffer.byteLength > mostMemory) running = undefined;
  return response;
}

// ---- answers ----------------------------------------------------------------------------------

function refusal(status, message, headers = {}) {
  return new Response(JSON.stringify({ error: { status, message } }) + "\n", {
    status,
    headers: {
      "Content-Type": "application/json; charset=utf-8", "Access-Control-Allow-Origin": "*", "Cache-Control": "no-store",
      "X-Content-Type-Options": "nosniff", ...headers,
    },
  });
}

async function answer(request, ctx, url) {
  if (request.method === "OPTIONS") {
    return new Response(null, { status: 204, headers: { "Access-Control-Allow-Origin": "*", "Access-Control-Allow-Methods": "GET, HEAD", "Access-Control-Max-Age": "86400" } });
  }
  if (request.method !== "GET" && request.method !== "HEAD") return refusal(405, "only GET and HEAD are answered", { Allow: "GET, HEAD, OPTIONS" });
  if (url.href.length > longest) return refusal(414, "the address is too long: at most 16 KB are read");
  const response = await cached(ctx, url);
  return request.method === "HEAD" ? new Response(null, response) : response;
}

// cached looks the address up as it stands, a picture's also as all spellings of the same question have
// it, and asks the program last. Only answers are kept, no errors.
async function cached(ctx, url) {
  const kept = (address) => `${url.origin}/-/${version}${address}`;
  const asked = url.pathname + url.search;
  const hit = await caches.default.match(kept(asked));
  if (hit) return hit;
  let canonical = asked;
  if (pictures.has(url.pathname)) {
    const key = await ask(`${url.origin}/-/key${asked}`);
    if (key.status !== 200) return key;
    canonical = await key.text();
  }
  if (canonical !== asked) {
    const same = await caches.default.match(kept(canonical));
    if (same) return same;
  }
  const fresh = await ask(url.origin + canonical);
  if (fresh.status === 200) ctx.waitUntil(caches.default.put(kept(canonical), fresh.clone()).catch(() => {}));
  return fresh;
}

// ---- pages ------------------------------------------------------------------------------------

// page writes what a link to this very scenario shows into the static page: into its head, and of an embed what it says.
async function page(request, env, url) {
  const file = await env.ASSETS.fetch(request);
  try {
    if (request.method !== "GET" || file.status !== 200 || url.href.length > longest) return file;
    if (!(file.headers.get("content-type") || "").startsWith("text/html")) return file;
    const framed = url.pathname.startsWith("/embed/");
    const response = await ask(`${url.origin}/-/${framed ? "frame" : "head"}${url.search}`);
    if (response.status !== 200) return file;
    const said = await response.json();
    return framed ? reframed(file, said) : rewritten(file, said);
  } catch (error) {
    console.error("edge: the page passes through:", error.message);
    return file;
  }
}

function rewritten(file, head) {
  const gone = { element(e) { e.remove(); } };
  return new HTMLRewriter()
    .on("head > title", { element(e) { e.setInnerContent(head.title); } })
    .on('head > meta[name="description"]', { element(e) { e.setAttribute("content", head.description); } })
    .on('head > meta[property^="og:"]', gone)
    .on('head > meta[name^="twitter:"]', gone)
    .on('head > link[rel="canonical"]', gone)
    .on("head", { element(e) { e.append(head.tags, { html: true }); } }) // escaped by the program
    .transform(file);
}

// reframed lets an embed say what it is about before any script has run. The program writes the same words.
function reframed(file, { title, description, tags, headline, unit, kicker, open, still }) {
  const text = (words) => ({ element(e) { e.setInnerContent(words); } });
  return new HTMLRewriter()
    .on("head > title", text(title))
    .on('head > meta[name="description"]', { element(e) { e.setAttribute("content", description); } })
    .on("head", { element(e) { e.append(tags, { html: true }); } })
    .on('[data-slot="headline"]', text(headline))
    .on('[data-as="slot:.unit"]', text(unit))
    .on('[data-slot="kicker"]', text(kicker))
    .on("a[data-open]", { element(e) { e.setAttribute("href", open); } })
    .on("noscript", { element(e) { e.setInnerContent(still, { html: true }); } }) // escaped by the program
    .transform(file);
}

export default {
  async fetch(request, env, ctx) {
    const url = new URL(request.url);
    if (answers.has(url.pathname)) {
      try {
        return await answer(request, ctx, url);
      } catch (error) {
        console.error("edge:", error.message);
        return refusal(500, "the calculator failed: this is a fault of moecost, not of the request");
      }
    }
    if (url.pathname.startsWith("/api/")) return refusal(404, "nothing is here: /api/estimate is");
    if (pages.has(url.pathname)) return page(request, env, url);
    return env.ASSETS.fetch(request);
  },
};
