// What works without the program: colours, the settings panel, closing, opening the share dialog, the place in the page.
import "./colours.mjs";
import { script } from "./download.mjs";

// the settings: a panel from the right, on a phone a sheet
const rail = document.getElementById("scenario");
let opener = null;
function settings(open) {
  if (open === rail.hasAttribute("data-open")) return;
  rail.toggleAttribute("data-open", open);
  for (const button of document.querySelectorAll("[data-open-scenario]")) button.setAttribute("aria-expanded", String(open));
  if (open) rail.querySelector("[data-close-scenario]").focus();
  else opener?.focus();
}

document.addEventListener("click", (event) => {
  const target = event.target;
  const open = target.closest("[data-open-scenario]");
  if (open) {
    opener = open;
    settings(true);
  } else if (target.closest("[data-close-scenario]")) {
    settings(false);
  } else if (target.closest("[data-close]")) {
    target.closest("dialog").close();
  } else if (target.matches("dialog")) { // the backdrop
    target.close();
  } else if (target.closest('[data-verb="share"],[data-verb="embed"]')) {
    share(target.closest("[data-verb]"));
  } else if (target.closest(".menu a")) {
    target.closest("details").open = false;
  }
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !document.querySelector("dialog[open]")) settings(false);
});

// sharing: the dialog opens at once, and what it shows comes with its script
async function share(button) {
  if (button.hasAttribute("data-wait")) return; // pressed again when the program is live
  const dialog = document.getElementById("share");
  dialog.showModal();
  try {
    const { show } = await script("share.js");
    show(button.dataset.frame, button.dataset.verb, script);
  } catch (error) {
    dialog.querySelector('[data-share="notice"]').textContent = `This could not be loaded: close it and try again. (${error.message})`;
  }
}

// a file dragged over the page is for the program, never a reason to leave the page
const files = (event) => event.dataTransfer?.types.includes("Files");
document.addEventListener("dragover", (event) => {
  if (!files(event)) return;
  event.preventDefault();
  document.body.classList.add("dropping");
});
for (const end of ["drop", "dragleave"]) {
  document.addEventListener(end, (event) => {
    if (end === "drop" && files(event)) event.preventDefault();
    if (end === "drop" || !event.relatedTarget) document.body.classList.remove("dropping");
  });
}

// the place in the page
const links = new Map();
for (const link of document.querySelectorAll(".toc a, .menu a")) {
  const id = link.hash.slice(1);
  links.set(id, [...(links.get(id) ?? []), link]);
}
const chapters = [...document.querySelectorAll(".chapter")];
const crossed = new Set();
function place() {
  // Above the first chapter stands the answer, which belongs to it.
  const here = chapters.findLast((chapter) => crossed.has(chapter)) ?? chapters[0];
  for (const [id, all] of links) {
    for (const link of all) {
      if (id === here?.id) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }
}
const seen = new IntersectionObserver((entries) => {
  for (const { target, isIntersecting } of entries) crossed[isIntersecting ? "add" : "delete"](target);
  place();
}, { rootMargin: "-30% 0px -69% 0px" }); // a line across the upper third
for (const chapter of chapters) seen.observe(chapter);
