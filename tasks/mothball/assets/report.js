"use strict";
(() => {
  const PRINTED = 500; // rows on paper, some ten pages
  const TAIL = 28; // letters at the end of a path that are never cut off
  const SPARE = 12; // rows drawn above and below those in sight
  const data = JSON.parse(document.getElementById("data").textContent);
  const form = document.getElementById("search");
  const box = document.getElementById("text");
  const filters = document.getElementById("filters");
  const rows = document.getElementById("rows");
  const pane = document.getElementById("window");
  const count = document.getElementById("count");
  const more = document.getElementById("more");

  const join = (folder, name) => (folder ? folder + "/" + name : name);
  const folders = [];
  for (const [above, name] of data.folders) folders.push(above < 0 ? name : join(folders[above], name));
  const files = [];
  for (const [folder, kind, to, names] of data.groups) {
    for (const name of names) {
      const [old, now] = typeof name === "string" ? [name, name] : name;
      const from = join(folders[folder], old);
      const target = to < 0 ? "" : join(folders[to], now);
      files.push({ from, target, kind, text: (from + "\n" + target).toLowerCase() });
    }
  }
  files.sort((one, two) => (one.from < two.from ? -1 : one.from > two.from ? 1 : 0));

  const shown = data.kinds.map((kind) => kind[2]);
  if (!shown.includes(true)) shown.fill(true);
  let found = [];
  let words = [];
  let height = 0;
  let printing = false;

  const make = (tag, className, text) => {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  };

  // A path that is too long is cut between its two ends, for neighbours differ at the last.
  const tailOf = (text) => {
    let at = Math.max(0, text.length - TAIL);
    while (at > 0 && at < text.length && /^[\p{M}\p{Cs}\u200d]/u.test(text.slice(at))) at++;
    return at;
  };

  // Text only, ever: a name is never parsed as anything.
  const marked = (className, text) => {
    const cell = make("span", className);
    cell.setAttribute("role", "cell");
    cell.title = text;
    const lower = text.toLowerCase();
    const spots = [];
    for (const word of lower.length === text.length ? words : []) {
      for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + word.length)) spots.push([at, at + word.length]);
    }
    spots.sort((one, two) => one[0] - two[0]);
    const cutAt = tailOf(text);
    for (const [className, from, to] of [["head", 0, cutAt], ["tail", cutAt, text.length]]) {
      const part = make("span", className);
      let done = from;
      for (const [start, end] of spots) {
        if (end <= done || start >= to) continue;
        const first = Math.max(start, done);
        part.append(text.slice(done, first), make("mark", "", text.slice(first, Math.min(end, to))));
        done = Math.min(end, to);
      }
      part.append(text.slice(done, to));
      if (to > from) cell.append(part);
    }
    return cell;
  };

  const row = (number) => {
    const file = found[number];
    const [title, style] = data.kinds[file.kind];
    const element = make("div", "row");
    element.setAttribute("role", "row");
    element.setAttribute("aria-rowindex", String(number + 2));
    const what = make("span", "what");
    what.setAttribute("role", "cell");
    what.title = title;
    what.append(make("span", "dot " + style), title);
    element.append(marked("from-path", file.from), marked("to-path", file.target), what);
    element.style.top = number * height + "px";
    return element;
  };

  const draw = () => {
    if (!height || printing) return;
    const first = Math.max(0, Math.floor(rows.scrollTop / height) - SPARE);
    const last = Math.min(found.length, Math.ceil((rows.scrollTop + rows.clientHeight) / height) + SPARE);
    const fresh = document.createDocumentFragment();
    for (let number = first; number < last; number++) fresh.append(row(number));
    pane.replaceChildren(fresh);
  };

  const measure = () => {
    if (printing) return;
    const sample = make("div", "row", " ");
    pane.replaceChildren(sample);
    height = sample.getBoundingClientRect().height;
    pane.style.height = found.length * height + "px";
    draw();
  };

  const look = () => {
    words = box.value.toLowerCase().split(/\s+/).filter(Boolean);
    const all = files.filter((file) => words.every((word) => file.text.includes(word)));
    found = all.filter((file) => shown[file.kind]);
    const total = files.length.toLocaleString("en");
    const left = words.length ? all.length - found.length : 0;
    const [match, them] = left === 1 ? [" more matches", "it"] : [" more match", "them"];
    count.value = found.length.toLocaleString("en") + " of " + total + (files.length === 1 ? " file" : " files");
    if (left) count.value += "; " + left.toLocaleString("en") + match + " in what is not shown";
    more.textContent = "Show " + them;
    more.hidden = !left;
    rows.setAttribute("aria-rowcount", String(found.length + 1));
    rows.scrollTop = 0;
    measure();
  };

  const ticks = [];
  data.kinds.forEach(([title, style], number) => {
    const chip = make("label", "chip");
    const tick = make("input");
    tick.type = "checkbox";
    tick.checked = shown[number];
    ticks.push(tick);
    tick.addEventListener("change", () => {
      shown[number] = tick.checked;
      look();
    });
    chip.append(tick, make("span", "dot " + style), title);
    filters.append(chip);
  });

  more.addEventListener("click", () => {
    for (const file of files) {
      if (words.every((word) => file.text.includes(word))) shown[file.kind] = true;
    }
    ticks.forEach((tick, number) => (tick.checked = shown[number]));
    look();
    rows.focus();
  });

  let waiting = 0;
  box.addEventListener("input", () => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(look);
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  rows.addEventListener("scroll", draw, { passive: true });
  addEventListener("resize", measure);
  addEventListener("keydown", (event) => {
    const typing = event.target instanceof HTMLInputElement && event.target.type === "search";
    if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    box.focus();
    box.select();
  });
  addEventListener("beforeprint", () => {
    printing = true;
    const fresh = document.createDocumentFragment();
    for (let number = 0; number < Math.min(found.length, PRINTED); number++) fresh.append(row(number));
    if (found.length > PRINTED) {
      const left = (found.length - PRINTED).toLocaleString("en");
      fresh.append(make("p", "", "… and " + left + " more, which are not printed: the archive's ledger lists every file."));
    }
    pane.replaceChildren(fresh);
  });
  addEventListener("afterprint", () => {
    printing = false;
    measure();
  });

  form.hidden = false;
  rows.hidden = false;
  look();
})();
