// Cut a text where marks begin and end: each piece has the marks that cover it, the longest first.
export const piecesOf = (length, marks) => {
  const cuts = new Set([0, length]);
  for (const { start, end } of marks) if (start < end) { cuts.add(start); cuts.add(end); }
  const places = [...cuts].sort((a, b) => a - b), pieces = [];
  const opening = marks.filter(({ start, end }) => start < end).sort((a, b) => a.start - b.start);
  let next = 0, open = [];
  for (let at = 0; at + 1 < places.length; at += 1) {
    const [start, end] = [places[at], places[at + 1]];
    open = open.filter((mark) => mark.end > start);
    while (next < opening.length && opening[next].start === start) open.push(opening[next++]);
    pieces.push({ start, end, marks: [...open].sort((a, b) => b.end - b.start - (a.end - a.start) || a.start - b.start) });
  }
  return pieces;
};
