// sign resolves when somebody is there: at the first move, key, touch or scroll, or what assistive technology sends alone.
const signs = ["pointermove", "pointerdown", "keydown", "touchstart", "wheel", "scroll", "focusin", "click", "input"];

export const sign = new Promise((resolve) => {
  const seen = () => {
    for (const name of signs) removeEventListener(name, seen, true);
    resolve();
  };
  for (const name of signs) addEventListener(name, seen, { capture: true, passive: true });
});
