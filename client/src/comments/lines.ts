/** Provisions as a page prints them: which words of one are selected, told as places in its own text. */

import type { Chosen } from '../editor/types'

/** Between the cells of a table's row where the comparison shows it as one text. */
const CELL_MARK = ' | '

/** What is beside the words of a line: its number, signs of ours, and words that the text of its column has not. */
const BESIDE = '.label, .comment-tools'
const lacking = (line: Element): string => (line.closest('td.before') === null ? 'del' : 'ins')

interface Piece {
  readonly node: Text
  /** Where it begins in the text; -1 with the blank behind the number. */
  readonly at: number
}

export interface Line {
  readonly text: string
  readonly pieces: readonly Piece[]
}

/** The words of an element, as its provision (or cell) has them, and the nodes they stand in. */
export function readLine(root: Element): Line {
  const without = `${BESIDE}, ${lacking(root)}`
  const nodes = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  const pieces: Piece[] = []
  let text = ''
  let at = root.querySelector(':scope > .label') === null ? 0 : -1
  while (nodes.nextNode()) {
    const node = nodes.currentNode as Text
    const within = node.parentElement?.closest(without) ?? null
    if (within !== null && root.contains(within)) continue
    pieces.push({ node, at })
    text += at < 0 ? node.data.slice(-at) : node.data
    at += node.length
  }
  return { text, pieces }
}

/** The stretch of a line that a range covers, `null` when it covers none of it. */
export function covered({ text, pieces }: Line, range: Range): { from: number; to: number } | null {
  let from = text.length
  let to = 0
  for (const { node, at } of pieces) {
    if (!range.intersectsNode(node)) continue
    from = Math.min(from, Math.max(0, at + (node === range.startContainer ? range.startOffset : 0)))
    to = Math.max(to, at + (node === range.endContainer ? range.endOffset : node.length))
  }
  return from < to ? { from, to } : null
}

/** Of a row shown as one text: the cell in which a stretch begins, and the stretch as far as it is in it. */
export function inCell(row: string, from: number, to: number): { cell: number; text: string; from: number; to: number } | null {
  let start = 0
  for (const [cell, text] of row.split(CELL_MARK).entries()) {
    const end = start + text.length
    const [first, last] = [Math.max(from, start), Math.min(to, end)]
    if (first < last) return { cell, text, from: first - start, to: last - start }
    start = end + CELL_MARK.length
  }
  return null
}

/** The words chosen in the first line of `root` that a range touches. */
export function chosenIn(root: Element, range: Range): Chosen | null {
  for (const line of root.querySelectorAll<HTMLElement>('[data-on]')) {
    if (!range.intersectsNode(line)) continue
    const id = line.dataset['on'] ?? ''
    const cells = [...line.querySelectorAll(':scope > .cell')]
    for (const [index, part] of (cells.length === 0 ? [line] : cells).entries()) {
      const read = readLine(part)
      const found = covered(read, range)
      if (found === null) continue
      const cell = line.dataset['row'] === undefined ? null : inCell(read.text, found.from, found.to)
      return { id, text: read.text, cell: cells.length === 0 ? null : index, ...found, ...cell }
    }
  }
  return null
}
