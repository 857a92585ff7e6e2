// Decide where the spans of an article stand in a copy of it: as `ric.locate` does, in placing.py.
const ENOUGH = 24;
const LINE = 1000;
const SENTENCE_ENDS = /[.!?…][")\]'”’]*\s/gu;

/** Where each span is, by its place in `spans`, and which spans may be at several places. */
export const findPlaces = (spans, matches, { points }) => {
  const ends = passageEnds(points);
  const order = spans.map((_, index) => index).sort((a, b) => spans[a].start - spans[b].start || spans[b].end - spans[a].end);
  let runs = runsOf(spans, order, matches, ends);
  const whole = runs.filter((run) => run.complete);
  runs = runs.filter((run) => !whole.some((other) => other.start < run.start && run.end < other.end));
  const places = new Map(), torn = new Set();
  for (const run of runs) {
    const rivals = runs.filter((other) => other.shift !== run.shift && other.start < run.end && run.start < other.end);
    for (const index of run.spans) {
      const start = spans[index].start + run.shift, end = spans[index].end + run.shift;
      const wanted = rivals.filter((other) => other.start < end && start < other.end).map((other) => other.complete);
      if (run.complete || !wanted.some(Boolean)) {
        if (!places.has(index)) places.set(index, new Set());
        places.get(index).add(start);
        if (wanted.includes(run.complete)) torn.add(index);
      }
    }
  }
  const found = new Map(), unsure = new Set();
  for (const [index, starts] of places) {
    if (starts.size > 1 || torn.has(index)) unsure.add(index);
    else found.set(index, [...starts][0]);
  }
  return { found, unsure };
};

const passageEnds = (points) => {
  const ends = [0];
  for (let at = 0; at <= points.length; at += 1) {
    if (at < points.length && points[at] !== "\n") continue;
    const end = Math.min(at + 1, points.length), begin = ends.at(-1);
    if (end - begin > LINE) {
      const line = points.slice(begin, end).join("");
      let units = 0, place = begin;
      for (const match of line.matchAll(SENTENCE_ENDS)) {
        const until = match.index + match[0].length;
        place += Array.from(line.slice(units, until)).length;
        units = until;
        ends.push(place);
      }
    }
    ends.push(end);
  }
  return ends;
};

const runsOf = (spans, order, matches, ends) => {
  const moved = new Map();
  order.forEach((index, rank) => {
    for (const start of matches.get(index) ?? []) {
      const shift = start - spans[index].start;
      if (!moved.has(shift)) moved.set(shift, []);
      moved.get(shift).push(rank);
    }
  });
  const runs = [];
  for (const [shift, ranks] of moved) {
    for (const group of consecutive(ranks)) {
      const members = group.map((rank) => order[rank]);
      const letters = lettersOf(members.map((index) => spans[index]), shift, ends);
      const sure = [...letters.values()].filter(({ count }) => count >= ENOUGH);
      if (!sure.length) continue;
      const first = shift === 0 && group[0] === 0 ? 0 : Math.min(...sure.map(({ start }) => start));
      const last = sure.reduce((most, each) => (each.start > most.start || (each.start === most.start && each.end > most.end) ? each : most)).end;
      const inside = members.filter((index) => first <= spans[index].start + shift && spans[index].end + shift <= last);
      const due = spans.filter((span) => first < span.end + shift && span.start + shift < last).length;
      if (due === inside.length || sure.length > 1) runs.push({ start: first, end: last, shift, spans: inside, complete: due === inside.length });
    }
  }
  return runs;
};

const consecutive = (ranks) => {
  const groups = [];
  for (const rank of ranks) {
    if (groups.length && groups.at(-1).at(-1) === rank - 1) groups.at(-1).push(rank);
    else groups.push([rank]);
  }
  return groups;
};

const lettersOf = (members, shift, ends) => {
  const counts = new Map();
  let reach = 0;
  for (const span of members) {
    const start = span.start + shift, end = span.end + shift;
    const from = ends[after(ends, start) - 1], to = ends[before(ends, end)], key = `${from}-${to}`;
    const entry = counts.get(key) ?? { start: from, end: to, count: 0 };
    entry.count += Math.max(0, end - Math.max(start, reach));
    counts.set(key, entry);
    reach = Math.max(reach, end);
  }
  return counts;
};

// Where a number would be put among sorted ones: behind those that equal it, and before them.
const after = (sorted, number) => {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (number < sorted[middle]) high = middle; else low = middle + 1;
  }
  return low;
};
const before = (sorted, number) => {
  let low = 0, high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle] < number) low = middle + 1; else high = middle;
  }
  return low;
};
