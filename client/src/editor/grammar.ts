/** Reading typed labels at the start of pasted lines: the grammar of Vietnamese legal texts. */

import type { Kind } from "../model";

export interface ReadLine {
  /** The kind its label tells, `null` for a line without one. */
  readonly kind: Kind | null;
  /** How many characters of the line are label. */
  readonly skip: number;
}

const PLAIN: ReadLine = { kind: null, skip: 0 };

interface Rule {
  readonly kind: Kind;
  readonly label: RegExp;
  /** What must be true of the words after the label. */
  readonly rest: (words: string) => boolean;
}

const anything = (): boolean => true;
const something = (words: string): boolean => words !== "";
/** A title stands in capitals or on the next line; "Mục 2 Chương I của Luật" is a wrapped line. */
const title = (words: string): boolean => words === words.toLocaleUpperCase("vi");
/** "15. 000" is an amount cut in two, "2025." no clause. */
const clause = (words: string): boolean => words !== "" && !/^\d{3}(?!\d)/.test(words);
const heading = (words: string): boolean => /\p{Lu}/u.test(words) && title(words);

const ORDINAL = "(?:nhất|hai|ba|tư|năm|sáu|bảy|tám|chín|mười)";

const RULES: readonly Rule[] = [
  { kind: "part", label: new RegExp(`^phần\\s+(?:thứ\\s+${ORDINAL}|[IVXLC]+)(?![\\p{L}\\d])\\s*[.:]?\\s*`, "iu"), rest: title },
  { kind: "chapter", label: /^(?:Chương|CHƯƠNG)\s+(?:[IVXLC]+|\d+)[a-zđ]?(?![\p{L}\d])\s*[.:]?\s*/u, rest: title },
  { kind: "subsection", label: /^(?:Tiểu mục|TIỂU MỤC)\s+\d+[a-zđ]?(?![\p{L}\d])\s*[.:]?\s*/u, rest: anything },
  { kind: "section", label: /^(?:Mục|MỤC)\s+(?:\d+|[IVXLC]+)[a-zđ]?(?![\p{L}\d])\s*[.:]?\s*/u, rest: title },
  { kind: "article", label: /^Điều\s+\d+[a-zđ]{0,2}\s*(?:[.:]\s*|$)/u, rest: anything },
  { kind: "appendix", label: /^(?:Phụ lục|PHỤ LỤC)(?:\s+(?:[IVXLC]+|\d+))?(?![\p{L}\d])\s*[.:]?\s*/u, rest: title },
  { kind: "clause", label: /^\d{1,3}[a-zđ]?(?:\s*\.(?!\d)\s*|\s*[-–]\s+)/u, rest: clause },
  { kind: "point", label: /^[a-zđ]\d{0,2}\s*[).]\s+/u, rest: something },
  { kind: "indent", label: /^[-–+*•]\s+/u, rest: something },
  { kind: "heading", label: /^[IVXLC]+\s*[.\-–]\s*/u, rest: heading },
];

export function readLabel(line: string): ReadLine {
  for (const { kind, label, rest } of RULES) {
    const skip = label.exec(line)?.[0].length ?? 0;
    if (skip > 0 && rest(line.slice(skip).trim())) return { kind, skip };
  }
  return PLAIN;
}

/** The quotation depth after a line: what stands inside “ … ” quotes another text. */
export function depthAfter(line: string, depth: number): number {
  let now = depth;
  for (const sign of line) {
    if (sign === "“") now += 1;
    else if (sign === "”") now = Math.max(0, now - 1);
  }
  return now;
}
