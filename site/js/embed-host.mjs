// For pages that show embeds: <script async src="https://…/embed.js"></script>. Frames become as high as their figures, and every
// <a data-moecost href="…"> becomes a frame with the scenario of its link. Without this file the link stays a link.
const { origin } = new URL(document.currentScript.src);
const embeds = `iframe[src^="${origin}/embed/"]`;

addEventListener("message", ({ data, source }) => {
  if (data?.type !== "moecost:height" || !(data.height > 0)) return;
  for (const frame of document.querySelectorAll(embeds)) {
    if (frame.contentWindow === source) frame.style.height = `${data.height}px`;
  }
});

// A frame that spoke before this script came says it again.
for (const frame of document.querySelectorAll(embeds)) frame.contentWindow.postMessage("PING", "*");

function upgrade() {
  for (const link of document.querySelectorAll("a[data-moecost]")) {
    if (link.origin !== origin) continue;
    const chart = link.dataset.moecost;
    const frame = document.createElement("iframe");
    frame.title = link.textContent.trim() || link.querySelector("img")?.alt || "moecost";
    frame.loading = "lazy";
    // A page that has only one kind of colours gets those, whatever the system has.
    const theme = { normal: "light", light: "light", dark: "dark" }[getComputedStyle(link).colorScheme];
    frame.src = `${origin}/embed/${link.search || "?"}${chart && `&chart=${chart}`}${theme ? `&theme=${theme}` : ""}${link.hash}`;
    link.replaceWith(frame);
    frame.style.cssText = `display:block;width:100%;border:0;height:${Math.min(420, Math.max(240, frame.clientWidth * .56)) + 210}px`;
  }
}

if (document.readyState === "loading") addEventListener("DOMContentLoaded", upgrade);
else upgrade();
