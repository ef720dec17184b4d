// What comes before all else: the reader's choice of colours, before the first paint, and a second try for what the page
// cannot do without, which are the elements of the head that carry data-try.
import { notice } from "./notice.mjs";
import { touched } from "./waiting.mjs";

try { // storage may be forbidden: then the system's choice holds
  const theme = localStorage.getItem("theme");
  if (theme === "dark" || theme === "light") document.documentElement.dataset.theme = theme;
} catch {}

addEventListener("input", touched); // the script that hands it to the program may come late, or at the second try

const pauses = [500, 2000]; // ms before the second and the third try

addEventListener("error", ({ target }) => {
  const tries = target.dataset?.try;
  if (!tries) return;
  const again = () => replace(target, Number(tries) + 1);
  if (tries < pauses.length) setTimeout(again, pauses[tries]);
  else if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", () => say(target, again));
  else say(target, again);
}, true);

// replace asks for the file again. A browser remembers what failed by its address, and may have kept it so: a query makes it another.
function replace(old, tries) {
  const element = document.createElement(old.localName);
  for (const { name, value } of old.attributes) element.setAttribute(name, value);
  const address = old.src ? "src" : "href";
  element.setAttribute(address, `${old.getAttribute(address).split("?")[0]}?${tries}`);
  element.dataset.try = tries;
  old.replaceWith(element);
}

function say(element, again) {
  if (element.localName === "script") notice("The calculator could not be loaded, so the controls do nothing yet.", "The answer above is for the scenario named there.", again);
  else notice("The page's style could not be loaded, so it looks bare.", "The numbers are not affected.", again);
}

// A page that arrived cut off lacks its last element. It is loaded once more, then said.
const last = document.currentScript.dataset.last;
document.addEventListener("readystatechange", () => {
  if (document.readyState !== "interactive" || document.querySelector(last)) return;
  const again = () => location.reload();
  if (performance.getEntriesByType("navigation")[0]?.type !== "reload") again();
  else notice("This page arrived cut off.", "What is here can be read; the controls do nothing.", again);
});
