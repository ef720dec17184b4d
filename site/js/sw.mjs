// The service worker: keeps one version of the site on the reader's device, so that a visit works without a connection
// (docs/offline.md). The build writes in what the version is made of:
//   version   a name for it
//   start     the address of its start script, by which a page knows its own version
//   files     address -> {size, integrity} of all files whose name carries their hash
//   pages     the pages that are kept
//   first     what a visit needs, kept when the worker is installed; the rest comes after its first use, or in a later visit
import { sumOf } from "./sum.mjs";

const { version, start, files, pages, first } = BUILD;

const prefix = "moecost-";
const mine = prefix + version;
const patience = 3000; // ms for a page from the network, where there is one on the device
const answering = 3000; // ms for a tab to say which version it is

// A new version takes over at once. Tabs of an older one find their files in its cache, which stays as long as they do.
addEventListener("install", (event) => {
  skipWaiting();
  event.waitUntil(keep(first).catch(async (error) => {
    await caches.delete(mine); // no room, or another version on the server: nothing is kept by halves
    throw error;
  }));
});

addEventListener("activate", (event) => {
  const ready = Promise.all([registration.navigationPreload?.enable(), clients.claim()]);
  event.waitUntil(ready);
  // Until this event is over no page and no file is answered, and a tab that sleeps or has no such script never says its version.
  ready.then(async () => {
    await Promise.all((await tabs()).map(announce));
    await tidy();
  });
});

addEventListener("message", (event) => {
  const { here, rest } = event.data;
  if (here) {
    event.source.postMessage({ kept: true });
    event.waitUntil(announce(event.source).then(tidy));
  }
  if (rest) event.waitUntil(keep([...Object.keys(files), ...pages]).catch(() => {})); // no room, or no connection any more
});

addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (origin !== location.origin || request.method !== "GET") return;
  if (request.mode === "navigate") {
    if (pageFor(pathname)) event.respondWith(page(event, pathname, search));
  } else if (pathname.startsWith("/assets/") && !search) {
    event.respondWith(asset(event, pathname));
  } else if (pathname.startsWith("/m/") && request.destination === "image") {
    event.respondWith(fetch(request).catch(blank)); // the drawing of a figure, until the program draws it
  }
});

// ---- what is kept -------------------------------------------------------------------------------

// keep stores files and pages that are not stored yet. What an older version has under the same name is the same.
async function keep(addresses) {
  const cache = await caches.open(mine);
  for (const address of addresses) {
    if (await cache.match(address)) continue;
    const old = files[address] && await caches.match(address);
    await cache.put(address, old || await checked(address));
  }
}

// checked fetches a file or page and refuses one that is not of this version.
async function checked(address) {
  if (!files[address]) return checkedPage(address);
  try {
    return await whole(address, await fetch(address));
  } catch {
    return whole(address, await fetch(address, { cache: "reload" })); // not what the browser may have kept of a bad connection
  }
}

async function whole(address, response) {
  const bytes = await response.arrayBuffer();
  const { size, integrity } = files[address];
  if (!response.ok || bytes.byteLength !== size || integrity !== await sumOf(bytes)) throw new Error(`${address}: not as it was published`);
  return plain(response, bytes);
}

// A page may be served with another head than it was built with; it is of this version if all that it names is.
async function checkedPage(address) {
  const response = await fetch(address, { cache: "no-cache" });
  const text = await response.text();
  const named = [...text.matchAll(/="(\/assets\/[^"]+)"/g)].map(([, name]) => name);
  if (!response.ok || !text.trimEnd().endsWith("</html>") || !named.length || named.some((name) => !files[name])) throw new Error(`${address}: of another version`);
  return plain(response, text);
}

// plain makes an answer whose headers are true of what is stored: it is not compressed, and no redirection led to it.
function plain(response, body) {
  const headers = new Headers(response.headers);
  for (const name of ["Content-Encoding", "Content-Length", "Vary"]) headers.delete(name);
  return new Response(body, { headers });
}

// ---- answers ------------------------------------------------------------------------------------

// asset answers from the device. A page that asks past all caches got something bad, and it is fetched anew.
async function asset(event, address) {
  const anew = event.request.cache === "reload";
  const kept = await caches.match(address);
  if (kept && !anew) return kept;
  let response;
  try {
    response = await fetch(event.request);
  } catch (error) {
    if (kept) return kept;
    throw error;
  }
  if (files[address] && response.ok) event.waitUntil(store(address, response.clone()).catch(() => {}));
  return response;
}

async function store(address, response) {
  const good = await whole(address, response);
  if (await caches.has(mine)) await (await caches.open(mine)).put(address, good); // only a version that is kept at all
}

const blank = () => new Response('<svg xmlns="http://www.w3.org/2000/svg"/>', { headers: { "Content-Type": "image/svg+xml" } });

// page answers from the network, and from the device if that takes too long or fails.
async function page(event, pathname, search) {
  const network = (async () => await event.preloadResponse || fetch(event.request))();
  event.waitUntil(network.catch(() => {}));
  const late = new Promise((done) => setTimeout(done, patience));
  try {
    const response = await Promise.race([network, late]);
    if (response && response.status < 500) return response;
  } catch {} // no connection
  return await keptPage(pathname, search) || network;
}

const pageFor = (pathname) => {
  if (pathname === "/index.html") return "/";
  if (pages.includes(pathname)) return pathname;
  return pathname.match(/^\/m\/([^/]+)\/$/)?.[1] && "/"; // a model's own page is not kept: the first page shows the same
};

async function keptPage(pathname, search) {
  const address = pageFor(pathname);
  const kept = await (await caches.open(mine)).match(address);
  const [, model] = pathname.match(/^\/m\/([^/]+)\/$/) ?? [];
  if (!kept || !model || pages.includes(pathname)) return kept;
  const query = new URLSearchParams(search);
  if (query.has("model")) return Response.redirect(`/${search}`);
  return Response.redirect(`/?model=${model}${search.replace("?", "&")}`);
}

// ---- versions -----------------------------------------------------------------------------------

const tabs = async () => (await clients.matchAll({ type: "window", includeUncontrolled: true })).filter((tab) => tab.frameType === "top-level");

// older gives the caches of older versions: those that were there before this one. A newer one may be filling its own.
async function older() {
  const names = (await caches.keys()).filter((name) => name.startsWith(prefix));
  return Promise.all(names.slice(0, Math.max(names.indexOf(mine), 0)).map(async (name) => ({ name, cache: await caches.open(name) })));
}

// tidy removes the older versions that no tab uses. If a tab does not say what it uses, all stay. A start script may be the same
// in several versions; whoever has this one's needs no other.
async function tidy() {
  const old = await older();
  if (!old.length) return;
  const used = await Promise.all((await tabs()).map(versionOf));
  if (used.includes(undefined)) return;
  for (const { name, cache } of old) {
    const needed = await Promise.all(used.filter((address) => address !== start).map((address) => cache.match(address)));
    if (!needed.some(Boolean)) await caches.delete(name);
  }
}

// announce tells a tab that it is of an older version. One of a newer version may be here before its service worker is.
async function announce(tab) {
  const its = await versionOf(tab);
  if (!its || its === start) return;
  for (const { cache } of await older()) {
    if (await cache.match(its)) return tab.postMessage({ newer: start });
  }
}

// versionOf asks a tab for the address of its start script.
function versionOf(tab) {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    setTimeout(resolve, answering);
    port1.onmessage = ({ data }) => resolve(data);
    tab.postMessage({ which: true }, [port2]);
  });
}
