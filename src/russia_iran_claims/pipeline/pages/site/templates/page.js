"use strict";
// What the page can do beyond showing everything: sort and choose rows, copy, and open the row that an address names.
const all = (query, inside = document) => [...inside.querySelectorAll(query)];
const say = (text) => { document.getElementById("said").textContent = text; };
const rowsOf = (table) => table.matches(".head") ? [...table.tBodies] : [...table.tBodies[0].rows];
const cellsOf = (row) => (row.rows ? row.rows[0] : row).cells;
document.documentElement.classList.add("js");

const published = new Map(all("table.sorted").flatMap((table) => rowsOf(table).map((row, place) => [row, place])));
const sort = (table, th) => {
  const place = th.cellIndex, number = th.matches(".n");
  const next = { null: "ascending", ascending: "descending" }[th.getAttribute("aria-sort")];
  all("th[aria-sort]", table).forEach((other) => other.removeAttribute("aria-sort"));
  if (next) th.setAttribute("aria-sort", next);
  // The third time, the order in which the rows are published.
  const key = (row) => next ? cellsOf(row)[place].textContent.trim() : published.get(row);
  const keyed = rowsOf(table).map((row) => [key(row), row]);
  const compare = !next || number ? (a, b) => a - b : new Intl.Collator("en").compare;
  keyed.sort(([a], [b]) => a === "" || b === "" ? (a === "") - (b === "") : compare(a, b) * (next === "descending" ? -1 : 1));
  const home = table.matches(".head") ? table : table.tBodies[0];
  home.append(...keyed.map(([, row]) => row));
};
for (const th of all("table.sorted > thead th")) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = th.textContent;
  button.addEventListener("click", () => sort(th.closest("table"), th));
  th.replaceChildren(button);
}

// A cell with several chains has several values.
const valuesOf = (row, select) => select.dataset.columns.split(" ")
  .flatMap((column) => cellsOf(row)[column].textContent.split("; ")).map((value) => value.trim()).filter(Boolean);
const filter = (form) => {
  const words = form.querySelector("input").value.toLowerCase().split(/\s+/).filter(Boolean);
  const chosen = all("select", form).filter((select) => select.value);
  const rows = rowsOf(document.getElementById(form.dataset.for));
  let shown = 0;
  for (const row of rows) {
    const text = row.textContent.toLowerCase();
    row.hidden = !words.every((word) => text.includes(word))
      || !chosen.every((select) => valuesOf(row, select).includes(select.value));
    shown += !row.hidden;
  }
  form.querySelector("output").textContent = `${shown} of ${rows.length}`;
};
for (const form of all("form.filter")) {
  const rows = rowsOf(document.getElementById(form.dataset.for));
  for (const select of all("select", form)) {
    const values = new Set(rows.flatMap((row) => valuesOf(row, select)));
    select.append(...[...values].sort().map((value) => new Option(value)));
  }
  form.hidden = false;
  form.addEventListener("input", () => filter(form));
  form.addEventListener("submit", (event) => event.preventDefault());
}

const copy = async (button) => {
  const from = document.getElementById(button.dataset.copy);
  try {
    await navigator.clipboard.writeText(from.textContent);
    say("Copied");
    button.classList.add("done");
    setTimeout(() => button.classList.remove("done"), 2000);
  } catch {
    // Not allowed here: select the text, so that the reader's own copy command takes it.
    getSelection().selectAllChildren(from);
    say("Selected: copy it now");
  }
};
for (const button of all("button[data-copy]")) {
  button.hidden = false;
  button.addEventListener("click", () => copy(button));
}

const open = () => {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const row = target?.closest(".head tbody");
  if (!target) return;
  if (row?.hidden) {
    const form = document.querySelector(`form[data-for=${row.parentNode.id}]`);
    form.reset();
    filter(form);
  }
  for (let at = target; at; at = at.parentElement) if (at.tagName === "DETAILS") at.open = true;
  (row ?? target).scrollIntoView();
};
addEventListener("hashchange", open);
// The address that the reader is at already does not change: the click alone tells.
addEventListener("click", (event) => {
  if (event.target.closest?.(`a[href="${CSS.escape(location.hash)}"]`) || event.target.closest?.("a")?.hash === location.hash) open();
});
// When all is laid out, after the browser has gone where the address leads by itself.
addEventListener("load", open);
