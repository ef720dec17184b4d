// A notice under the answer, for what goes wrong before or outside the program.
export function notice(fact, wayOut) {
  const box = document.createElement("div");
  box.className = "note error";
  box.dataset.shell = ""; // the program leaves it where it is
  box.innerHTML = '<svg class="i" viewBox="0 0 16 16" aria-hidden="true"><circle cx="8" cy="8" r="6.2"/><path d="M8 4.8v3.8M8 11v.2"/></svg><div><p></p><p></p></div>';
  const [first, second] = box.querySelectorAll("p");
  first.textContent = fact;
  second.textContent = wayOut;
  document.querySelector('[data-notices="answer"]').append(box);
}
