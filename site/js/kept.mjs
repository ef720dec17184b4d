// Comparisons that the reader keeps: on this device only, and as a file. Each is a name and a link's query, with
// the model behind the # if it is the reader's own.
const key = "comparisons";
const most = 50; // of which the oldest go first
const box = document.querySelector("[data-kept]");
const list = box.querySelector("ul");
const say = box.querySelector('[role="status"]');

// readable tells whether something is what this page writes: a file may hold anything.
const readable = (c) => typeof c?.name === "string" && typeof c?.query === "string" && c.query.length <= 16_384;

function read() {
  try {
    const all = JSON.parse(localStorage.getItem(key) ?? "[]");
    return Array.isArray(all) ? all.filter(readable) : [];
  } catch {
    return [];
  }
}

function write(all) {
  try {
    localStorage.setItem(key, JSON.stringify(all.slice(0, most)));
    show();
    return true;
  } catch {
    say.textContent = "This browser keeps nothing for this page: save a file, or keep the link.";
    return false;
  }
}

function show() {
  list.replaceChildren(...read().map(({ name, query }) => {
    const item = document.createElement("li");
    const link = document.createElement("a");
    link.className = "link";
    link.href = `?${query.replace(/^\?/, "")}`;
    link.textContent = name;
    const forget = document.createElement("button");
    forget.type = "button";
    forget.className = "link";
    forget.textContent = "Forget";
    forget.setAttribute("aria-label", `Forget ${name}`);
    forget.addEventListener("click", () => {
      write(read().filter((c) => c.query !== query));
      box.querySelector("[data-keep]").focus();
    });
    item.append(link, " ", forget);
    return item;
  }));
  box.querySelector("[data-export]").disabled = list.children.length === 0;
}

function keep(added) {
  const queries = new Set(added.map((c) => c.query));
  return write([...added, ...read().filter((c) => !queries.has(c.query))]);
}

box.addEventListener("click", ({ target }) => {
  if (target.closest("[data-keep]")) {
    const name = document.title.replace(/ · moecost$/, "").replace(/: compared$/, "");
    const own = location.hash.startsWith("#arch=") ? location.hash : "";
    const one = { name, query: (location.search.slice(1) || document.documentElement.dataset.compare) + own };
    if (!readable(one)) say.textContent = "This comparison is too long to be kept here: keep its link.";
    else if (keep([one])) say.textContent = "Kept on this device.";
  } else if (target.closest("[data-export]")) {
    const file = document.createElement("a");
    file.href = URL.createObjectURL(new Blob([JSON.stringify({ moecost: "comparisons", comparisons: read() }, null, 2)], { type: "application/json" }));
    file.download = "moecost-comparisons.json";
    file.click();
    setTimeout(() => URL.revokeObjectURL(file.href), 10_000);
  }
});

box.querySelector("[data-import]").addEventListener("change", async ({ target }) => {
  const [file] = target.files;
  target.value = "";
  if (!file) return;
  try {
    if (file.size > 1_000_000) throw new Error("it is larger than a megabyte");
    const found = JSON.parse(await file.text())?.comparisons;
    if (!Array.isArray(found)) throw new Error("it holds no list of comparisons");
    const good = found.filter(readable).slice(0, most);
    if (keep(good)) say.textContent = `${good.length} of ${found.length} taken from ${file.name}.`;
  } catch (error) {
    say.textContent = `${file.name} cannot be read: ${error.message}. A file that this page has saved would do.`;
  }
});

addEventListener("storage", show); // another tab has kept something
show();
