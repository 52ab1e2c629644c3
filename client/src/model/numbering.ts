/**
 * Numbers of provisions, computed from kind, place and policy; never part of the text.
 *
 * The rules are those of duthao/domain/numbering.py (Nghị định 78/2025/NĐ-CP, Điều 63, 64
 * and 69); docs/protocol/numbering-examples.json holds the examples both are tested against.
 */

import type { Kind } from "./kinds";

/** "renumber": a replacing text, plain sequence. "keep": an amending one, written labels stay. */
export type NumberingPolicy = "renumber" | "keep";

export interface Numbered {
  readonly kind: Kind;
  readonly label?: string | null | undefined;
}

type Style = "arabic" | "roman" | "words" | "letter";

/** A number that can be compared: 5a is (5, "a"), đ1 is (4, "1"). */
interface Place {
  readonly base: number;
  readonly suffix: string;
}

interface Label {
  readonly place: Place;
  readonly style: Style;
  readonly written: string;
}

export const LETTERS = "abcdđeghiklmnopqrstuvxy";
const LATIN = "abcdđefghijklmnopqrstuvwxyz";
const ORDINALS = ["nhất", "hai", "ba", "tư", "năm", "sáu", "bảy", "tám", "chín", "mười"];
const ROMAN_DIGITS: readonly (readonly [number, string])[] = [
  [100, "C"],
  [90, "XC"],
  [50, "L"],
  [40, "XL"],
  [10, "X"],
  [9, "IX"],
  [5, "V"],
  [4, "IV"],
  [1, "I"],
];

const UPPER: readonly Kind[] = ["appendix", "part", "chapter", "section", "subsection"];

/** For each numbered kind, the kinds that start its numbers anew. */
const RESTARTS: Readonly<Partial<Record<Kind, readonly Kind[]>>> = {
  appendix: [],
  part: UPPER.slice(0, 1),
  chapter: UPPER.slice(0, 1),
  article: UPPER.slice(0, 1),
  section: UPPER.slice(0, 3),
  subsection: UPPER.slice(0, 4),
  heading: UPPER,
  clause: [...UPPER, "heading", "article"],
  point: [...UPPER, "heading", "article", "clause"],
  indent: [...UPPER, "heading", "article", "clause", "point"],
};

const NUMBERED = Object.keys(RESTARTS) as Kind[];

const RESTARTED_BY: Readonly<Record<string, readonly Kind[]>> = Object.fromEntries(
  NUMBERED.map((kind) => [kind, NUMBERED.filter((other) => RESTARTS[other]?.includes(kind))]),
);

const STYLES: Readonly<Partial<Record<Kind, readonly Style[]>>> = {
  appendix: ["roman", "arabic"],
  part: ["roman", "arabic", "words"],
  chapter: ["roman", "arabic"],
  section: ["arabic", "roman"],
  subsection: ["arabic", "roman"],
  heading: ["roman"],
  article: ["arabic"],
  clause: ["arabic"],
  point: ["letter"],
  indent: ["arabic"],
};

const NAMES: Readonly<Partial<Record<Kind, string>>> = {
  part: "Phần",
  chapter: "Chương",
  section: "Mục",
  subsection: "Tiểu mục",
  appendix: "Phụ lục",
};

/** `value` in Roman digits; "" below 1. */
export function roman(value: number): string {
  let written = "";
  let rest = Math.max(value, 0);
  for (const [worth, digits] of ROMAN_DIGITS) {
    written += digits.repeat(Math.floor(rest / worth));
    rest %= worth;
  }
  return written;
}

/** The value of well-formed Roman digits, `null` for anything else ("IIII"). */
export function romanValue(digits: string): number | null {
  let value = 0;
  let rest = digits;
  for (const [worth, sign] of ROMAN_DIGITS) {
    while (rest.startsWith(sign)) {
      value += worth;
      rest = rest.slice(sign.length);
    }
  }
  return rest === "" && roman(value) === digits ? value : null;
}

function readLetter(text: string): Label | null {
  const match = /^([a-zđ])([0-9]{0,3})$/.exec(text);
  if (!match) return null;
  const letter = match[1] ?? "";
  const suffix = (match[2] ?? "").replace(/^0+/, "");
  return { place: { base: LATIN.indexOf(letter), suffix }, style: "letter", written: letter + suffix };
}

function readArabic(text: string): Label | null {
  const match = /^([0-9]{1,4})([a-zđ]{0,2})$/.exec(text);
  if (!match) return null;
  const place = { base: Number(match[1]), suffix: match[2] ?? "" };
  return { place, style: "arabic", written: `${place.base}${place.suffix}` };
}

function readRoman(text: string): Label | null {
  const match = /^([IVXLC]{1,12})([a-zđ]{0,2})$/.exec(text);
  const base = match ? romanValue(match[1] ?? "") : null;
  return match && base !== null
    ? { place: { base, suffix: match[2] ?? "" }, style: "roman", written: text }
    : null;
}

function readWords(text: string): Label | null {
  const lower = text.toLowerCase();
  const match = /^thứ ([^\s]+)(?: ([a-zđ]{1,2}))?$/.exec(lower);
  const word = match?.[1] ?? "";
  const suffix = match?.[2] ?? "";
  const ordinal = ORDINALS.indexOf(word) + 1;
  const base = ordinal || (/^[1-9][0-9]{0,3}$/.test(word) ? Number(word) : 0);
  return base > 0 ? { place: { base, suffix }, style: "words", written: lower } : null;
}

const READERS: Readonly<Record<Style, (text: string) => Label | null>> = {
  letter: readLetter,
  arabic: readArabic,
  roman: readRoman,
  words: readWords,
};

function readLabel(item: Numbered): Label | null {
  const { kind, label } = item;
  if (label === null || label === undefined || kind === "indent" || [...label].length > 40) return null;
  const text = label.replace(/^ +| +$/g, "");
  for (const style of STYLES[kind] ?? []) {
    const found = READERS[style](text);
    if (found) return found;
  }
  return null;
}

function written(style: Style, { base, suffix }: Place): string {
  if (style === "letter") return LATIN.charAt(base) + suffix;
  if (style === "roman") return roman(base) + suffix;
  if (style === "words") return `thứ ${ORDINALS[base - 1] ?? base} ${suffix}`.trimEnd();
  return `${base}${suffix}`;
}

function letterAfter(position: number): string | undefined {
  return [...LETTERS].find((letter) => LATIN.indexOf(letter) > position);
}

/** "" → a → b … y → ya; for points "" → 1 → 2. */
function nextSuffix(style: Style, suffix: string): string {
  if (style === "letter") return String(Number(suffix || "0") + 1);
  if (suffix === "") return "a";
  const following = letterAfter(LATIN.indexOf(suffix.charAt(suffix.length - 1)));
  return following ? suffix.slice(0, -1) + following : `${suffix}a`;
}

function nextPlain(style: Style, place: Place | null): Place {
  if (style !== "letter") return { base: (place?.base ?? 0) + 1, suffix: "" };
  if (place === null) return { base: 0, suffix: "" };
  const following = letterAfter(place.base);
  if (following) return { base: LATIN.indexOf(following), suffix: "" };
  return { base: place.base, suffix: nextSuffix(style, place.suffix) };
}

const nameOf = (place: Place): string => `${place.base}/${place.suffix}`;

function nextBehind(style: Style, anchor: Place, used: ReadonlySet<string>): Place {
  let place = anchor;
  do place = { base: anchor.base, suffix: nextSuffix(style, place.suffix) };
  while (used.has(nameOf(place)));
  return place;
}

function nextFree(style: Style, previous: Place | null, used: ReadonlySet<string>): Place {
  let place = nextPlain(style, previous);
  while (used.has(nameOf(place))) place = nextPlain(style, place);
  return place;
}

/** Numbers of one run of siblings: written labels stay, new ones take free numbers. */
function keepRun(labels: readonly (Label | null)[], style: Style): string[] {
  const used = new Set(labels.flatMap((label) => (label ? [nameOf(label.place)] : [])));
  const last = labels.findLastIndex((label) => label !== null);
  const first = labels.find((label) => label !== null)?.place ?? { base: 1, suffix: "" };
  let previous: Place | null = null;
  return labels.map((label, index) => {
    if (label) {
      previous = label.place;
      return label.written;
    }
    const place: Place =
      index > last ? nextFree(style, previous, used) : nextBehind(style, previous ?? first, used);
    used.add(nameOf(place));
    previous = place;
    return written(style, place);
  });
}

function plainRun(count: number, style: Style): string[] {
  let place: Place | null = null;
  return Array.from({ length: count }, () => {
    place = nextPlain(style, place);
    return written(style, place);
  });
}

/** Indices of provisions that are numbered together, run by run. */
function runsOf(items: readonly Numbered[]): { kind: Kind; indices: number[] }[] {
  const runs = new Map<string, { kind: Kind; indices: number[] }>();
  const scope: Record<string, number> = Object.fromEntries(NUMBERED.map((kind) => [kind, 0]));
  items.forEach(({ kind }, index) => {
    if (!RESTARTS[kind]) return;
    const name = `${kind}:${scope[kind]}`;
    const run = runs.get(name);
    if (run) run.indices.push(index);
    else runs.set(name, { kind, indices: [index] });
    for (const other of RESTARTED_BY[kind] ?? []) scope[other] = (scope[other] ?? 0) + 1;
  });
  return [...runs.values()];
}

function stylesOf(items: readonly Numbered[], labels: readonly (Label | null)[]): Map<Kind, Style> {
  const styles = new Map<Kind, Style>();
  items.forEach(({ kind }, index) => {
    const label = labels[index];
    if (label && !styles.has(kind)) styles.set(kind, label.style);
  });
  return styles;
}

/**
 * The number of each provision, in the same order: "II", "5a", "đ1", "thứ nhất"; the place
 * among its siblings for an indent; "" for paragraphs, tables and rows. Total, never throws.
 */
export function numberProvisions(items: readonly Numbered[], policy: NumberingPolicy): string[] {
  const numbers: string[] = items.map(() => "");
  const labels = items.map(readLabel);
  const styles = stylesOf(items, labels);
  for (const { kind, indices } of runsOf(items)) {
    const run = indices.map((index) => labels[index] ?? null);
    if (kind === "appendix" && run.length === 1 && run[0] === null) continue;
    const style = styles.get(kind) ?? STYLES[kind]?.[0] ?? "arabic";
    const keeping = policy === "keep" && kind !== "indent";
    const found = keeping ? keepRun(run, style) : plainRun(run.length, style);
    indices.forEach((index, at) => {
      numbers[index] = found[at] ?? "";
    });
  }
  return numbers;
}

/** What is printed before the text: "Chương II", "Điều 5a.", "2.", "đ1)", "I-", "-", "". */
export function printedLabel(kind: Kind, number: string): string {
  if (kind === "indent") return "-";
  const name = NAMES[kind];
  if (name) return `${name} ${number}`.trimEnd();
  if (number === "") return "";
  switch (kind) {
    case "article":
      return `Điều ${number}.`;
    case "clause":
      return `${number}.`;
    case "point":
      return `${number})`;
    case "heading":
      return `${number}-`;
    default:
      return "";
  }
}
