// Keeps the site on the reader's device where that is possible, and says when it works without a connection and when a
// newer version is here (docs/offline.md). Where it is not possible nothing is said: the page works as before.
const mine = new URL(import.meta.url).pathname; // of the start script: its name carries its hash

// In a frame nothing is kept, and there is no service worker without a secure connection.
const worker = self === top ? navigator.serviceWorker : undefined;
const newer = document.querySelector("[data-newer]");
const say = document.querySelector('[data-slot="say"]');

const controlled = Boolean(worker?.controller); // a later visit
worker?.addEventListener("message", ({ data, ports }) => {
  if (data.which) ports[0].postMessage(mine);
  if (data.kept) {
    document.querySelector("[data-offline]").hidden = false;
    if (!controlled) say.textContent = "Works offline now.";
  }
  if (!data.newer || newer.dataset.newer === data.newer) return;
  newer.dataset.newer = data.newer; // said once for each version
  newer.hidden = false;
  say.textContent = newer.querySelector("p").textContent;
});
worker?.startMessages();

newer?.addEventListener("click", ({ target }) => {
  if (target.closest("[data-use-newer]")) location.reload();
  else if (target.closest("[data-not-now]")) newer.hidden = true;
});

// A tab that has been away for long asks whether there is something newer.
let looked = 0; // when that was, in ms
function look(registration) {
  if (document.hidden || performance.now() - looked < 3_600_000) return;
  looked = performance.now();
  registration.update().catch(() => {}); // no connection
}

// keepOffline is called once, when the page is live and what it needs first has arrived.
export async function keepOffline() {
  if (!worker) return;
  await new Promise((done) => (globalThis.requestIdleCallback ?? setTimeout)(done));
  try {
    const registration = await worker.register("/sw.js");
    document.addEventListener("visibilitychange", () => look(registration));
    const { active } = await worker.ready;
    active.postMessage({ here: true, rest: controlled && !navigator.connection?.saveData });
  } catch {} // no room, or not allowed
}
