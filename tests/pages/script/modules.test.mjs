// The page's modules by themselves: `node --test tests/pages/script/`.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";

const from = (name) => import(new URL(`../../../src/russia_iran_claims/pipeline/pages/site/templates/script/${name}.mjs`, import.meta.url));
const { piecesOf } = await from("pieces");
const { occurrences, pointPlaces, pointsOf } = await from("points");
const { locate } = await from("find");
const { refusalOf, resultOf } = await from("messages");
const digest = async (words) => createHash("sha256").update(words).digest("hex").slice(0, 16);
const bytes = (text) => new TextEncoder().encode(text);

test("pieces cover the whole text once, and each mark exactly", () => {
  const marks = [{ start: 2, end: 9 }, { start: 4, end: 6 }, { start: 4, end: 4 }, { start: 5, end: 12 }, { start: 2, end: 9 }];
  const pieces = piecesOf(14, marks);
  assert.deepEqual(pieces.map(({ start, end }) => [start, end]), [[0, 2], [2, 4], [4, 5], [5, 6], [6, 9], [9, 12], [12, 14]]);
  for (const mark of marks.filter(({ start, end }) => start < end)) {
    const own = pieces.filter((piece) => piece.marks.includes(mark));
    assert.equal(own[0].start, mark.start);
    assert.equal(own.at(-1).end, mark.end);
    assert.equal(own.reduce((sum, { start, end }) => sum + end - start, 0), mark.end - mark.start);
  }
});

test("a text without marks is one piece, and the longest mark comes first", () => {
  assert.deepEqual(piecesOf(3, []), [{ start: 0, end: 3, marks: [] }]);
  const [short, long] = [{ start: 0, end: 1 }, { start: 0, end: 3 }];
  assert.deepEqual(piecesOf(3, [short, long])[0].marks, [long, short]);
});

test("places count code points, and words are whole", () => {
  const copy = pointsOf("🐟 a boat, boats 👩‍🍳 boat");
  assert.deepEqual(occurrences("boat", copy, pointPlaces(copy)), [4, 20]);
  assert.deepEqual(occurrences("👩‍🍳", copy, pointPlaces(copy)), [16]);
  assert.deepEqual(occurrences("oat", copy, pointPlaces(copy)), []);
});

const TEXT = "🐟 The port of Vik was closed, Berg said. “We closed it because about 40 boats were at risk,” she told us.\n\n"
  + "The dockers called the closure a farce, and said that nobody had asked them before it was announced on Friday.";
const span = (id, words, known) => {
  const unit = TEXT.indexOf(words), start = Array.from(TEXT.slice(0, unit)).length;
  const hashed = createHash("sha256").update(words).digest("hex").slice(0, 16);
  return { id, kind: "event", part: "trigger", start, end: start + Array.from(words).length, digest: hashed, ...(known ? { words } : {}) };
};
const articles = {
  "art-001": {
    spans: [
      span("ev-1", "was closed", true), span("at-1", "The port of Vik was closed", false), span("qu-1", "said", true),
      span("qu-2", "We closed it because about 40 boats were at risk,", true), span("fi-1", "about 40", true),
      span("at-2", "The dockers called the closure a farce", false), span("ev-2", "nobody had asked them", true),
      span("at-3", "nobody had asked them before it was announced on Friday", false),
    ],
  },
};

for (const [name, text, found] of [
  ["the text itself", TEXT, 8],
  ["another header with an emoji", `👩‍🍳 Header\n\n${TEXT}`, 8],
  ["lines closed up", TEXT.replace("\n\n", "\n"), 8],
  ["a cut end", TEXT.slice(0, TEXT.indexOf("\n\n")), 5],
  ["another article", "Nothing of the kind is told here, and nobody said a word about it. ".repeat(9), 0],
]) {
  test(`spans are found in ${name}`, async () => {
    const result = await locate(articles, text, digest), points = Array.from(text);
    assert.equal(result.article, "art-001");
    assert.equal(result.found.size, found);
    for (const [index, start] of result.found) {
      const { end, start: own, digest: published } = articles["art-001"].spans[index];
      assert.equal(await digest(points.slice(start, start + end - own).join("")), published);
    }
  });
}

test("progress rises from 0 to 1", async () => {
  const told = [];
  await locate({ ...articles, "art-002": articles["art-001"] }, TEXT, digest, (part) => told.push(part));
  assert.deepEqual(told, [...told].sort((a, b) => a - b));
  assert.equal(told.at(-1), 1);
});

test("what is no text of an article is refused with what to do", () => {
  for (const [content, words] of [
    ["", /no text: paste/], [" \n\t", /no text: paste/], ["%PDF-1.7 …", /a PDF\. Open it, copy/], ["a\0b", /is no text/],
    ["a".repeat(1_000_001), /1,000,001 characters, more than any article/], ["é".repeat(5_000_000), /10,000,000 bytes/],
  ]) assert.match(refusalOf(bytes(content)), words);
  assert.match(refusalOf(Uint8Array.of(0xff, 0xfe, 0x41)), /not text in UTF-8/);
  assert.equal(refusalOf(bytes("\ufeffAn article.")), null);
});

test("the result says how many of how many", () => {
  const told = (found, unsure, exact) => resultOf({ article: "art-001", spans: 10, found, unsure }, exact, { "art-001": { published: "2026-01-10" } });
  assert.match(told(10, 0, true), /the text of art-001 that was annotated. All 10/);
  assert.match(told(10, 0, false), /all 10 spans are found/);
  assert.match(told(8, 1, false), /8 of 10 spans .* 1 is not there to the letter, 1 may be at several places/);
  assert.match(told(2, 0, false), /2 of 10 .* 8 are not .* only a part of the article, or a changed one/);
  assert.match(told(0, 0, false), /no copy of an annotated article: 0 of 10 spans of art-001 .* Take the text of art-001 of 2026-01-10/);
});
