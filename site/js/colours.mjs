// The switch between light and dark, which the device remembers.
const root = document.documentElement;

const toggle = document.querySelector("[data-theme-toggle]");
const dark = () => (root.dataset.theme ? root.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches);
const themed = () => {
  toggle.setAttribute("aria-pressed", String(dark()));
  globalThis.moecostPage?.themed?.(dark());
};
toggle.addEventListener("click", () => {
  root.dataset.theme = dark() ? "light" : "dark";
  try { localStorage.setItem("theme", root.dataset.theme); } catch {}
  themed();
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", themed);
themed();
