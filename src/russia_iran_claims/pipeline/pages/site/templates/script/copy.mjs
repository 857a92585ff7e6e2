// Your copy: the reader's own text with every row on its words. It never leaves the page.
import { piecesOf } from "./pieces.mjs";
import { NO_DIGESTS, refusalOf, resultOf } from "./messages.mjs";

const reader = document.getElementById("reader");
const articles = JSON.parse(document.getElementById("spans").textContent);
const part = (id) => document.getElementById(id);
let searching = null;

const hash = async (bytes) =>
  Array.from(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)), (byte) => byte.toString(16).padStart(2, "0")).join("");

let from = "";
const tell = (sentence) => { part("reader-said").textContent = from ? `${from}: ${sentence}` : sentence; };

const busy = (on) => {
  part("reader-progress").hidden = part("reader-cancel").hidden = !on;
  part("reader-progress").value = 0;
};

const stop = () => {
  searching?.terminate();
  searching = null;
  busy(false);
};

const read = async (bytes, name = "") => {
  stop();
  from = name;
  if (name) part("reader-text").value = "";
  part("reading").hidden = true;
  const refusal = refusalOf(bytes);
  if (refusal) { tell(refusal); return; }
  if (!globalThis.crypto?.subtle) { tell(NO_DIGESTS); return; }
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  const sum = await hash(bytes);
  const own = Object.entries(articles).find(([, { sha256 }]) => sha256 === sum);
  if (own) {
    const [article, { spans }] = own;
    finish({ article, spans: spans.length, found: spans.map((span, index) => [index, span.start]), unsure: [] }, text, true);
    return;
  }
  tell("Looking for the rows in your copy …");
  busy(true);
  const source = part("worker").textContent;
  searching = new Worker(URL.createObjectURL(new Blob([source], { type: "text/javascript" })));
  searching.onmessage = ({ data }) => {
    if (data.part !== undefined) { part("reader-progress").value = data.part; return; }
    stop();
    if (data.error) tell(`The search stopped: ${data.error}`);
    else finish(data.result, text.normalize("NFC"), false);
  };
  // Published digests are of composed letters.
  searching.postMessage({ articles, text: text.normalize("NFC") });
};

const finish = ({ article, spans, found, unsure }, text, exact) => {
  tell(resultOf({ article, spans, found: found.length, unsure: unsure.length }, exact, articles));
  if (found.length) show(articles[article], new Map(found), Array.from(text));
};

/** The marks of an article on a copy: of each span that is found, and of exclusions that have moved along with it. */
const marksOn = ({ spans, exclusions }, found, points) => {
  const marks = spans.flatMap((span, index) =>
    found.has(index) ? [{ ...span, start: found.get(index), end: found.get(index) + span.end - span.start }] : []);
  const shifts = [...found].map(([index, start]) => [spans[index].start, start - spans[index].start]).sort(([a], [b]) => a - b);
  for (const { start, end, words, reason } of exclusions) {
    const shift = (shifts.findLast(([at]) => at <= start) ?? shifts[0])[1];
    if (points.slice(start + shift, end + shift).join("") === words) {
      marks.push({ item_id: "", kind: "exclusion", part: reason, start: start + shift, end: end + shift });
    }
  }
  return marks;
};

const show = (article, found, points) => {
  const marks = marksOn(article, found, points), text = part("reading-text");
  const pieces = piecesOf(points.length, marks).map(({ start, end, marks: covering }) => {
    const words = points.slice(start, end).join("");
    if (!covering.length) return document.createTextNode(words);
    const piece = document.createElement("mark");
    piece.className = [...new Set(covering.map(({ kind }) => kind))].join(" ");
    piece.tabIndex = -1;
    piece.setAttribute("role", "button");
    piece.append(words);
    piece.marks = covering;
    piece.title = [...new Set(covering.map(({ item_id: id, kind, part: role }) => `${id || kind} ${role}`))].join(", ");
    return piece;
  });
  text.replaceChildren(...pieces);
  const first = text.querySelector("mark");
  if (first) first.tabIndex = 0;
  list(article, marks);
  part("reading-rows").replaceChildren();
  part("reading").hidden = false;
};

/** Every row that is on the text, as buttons that lead to its words. */
const list = ({ told }, marks) => {
  const rows = new Map();
  for (const { item_id: id } of [...marks].sort((a, b) => a.start - b.start)) if (id && !rows.has(id)) rows.set(id, told[id] ?? "");
  part("reading-all").replaceChildren(...[...rows].map(([id, text]) => {
    const item = document.createElement("li"), button = document.createElement("button");
    button.type = "button";
    button.textContent = id;
    button.addEventListener("click", () => lead(id));
    item.append(button, ` ${text}`);
    return item;
  }));
  for (const old of document.querySelectorAll(".to-words")) old.remove();
  for (const id of rows.keys()) {
    const home = document.getElementById(id);
    if (!home) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "to-words";
    button.textContent = `${id} in your copy`;
    button.addEventListener("click", () => lead(id));
    home.append(" ", button);
  }
};

const marked = () => [...part("reading-text").querySelectorAll("mark")];

const point = (piece) => {
  for (const other of marked()) other.tabIndex = -1;
  piece.tabIndex = 0;
  piece.focus({ preventScroll: true });
};

/** Show where a row's words are, and its rows. */
const lead = (id) => {
  const pieces = marked().filter(({ marks }) => marks.some((mark) => mark.item_id === id));
  for (const piece of marked()) piece.classList.toggle("here", pieces.includes(piece));
  pieces[0].scrollIntoView({ block: "center" });
  point(pieces[0]);
  tellRows(pieces[0], id);
};

/** The rows that are on a piece of the text. */
const tellRows = (piece, chosen = null) => {
  const told = Object.assign({}, ...Object.values(articles).map((article) => article.told));
  part("reading-rows").replaceChildren(...piece.marks.map(({ item_id: id, kind, part: role }) => {
    const item = document.createElement("li");
    if (!id) {
      item.textContent = `not coded, with the reason ${role}`;
      return item;
    }
    const link = document.createElement("a");
    link.href = `#${id}`;
    link.textContent = id;
    const detail = document.createElement("small");
    detail.textContent = ` ${kind}, ${role}`;
    item.append(link, detail, ` ${told[id] ?? ""}`);
    if (id === chosen) item.className = "here";
    return item;
  }));
};

if (reader) {
  reader.hidden = false;
  reader.addEventListener("submit", (event) => {
    event.preventDefault();
    read(new TextEncoder().encode(part("reader-text").value));
  });
  part("reader-file").addEventListener("change", async ({ target }) => {
    if (target.files[0]) read(new Uint8Array(await target.files[0].arrayBuffer()), target.files[0].name);
    // The same file may be chosen again after it was changed.
    target.value = "";
  });
  part("reader-cancel").addEventListener("click", () => { stop(); tell("Stopped. Nothing is marked."); });
  reader.addEventListener("dragover", (event) => event.preventDefault());
  reader.addEventListener("drop", async (event) => {
    event.preventDefault();
    const [file] = event.dataTransfer.files;
    if (file) read(new Uint8Array(await file.arrayBuffer()), file.name);
  });
  part("reading-text").addEventListener("click", ({ target }) => {
    const piece = target.closest("mark");
    if (!piece) return;
    for (const other of marked()) other.classList.toggle("here", other === piece);
    point(piece);
    tellRows(piece);
  });
  part("reading-text").addEventListener("keydown", (event) => {
    const pieces = marked(), at = pieces.indexOf(event.target);
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (at < 0) return;
    if (step && pieces[at + step]) {
      event.preventDefault();
      pieces[at + step].scrollIntoView({ block: "nearest" });
      point(pieces[at + step]);
    } else if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      event.target.click();
    }
  });
}
