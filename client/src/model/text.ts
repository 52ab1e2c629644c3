/** Cleaning of text on every way in; the rules of duthao/domain/text.py `clean`. */

const LINE_BREAK = /\r\n|[\r\v\f\u0085\u2028\u2029]/g;
const SPACE = /[\t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/g;
const HYPHEN = /[\u2010\u2011]/g;
const INVISIBLE = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]|\u034f/g;
// oxlint-disable-next-line no-control-regex -- removing control characters is the purpose
const CONTROL = /[\x00-\x09\x0b-\x1f\x7f-\x9f\ufdd0-\ufdef\ufffe\uffff]/g;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** NFC, "\n" the only line break, " " the only space, nothing invisible, no half characters. */
export function cleanText(text: string): string {
  return text
    .replace(LINE_BREAK, "\n")
    .replace(SPACE, " ")
    .replace(HYPHEN, "-")
    .replace(INVISIBLE, "")
    .replace(CONTROL, "")
    .replace(LONE_SURROGATE, "")
    .normalize("NFC");
}

/** The place in UTF-16 units, the browser's ruler, of a place in code points, the server's. */
export function unitsAt(text: string, codePoints: number): number {
  let at = 0;
  for (let left = codePoints; left > 0 && at < text.length; left -= 1) {
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1;
  }
  return at;
}

/** The other way: the place in code points of a place in UTF-16 units. */
export function pointsAt(text: string, units: number): number {
  return Array.from(text.slice(0, units)).length;
}

/** `cleanText` for words inside one provision: line breaks become spaces, ends stay. */
export function cleanInline(text: string): string {
  return cleanText(text).replace(/\n/g, " ");
}
