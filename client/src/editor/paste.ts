/** Pasting from elsewhere: lines of words with bold, italic, underline; everything else goes. */

import type { Node as ProseNode } from "prosemirror-model";
import { TextSelection, type EditorState, type Transaction } from "prosemirror-state";

import { STEP } from "../binding/binding";
import { fragmentOf, slice, styledOfNode, type Styled } from "../binding/runs";
import { attrsOf, blockType, NEW_BLOCK, positionOf } from "../binding/schema";
import { cleanText, isUpper, type Kind } from "../model";
import { foreign } from "../ui/markup";
import { isTabular, replaceBlocks } from "./blocks";
import { depthAfter, readLabel } from "./grammar";

/** As many lines as the server takes in one text. */
export const MAX_LINES = 20_000;
const MAX_CHARACTERS = 2_000_000;

/** One line as pasted: its words and the kind its label told. */
export interface PastedLine {
  readonly kind: Kind | null;
  readonly words: Styled;
  /** The line with its typed label, for pasting into the middle of a text. */
  readonly whole: Styled;
}

/** Cleaned, spaces squeezed, formats kept letter by letter. */
function tidy(pieces: readonly (readonly [string, number])[]): Styled {
  let text = "";
  const bits: number[] = [];
  for (const [piece, format] of pieces) {
    for (const sign of cleanText(piece).replace(/\n/g, " ").replace(/ +/g, " ")) {
      if (sign === " " && (text === "" || text.endsWith(" "))) continue;
      text += sign;
      for (let unit = 0; unit < sign.length; unit += 1) bits.push(format);
    }
  }
  const end = text.trimEnd().length;
  const composed = text.slice(0, end).normalize("NFC");
  // A mark that only composes with a letter of another format takes that letter's format.
  return { text: composed, bits: Uint8Array.from(bits).slice(0, composed.length) };
}

/** Lines with their labels read; titles that stand on the line below are brought up. */
export function readLines(lines: readonly Styled[]): PastedLine[] {
  const read: PastedLine[] = [];
  let depth = 0;
  for (const whole of lines.slice(0, MAX_LINES)) {
    if (whole.text === "") continue;
    const { kind, skip } = depth > 0 ? { kind: null, skip: 0 } : readLabel(whole.text);
    depth = depthAfter(whole.text, depth);
    const last = read.at(-1);
    const titleless = last?.kind && last.words.text === "" && (isUpper(last.kind) || last.kind === "article");
    if (titleless && kind === null) read[read.length - 1] = { ...last, words: whole };
    else read.push({ kind, words: slice(whole, skip, whole.text.length), whole });
  }
  return read;
}

/** The same lines as nothing but words: a paragraph each, what looks like a label left in it, no formats. */
export function plainLines(lines: readonly Styled[]): PastedLine[] {
  return lines.slice(0, MAX_LINES).flatMap(({ text }) => {
    const words = { text, bits: new Uint8Array(text.length) };
    return text === "" ? [] : [{ kind: null, words, whole: words }];
  });
}

export function rawLinesOfText(text: string): Styled[] {
  const lines = cleanText(text.slice(0, MAX_CHARACTERS)).split("\n", MAX_LINES + 1);
  return lines.map((line) => tidy([[line, 0]]));
}

const BLOCKS = new Set(
  "ADDRESS ARTICLE ASIDE BLOCKQUOTE BODY CENTER DD DIV DL DT H1 H2 H3 H4 H5 H6 HEADER HR LI MAIN OL P PRE SECTION TABLE TBODY TFOOT THEAD TR UL".split(
    " ",
  ),
);
const DROPPED = new Set("SCRIPT STYLE HEAD TITLE META LINK TEMPLATE IFRAME OBJECT SVG IMG DEL".split(" "));

/** The formats of an element on top of those it stands in. */
function formatOf(element: Element, format: number): number {
  const style = (element.getAttribute("style") ?? "").toLowerCase();
  let bits = format;
  const weight = /font-weight:\s*([a-z0-9]+)/.exec(style)?.[1];
  if (/^(B|STRONG)$/.test(element.tagName) || (weight && /^(bold|bolder|[6-9]00)$/.test(weight))) bits |= 1;
  if (weight && /^(normal|[1-4]00)$/.test(weight)) bits &= ~1;
  if (/^(I|EM)$/.test(element.tagName) || /font-style:\s*italic/.test(style)) bits |= 2;
  if (/font-style:\s*normal/.test(style)) bits &= ~2;
  if (/^(U|INS)$/.test(element.tagName) || /text-decoration[a-z-]*:[^;]*underline/.test(style)) bits |= 4;
  return bits;
}

/** What a list of plain HTML would have printed before an item. */
function markerOf(item: Element): string {
  const list = item.parentElement;
  if (item.tagName !== "LI" || !list) return "";
  if (list.tagName !== "OL") return "- ";
  const place = [...list.children].filter(({ tagName }) => tagName === "LI").indexOf(item);
  const first = Number(list.getAttribute("start") ?? 1) || 1;
  return list.getAttribute("type") === "a" ? `${"abcdđeghiklmnopqrstuvxy"[place] ?? "y"}) ` : `${first + place}. `;
}

/** The lines of HTML of Word and other programs, with their formats; the document it is parsed into runs nothing. */
export function rawLinesOfHtml(html: string): Styled[] {
  const body = foreign(html.slice(0, 4 * MAX_CHARACTERS));
  const lines: Styled[] = [];
  let pieces: [string, number][] = [];
  const end = (): void => {
    const line = tidy(pieces);
    if (line.text !== "") lines.push(line);
    pieces = [];
  };
  const visit = (node: Node, format: number): void => {
    if (node.nodeType === 3) pieces.push([(node.nodeValue ?? "").replace(/\s+/g, " "), format]);
    if (node.nodeType !== 1 || lines.length > MAX_LINES) return;
    const element = node as Element;
    if (DROPPED.has(element.tagName.toUpperCase())) return;
    if (/display:\s*none/.test(element.getAttribute("style") ?? "")) return;
    const block = BLOCKS.has(element.tagName) || element.tagName === "BR";
    if (block) end();
    const marker = markerOf(element);
    if (marker) pieces.push([marker, 0]);
    if (/^T[DH]$/.test(element.tagName) && element.previousElementSibling) pieces.push([" | ", 0]);
    const inCell = /^T[DH]$/.test(element.tagName);
    const bits = formatOf(element, format);
    if (inCell) pieces.push(...cellPieces(element, bits));
    else element.childNodes.forEach((child) => visit(child, bits));
    if (block) end();
  };
  visit(body, 0);
  end();
  return lines;
}

/** A table cell's words in one line: tables come in as text, a row a line. */
function cellPieces(cell: Element, format: number): [string, number][] {
  return [[(cell.textContent ?? "").replace(/\s+/g, " "), format]];
}

function blockOf(line: PastedLine, attrs: object): ProseNode {
  return blockType.create({ ...NEW_BLOCK, ...attrs }, fragmentOf(line.words));
}

/**
 * The transaction that puts pasted lines at the selection, `null` when there is nothing.
 *
 * A single line goes in among the words. Of several, lines with labels become provisions of
 * their own and the others paragraphs; an unlabelled first line joins the words at the caret.
 */
export function pasteLines(state: EditorState, lines: readonly PastedLine[]): Transaction | null {
  const [first] = lines;
  if (!first) return null;
  const tr = state.tr;
  if (!state.selection.empty) tr.deleteSelection();
  const { $from } = tr.selection;
  const index = $from.index(0);
  const block = tr.doc.child(index);
  const attrs = attrsOf(block);
  if (isTabular(attrs.kind)) return null;
  const empty = block.content.size === 0;
  if (lines.length === 1 && (first.kind === null || !empty)) {
    const fragment = fragmentOf(first.kind === null ? first.words : first.whole);
    tr.insert($from.pos, fragment);
    return caretAt(tr, $from.pos + fragment.size);
  }
  const offset = $from.parentOffset;
  const content = styledOfNode(block);
  const head = slice(content, 0, offset);
  const tail = slice(content, offset, content.text.length);
  const blocks = lines.map((line) => blockOf(line, { kind: line.kind ?? "paragraph" }));
  if (empty) {
    blocks[0] = blockOf(first, { ...attrs, kind: first.kind ?? attrs.kind });
  } else if (offset > 0 && first.kind === null) {
    blocks[0] = block.copy(fragmentOf(head).append(fragmentOf(first.words)));
  } else if (offset > 0) {
    blocks.unshift(block.copy(fragmentOf(head)));
  }
  const caret = positionOf(tr.doc, index) + blocks.reduce((sum, { nodeSize }) => sum + nodeSize, 0) - 1;
  if (offset === 0 && !empty) blocks.push(block);
  else if (tail.text !== "") {
    const last = blocks.pop()!;
    blocks.push(last.copy(last.content.append(fragmentOf(tail))));
  }
  replaceBlocks(tr, { start: index, end: index + 1 }, blocks);
  return caretAt(tr, caret);
}

function caretAt(tr: Transaction, position: number): Transaction {
  const at = Math.min(position, tr.doc.content.size - 1);
  return tr
    .setSelection(TextSelection.create(tr.doc, at))
    .setMeta(STEP, true)
    .setMeta("paste", true)
    .scrollIntoView();
}
