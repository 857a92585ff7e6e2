// Find the spans of an article in a copy: words that are published by direct search, all others by their digests.
import { occurrences, pointPlaces, pointsOf } from "./points.mjs";
import { findPlaces } from "./place.mjs";

const SHIFTS = 80;
const FAR = 4000;
const MOST = 30000;
const BATCH = 256;

/**
 * The article that a text is a copy of, with the place of each span: { article, spans, found, unsure, digests }.
 * `digest` computes the published digest of words; `progress` is told how much is done, from 0 to 1.
 */
export const locate = async (articles, text, digest, progress = () => {}) => {
  const copy = pointsOf(text), toPoint = pointPlaces(copy);
  let best = null, done = 0;
  for (const [article, { spans }] of Object.entries(articles)) {
    const matches = new Map();
    spans.forEach((span, index) => {
      if (span.words) matches.set(index, occurrences(span.words, copy, toPoint));
    });
    const hashed = spans.map((span, index) => [span, index]).filter(([span]) => !span.words);
    const shifts = shiftsOf(spans, matches);
    const near = hashed.flatMap(([span, index]) => shifts.map((shift) => [span, index, span.start + shift]));
    const share = 1 / Object.keys(articles).length, told = (part) => progress((done + part) * share);
    let digests = await confirm(near, matches, copy, digest, (part) => told(part * 0.7));
    let placed = findPlaces(spans, matches, copy);
    // Where nothing is, there is nothing to look around.
    if (placed.found.size > spans.length / 10) {
      digests += await outward(hashed, spans, placed, matches, copy, digest, (part) => told(0.7 + part * 0.3));
      placed = findPlaces(spans, matches, copy);
    }
    done += 1;
    told(0);
    const size = placed.found.size + placed.unsure.size, total = (best?.digests ?? 0) + digests;
    if (!best || size / spans.length > best.size / best.spans) best = { article, spans: spans.length, size, ...placed };
    best.digests = total;
  }
  return best;
};

/** How far passages have moved, judged by the words that are known: those that many letters speak for. */
const shiftsOf = (spans, matches) => {
  const letters = new Map([[0, Infinity]]);
  for (const [index, starts] of matches) {
    for (const start of starts) {
      const shift = start - spans[index].start;
      letters.set(shift, (letters.get(shift) ?? 0) + spans[index].end - spans[index].start);
    }
  }
  return [...letters].sort(([, a], [, b]) => b - a).slice(0, SHIFTS).map(([shift]) => shift);
};

const isSpan = ({ points, starts, ends }, start, length) =>
  start >= 0 && start + length <= points.length && starts[start] && ends[start + length - 1];

const confirm = async (tries, matches, copy, digest, progress) => {
  const fitting = tries.filter(([span, , start]) => isSpan(copy, start, span.end - span.start)).slice(0, MOST);
  for (let at = 0; at < fitting.length; at += BATCH) {
    const batch = fitting.slice(at, at + BATCH);
    const digests = await Promise.all(batch.map(([span, , start]) => digest(copy.points.slice(start, start + span.end - span.start).join(""))));
    batch.forEach(([span, index, start], place) => {
      if (digests[place] === span.digest) matches.set(index, [...(matches.get(index) ?? []), start]);
    });
    progress(Math.min(1, (at + BATCH) / fitting.length));
  }
  return fitting.length;
};

/** Look for spans that are not placed yet, from where their neighbours are outward, at the edges of words only. */
const outward = async (hashed, spans, placed, matches, copy, digest, progress) => {
  const left = hashed.filter(([, index]) => !placed.found.has(index) && !placed.unsure.has(index) && !matches.has(index));
  const anchors = [...placed.found].map(([index, start]) => [spans[index].start, start - spans[index].start]).sort(([a], [b]) => a - b);
  const tries = left.flatMap(([span, index]) => {
    const around = anchors.findLast(([start]) => start <= span.start) ?? anchors[0] ?? [0, 0];
    const expected = span.start + around[1], found = [];
    for (let away = 1; away <= FAR; away += 1) {
      for (const start of [expected - away, expected + away]) {
        if (isSpan(copy, start, span.end - span.start)) found.push([span, index, start]);
      }
    }
    return found;
  });
  return confirm(tries, matches, copy, digest, progress);
};
