// A notice under the answer, for what goes wrong before or outside the program. Again, if there is such a thing, tries what
// failed once more: when its button is pressed, or the connection is back.
export function notice(fact, wayOut, again) {
  const box = document.createElement("div");
  box.className = "note error";
  box.dataset.shell = ""; // the program leaves it where it is
  box.innerHTML = '<svg class="i" viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6.2"/><path d="M8 4.8v3.8M8 11v.2"/></svg><div><p></p><p></p></div>';
  const [first, second] = box.querySelectorAll("p");
  first.textContent = fact;
  second.textContent = wayOut;
  if (again) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: "Try again" });
    const once = new AbortController();
    const go = () => {
      once.abort();
      box.remove();
      again();
    };
    button.addEventListener("click", go, once);
    addEventListener("online", go, once);
    second.append(" ", button);
  }
  (document.querySelector('[data-notices="answer"]') ?? document.body).append(box);
}
