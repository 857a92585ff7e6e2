"use strict";
// Without this, a mark is a link to its innermost row. With it, all of its rows are shown, and only these.
const show = ids => {
  for (const card of document.querySelectorAll(".chosen")) card.classList.remove("chosen");
  for (const list of document.querySelectorAll(".cards")) list.classList.remove("some");
  for (const card of ids.map(id => document.getElementById(id)).filter(Boolean)) {
    card.classList.add("chosen");
    card.parentElement.classList.add("some");
  }
};
addEventListener("click", event => {
  const mark = event.target.closest("[data-rows]");
  if (!mark) {
    if (!event.target.closest(".cards")) show([]);
    return;
  }
  event.preventDefault();
  show(mark.dataset.rows.split(" "));
  if (mark.dataset.at) document.getElementById(mark.dataset.at)?.scrollIntoView({block: "center"});
});
addEventListener("keydown", event => {
  if (event.key === "Escape") show([]);
});
