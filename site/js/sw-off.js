// Takes the service worker back (docs/offline.md): published as /sw.js in its place, it removes what devices keep of the
// site, and then itself. The page works as it does without one.
addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) {
    if (name.startsWith("moecost-")) await caches.delete(name);
  }
  await registration.unregister();
})()));
