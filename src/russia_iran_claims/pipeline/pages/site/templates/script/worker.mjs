// Runs beside the page, so that a long search neither freezes it nor outlives a click on Cancel.
import { locate } from "./find.mjs";

const hex = (bytes) => Array.from(new Uint8Array(bytes, 0, 8), (byte) => byte.toString(16).padStart(2, "0")).join("");
const encoder = new TextEncoder();
const digest = async (words) => hex(await crypto.subtle.digest("SHA-256", encoder.encode(words)));

onmessage = async ({ data: { articles, text } }) => {
  try {
    const result = await locate(articles, text, digest, (part) => postMessage({ part }));
    postMessage({ result: { ...result, found: [...result.found], unsure: [...result.unsure] } });
  } catch (error) {
    postMessage({ error: String(error) });
  }
};
