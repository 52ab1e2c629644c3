/**
 * The keys of the drafting room, named here and nowhere else: the sheet of paper, the page and the panes ask
 * which key means what, and the sheet of shortcuts is drawn from the same lines.
 *
 * A key is written as `Mod-Shift-z`; Mod is Ctrl, on a Mac the command key.
 */

/**
 * With the caret in the sheet; anywhere in the room; on the sheet or beside it; in the outline; in a pane; in the bar
 * of find; in an open menu; while words are suggested; choosing what a reference cites; for what is pasted; in a cell of a table; while cells are chosen; while a provision is
 * chosen; in a form; at a comment; naming somebody in one.
 */
export type Where =
  'sheet' | 'room' | 'outline' | 'menu' | 'desk' | 'pasting' | 'cell' | 'cells' | 'pane' | 'find' | 'choosing' | 'completing' | 'picking' | 'form' | 'card' | 'naming'

export const GROUPS = ['writing', 'structure', 'tables', 'finding', 'reading', 'room', 'commenting', 'proposing'] as const
export type Group = (typeof GROUPS)[number]

/** One line of the sheet of shortcuts; `says` is its sentence `room.key.{says}`, its first keys are shown. */
export interface Line {
  readonly group: Group
  readonly where: Where
  readonly says: string
  readonly acts: Readonly<Record<string, readonly [string, ...string[]]>>
}

export const LINES = [
  { group: 'writing', where: 'sheet', says: 'marks', acts: { bold: ['Mod-b'], italic: ['Mod-i'], underline: ['Mod-u'] } },
  { group: 'writing', where: 'sheet', says: 'undo', acts: { undo: ['Mod-z'], redo: ['Mod-y', 'Mod-Shift-z'] } },
  { group: 'writing', where: 'pasting', says: 'pastePlain', acts: { pastePlain: ['Mod-Shift-v'] } },
  { group: 'writing', where: 'room', says: 'pasteOther', acts: { pasteOther: ['Alt-Shift-v'] } },
  { group: 'writing', where: 'completing', says: 'complete', acts: { complete: ['Tab'] } },
  { group: 'writing', where: 'completing', says: 'completeChoose', acts: { completeAbove: ['ArrowUp'], completeBelow: ['ArrowDown'] } },
  { group: 'writing', where: 'completing', says: 'completeChosen', acts: { completeChosen: ['Enter'] } },
  { group: 'writing', where: 'completing', says: 'completeNot', acts: { completeNot: ['Escape'] } },
  { group: 'writing', where: 'room', says: 'reference', acts: { reference: ['Alt-Shift-e'] } },
  { group: 'writing', where: 'picking', says: 'targets', acts: { targetAbove: ['ArrowUp'], targetBelow: ['ArrowDown'] } },
  { group: 'writing', where: 'picking', says: 'target', acts: { target: ['Enter'] } },
  { group: 'structure', where: 'sheet', says: 'split', acts: { enter: ['Enter'] } },
  { group: 'structure', where: 'sheet', says: 'paragraph', acts: { startParagraph: ['Shift-Enter'] } },
  { group: 'structure', where: 'sheet', says: 'join', acts: { joinBackward: ['Backspace'], joinForward: ['Delete'] } },
  { group: 'structure', where: 'sheet', says: 'level', acts: { indent: ['Tab'], outdent: ['Shift-Tab'] } },
  { group: 'structure', where: 'sheet', says: 'move', acts: { moveUp: ['Alt-ArrowUp'], moveDown: ['Alt-ArrowDown'] } },
  { group: 'structure', where: 'sheet', says: 'splitArticle', acts: { splitArticle: ['Alt-Enter'] } },
  { group: 'structure', where: 'sheet', says: 'joinArticle', acts: { joinArticle: ['Alt-Shift-Enter'] } },
  { group: 'structure', where: 'outline', says: 'lift', acts: { lift: [' '] } },
  { group: 'structure', where: 'outline', says: 'place', acts: { placeAbove: ['ArrowUp'], placeBelow: ['ArrowDown'] } },
  { group: 'structure', where: 'outline', says: 'drop', acts: { drop: [' ', 'Enter'] } },
  { group: 'structure', where: 'outline', says: 'putBack', acts: { putBack: ['Escape'] } },
  { group: 'tables', where: 'cell', says: 'nextCell', acts: { nextCell: ['Tab'], previousCell: ['Shift-Tab'] } },
  { group: 'tables', where: 'cell', says: 'cellBelow', acts: { cellBelow: ['Enter'] } },
  { group: 'tables', where: 'cell', says: 'besideCell', acts: { cellUp: ['ArrowUp'], cellDown: ['ArrowDown'], cellLeft: ['ArrowLeft'], cellRight: ['ArrowRight'] } },
  { group: 'tables', where: 'cell', says: 'chooseCell', acts: { chooseCell: ['Escape'] } },
  { group: 'tables', where: 'cells', says: 'chosen', acts: { chosenUp: ['ArrowUp'], chosenDown: ['ArrowDown'], chosenLeft: ['ArrowLeft'], chosenRight: ['ArrowRight'] } },
  { group: 'tables', where: 'cells', says: 'more', acts: { moreUp: ['Shift-ArrowUp'], moreDown: ['Shift-ArrowDown'], moreLeft: ['Shift-ArrowLeft'], moreRight: ['Shift-ArrowRight'] } },
  { group: 'tables', where: 'cells', says: 'clearCells', acts: { clearCells: ['Delete', 'Backspace'] } },
  { group: 'tables', where: 'cells', says: 'typeInCell', acts: { typeInCell: ['Enter'] } },
  { group: 'tables', where: 'cells', says: 'leaveCells', acts: { leaveCells: ['Escape'] } },
  { group: 'finding', where: 'room', says: 'find', acts: { find: ['Mod-f'] } },
  { group: 'finding', where: 'room', says: 'replace', acts: { replace: ['Mod-h'] } },
  { group: 'finding', where: 'room', says: 'hit', acts: { findNext: ['F3'], findPrevious: ['Shift-F3'] } },
  { group: 'finding', where: 'room', says: 'searchAll', acts: { searchAll: ['Alt-Shift-s'] } },
  { group: 'finding', where: 'find', says: 'hitHere', acts: { hitNext: ['Enter'], hitPrevious: ['Shift-Enter'] } },
  { group: 'finding', where: 'find', says: 'replaceOne', acts: { replaceOne: ['Enter'] } },
  { group: 'finding', where: 'find', says: 'toHit', acts: { toHit: ['Mod-Enter'] } },
  { group: 'reading', where: 'desk', says: 'zoom', acts: { zoomIn: ['Mod-=', 'Mod-+'], zoomOut: ['Mod--'], zoomActual: ['Mod-0'] } },
  { group: 'reading', where: 'room', says: 'read', acts: { read: ['Alt-Shift-r'] } },
  { group: 'reading', where: 'room', says: 'one', acts: { oneArticle: ['Alt-Shift-f'] } },
  { group: 'reading', where: 'room', says: 'oneStep', acts: { articleBefore: ['Alt-Shift-ArrowUp'], articleAfter: ['Alt-Shift-ArrowDown'] } },
  { group: 'reading', where: 'room', says: 'fold', acts: { fold: ['Alt-Shift-l'] } },
  { group: 'reading', where: 'room', says: 'foldAll', acts: { foldAll: ['Alt-Shift-o'] } },
  { group: 'room', where: 'room', says: 'review', acts: { review: ['F8'], reviewBack: ['Shift-F8'] } },
  { group: 'room', where: 'room', says: 'beside', acts: { beside: ['Alt-Shift-c'] } },
  { group: 'room', where: 'room', says: 'change', acts: { nextChange: ['Alt-PageDown'], previousChange: ['Alt-PageUp'] } },
  { group: 'room', where: 'room', says: 'bases', acts: { bases: ['Alt-Shift-b'] } },
  { group: 'room', where: 'room', says: 'authors', acts: { authors: ['Alt-Shift-w'] } },
  { group: 'room', where: 'sheet', says: 'leave', acts: { leave: ['Escape'] } },
  { group: 'room', where: 'pane', says: 'close', acts: { close: ['Escape'] } },
  { group: 'room', where: 'menu', says: 'menu', acts: { itemAbove: ['ArrowUp'], itemBelow: ['ArrowDown'] } },
  { group: 'room', where: 'room', says: 'shortcuts', acts: { shortcuts: ['?'] } },
  { group: 'commenting', where: 'room', says: 'comment', acts: { comment: ['Alt-Shift-m', 'Mod-Alt-m'] } },
  { group: 'commenting', where: 'room', says: 'comments', acts: { comments: ['Alt-Shift-g'] } },
  { group: 'commenting', where: 'room', says: 'comment_step', acts: { nextComment: ['Alt-Shift-j'], previousComment: ['Alt-Shift-k'] } },
  { group: 'commenting', where: 'card', says: 'card', acts: { cardAbove: ['ArrowUp'], cardBelow: ['ArrowDown'] } },
  { group: 'commenting', where: 'naming', says: 'name', acts: { nameAbove: ['ArrowUp'], nameBelow: ['ArrowDown'] } },
  { group: 'commenting', where: 'naming', says: 'named', acts: { name: ['Enter', 'Tab'] } },
  { group: 'proposing', where: 'room', says: 'proposals', acts: { proposals: ['Alt-Shift-p'] } },
  { group: 'proposing', where: 'room', says: 'propose', acts: { propose: ['Alt-Shift-d'] } },
  { group: 'proposing', where: 'choosing', says: 'choose', acts: { chooseAbove: ['ArrowUp'], chooseBelow: ['ArrowDown'] } },
  { group: 'proposing', where: 'choosing', says: 'button', acts: { buttonBefore: ['ArrowLeft'], buttonAfter: ['ArrowRight'] } },
  { group: 'proposing', where: 'form', says: 'send', acts: { send: ['Mod-Enter'] } },
] as const satisfies readonly Line[]

type ActOf<L, W> = L extends { readonly where: W; readonly acts: infer Acts } ? keyof Acts & string : never

/** What a key does, there or anywhere: whoever binds a place has to bind all of its acts. */
export type Act<W extends Where = Where> = ActOf<(typeof LINES)[number], W>

const KEYS = new Map<string, readonly string[]>(LINES.flatMap((line) => Object.entries(line.acts)))

/** The keys of an act, the usual one first. */
export function keysOf(act: Act): readonly string[] {
  return KEYS.get(act) ?? []
}

const SIGNS: Readonly<Record<string, string>> = { Mod: 'Ctrl', ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', Escape: 'Esc', ' ': 'Space' }

/** Between the parts of a key, one of which may be the dash itself. */
export const BETWEEN = /-(?!$)/

const spelled = (key: string, signs: Readonly<Record<string, string>>): string =>
  key
    .split(BETWEEN)
    .map((part) => signs[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join('+')

/** A key as people read it: "Ctrl+Shift+Z". */
export const readable = (key: string): string => spelled(key, SIGNS)

/** A key as `aria-keyshortcuts` wants it: "Control+Shift+Z". */
export const named = (key: string): string => spelled(key, { Mod: 'Control', ' ': 'Space' })
