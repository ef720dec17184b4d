// What the reader does before the program is live: fields are marked, presses are queued.
const MOST = 30; // presses that are kept; more is somebody drumming on a slow connection

// touched marks the field of an event, while there is no program to tell.
export function touched({ target }) {
  if ("live" in document.documentElement.dataset) return;
  target.closest?.("[data-key],[data-config]")?.setAttribute("data-touched", "");
}

// keepUntilLive listens until the function that it gives is called.
export function keepUntilLive() {
  const pressed = [];
  const press = (event) => {
    const button = event.target.closest?.("button[data-wait]");
    if (button && pressed.length < MOST) pressed.push(button);
  };
  document.addEventListener("input", touched);
  document.addEventListener("click", press);
  return () => {
    document.removeEventListener("input", touched);
    document.removeEventListener("click", press);
    for (const element of document.querySelectorAll("[data-wait]")) {
      element.removeAttribute("data-wait");
      element.removeAttribute("aria-disabled");
    }
    for (const details of document.querySelectorAll(".rail details")) { // no setting counts unseen
      details.open ||= [...details.querySelectorAll("input")].some((field) => field.value);
    }
    document.documentElement.dataset.live = "";
    for (const button of pressed) {
      const now = button.isConnected ? button : document.querySelector(`[data-figure="${CSS.escape(button.dataset.figure ?? "")}"]`);
      now?.click();
    }
  };
}
