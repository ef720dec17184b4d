// A figure in a frame on somebody's page: no shell, no storage, no history, no dialogs. The program says which figure it is.
import "./charts.mjs";
import "./embed-height.mjs";
import { start } from "./programs.mjs";

// What the address says of the frame is none of the scenario.
const scenario = location.search.replace(/[?&](?:theme|control)=[^&]*/g, "").replace(/^&/, "?");
const bare = /[?&]control=0(?:&|$)/.test(location.search);
const open = document.querySelector("[data-open]");
open.href = `/${scenario}${location.hash.startsWith("#arch=") ? location.hash : ""}`;

globalThis.moecostEmbed = {
  // show names the places of the figure, and keeps the one control that is its own. A figure that is a table has no chart.
  show(name, isTable) {
    if (isTable) {
      for (const at of document.querySelectorAll('.plot:not(.empty), [data-verb="table"]')) at.remove();
      document.querySelector(".tbl").hidden = false;
    }
    for (const at of document.querySelectorAll("[data-as]")) {
      for (const as of at.dataset.as.split(" ")) {
        const [key, suffix = ""] = as.split(":");
        at.setAttribute(`data-${key}`, name + suffix);
      }
    }
    for (const own of document.querySelectorAll(".own")) {
      if (!bare && own.dataset.figures.split(" ").includes(name)) own.hidden = false;
      else own.remove();
    }
    if (!isTable) globalThis.moecostCharts.add(document.querySelector(".plot:not(.empty)"));
  },
  // leadTo is where these numbers open: the whole page with the same scenario.
  leadTo(address) {
    if (open.getAttribute("href") !== address) open.href = address;
  },
};

matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => globalThis.moecostPage?.themed?.());

// Many frames may be on one page: each starts when it is seen.
new IntersectionObserver((entries, seen) => {
  if (!entries.some((entry) => entry.isIntersecting)) return;
  seen.disconnect();
  start();
}).observe(document.querySelector("main"));
