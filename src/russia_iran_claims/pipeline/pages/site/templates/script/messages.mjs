// What the reader is told of a copy, in a sentence that says what was found and what to do.
const MOST = 1_000_000;

/** What is wrong with bytes that should be the text of an article; null if nothing is. */
export const refusalOf = (bytes) => {
  if (!bytes.length) return "There is no text: paste the article's text, or choose its file.";
  if (bytes[0] === 0x25 && bytes[1] === 0x50 && bytes[2] === 0x44 && bytes[3] === 0x46) {
    return "This is a PDF. Open it, copy the text of the article and paste that.";
  }
  if (bytes.length > 4 * MOST) return tooLong(bytes.length, "bytes");
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (text.includes("\0")) return "This file is no text. Save the article as plain text in UTF-8, or paste it.";
    if (!text.trim()) return "There is no text: paste the article's text, or choose its file.";
    return text.length > MOST ? tooLong(text.length, "characters") : null;
  } catch {
    return "This file is not text in UTF-8. Save the article as plain text in UTF-8, or paste it.";
  }
};

const tooLong = (number, what) =>
  `The text has ${number.toLocaleString("en")} ${what}, more than any article. Paste the article alone.`;

/** What was found of an article; `known` has the day of publication of each. */
export const resultOf = ({ article, spans, found, unsure }, exact, known) => {
  if (exact) return `This is the text of ${article} that was annotated. All ${spans} spans are marked.`;
  const letter = "Quotation marks, apostrophes and dashes have to be those of the article.";
  if (!found) {
    const days = Object.entries(known).map(([id, { published }]) => `${id} of ${published}`).join(" or ");
    return `This is no copy of an annotated article: 0 of ${spans} spans of ${article} are sure to be in it, and no more of another. `
      + `Take the text of ${days}. ${letter}`;
  }
  const missing = spans - found - unsure;
  if (!missing && !unsure) return `A copy of ${article}: all ${spans} spans are found and marked.`;
  const parts = [
    missing ? `${missing} ${missing === 1 ? "is" : "are"} not there to the letter` : "",
    unsure ? `${unsure} may be at several places` : "",
  ].filter(Boolean).join(", ");
  const few = found < spans / 2 ? "It may be only a part of the article, or a changed one. " : "";
  return `A copy of ${article}: ${found} of ${spans} spans are found and marked; ${parts}. ${few}${missing ? letter : ""}`.trim();
};

export const NO_DIGESTS = "This page came over plain http, where browsers compute no SHA-256, so words cannot be compared. "
  + "Save the page and open the file, or use https.";
