// A text by code points: offsets in the tables count these, and strings of JavaScript count UTF-16 units.
const WORD = /[\p{L}\p{N}_]/u;
const SPACE = /\s/u;

/** The code points of a text, and where each begins and ends in words: `starts[i]` and `ends[i]` are booleans. */
export const pointsOf = (text) => {
  const points = Array.from(text);
  const word = points.map((point) => WORD.test(point));
  const mark = points.map((point, at) => !word[at] && !SPACE.test(point));
  const starts = points.map((_, at) => mark[at] || (word[at] && !word[at - 1]));
  const ends = points.map((_, at) => mark[at] || (word[at] && !word[at + 1]));
  return { text, points, starts, ends };
};

/** Where words stand in a text, in code points, if they begin and end as words do. */
export const occurrences = (words, { text, points, starts, ends }, toPoint) => {
  const length = Array.from(words).length, found = [];
  for (let at = text.indexOf(words); at >= 0 && length; at = text.indexOf(words, at + 1)) {
    const start = toPoint(at);
    if (start !== undefined && starts[start] && ends[start + length - 1]) found.push(start);
  }
  return found;
};

/** From a place in UTF-16 units to one in code points; undefined inside a pair of surrogates. */
export const pointPlaces = ({ text, points }) => {
  if (text.length === points.length) return (unit) => unit;
  const places = new Map();
  let unit = 0;
  points.forEach((point, at) => { places.set(unit, at); unit += point.length; });
  return (at) => places.get(at);
};
