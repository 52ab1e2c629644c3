/** Words with what is struck and inserted: what cards and columns are made of. */

import { make, type Say } from '../ui/page'
import type { Change, Piece, Proposal, Span, Wording } from './types'

const EDGES = /^(\s*)([\s\S]*?)(\s*)$/

/** An inserted or struck stretch; its outer blanks stay outside, or the line would be underlined for nothing. */
function changed(tag: 'ins' | 'del', text: string, className = ''): (Node | string)[] {
  const [, lead = '', words = '', trail = ''] = EDGES.exec(text) ?? []
  if (words === '') return text === '' ? [] : [make(tag, { className }, text)]
  return [lead, make(tag, { className }, words), trail].filter((part) => part !== '')
}

export const drawSpans = (spans: readonly Span[]): (Node | string)[] =>
  spans.flatMap(([op, text]) => (op === '=' ? [text] : changed(op === '-' ? 'del' : 'ins', text)))

export const drawChanges = (changes: readonly Change[], say: Say): (Node | string)[] =>
  changes.flatMap((one) => {
    if ('text' in one) return [one.text]
    const className = one.disputed ? 'disputed' : ''
    const drawn = [...changed('del', one.was, className), ...changed('ins', one.now, className)]
    return one.disputed ? [...drawn, make('span', { className: 'hidden' }, ` (${say('proposals.disputed')}) `)] : drawn
  })

/** The joined text over what stands there now; what a person has to decide is drawn as both wordings. */
export const drawPieces = (pieces: readonly Piece[], say: Say): (Node | string)[] =>
  pieces.flatMap((piece) => {
    if (piece.sort === 'theirs') return [...changed('del', piece.ours ?? ''), ...changed('ins', piece.theirs ?? '')]
    if (piece.sort !== 'conflict') return [piece.text]
    const wording = (key: string, text: string): HTMLElement =>
      make('span', { className: 'conflict-side' }, make('span', { className: 'conflict-name' }, say(key)), ' ', make('b', {}, text.trim() || say('proposals.no_words')))
    return [
      make(
        'span',
        { className: 'conflict' },
        wording('proposals.conflict.base', piece.base ?? ''),
        wording('proposals.conflict.ours', piece.ours ?? ''),
        wording('proposals.conflict.theirs', piece.theirs ?? ''),
      ),
    ]
  })

/** A text, or the cells of a row beside each other, each part drawn by `draw`. */
export function drawParts(count: number, draw: (part: number) => (Node | string)[]): HTMLElement {
  if (count <= 1) return make('p', { className: 'proposal-words', lang: 'vi' }, ...draw(0))
  const cells = Array.from({ length: count - 1 }, (_, at) => make('span', { className: 'proposal-cell' }, ...draw(at + 1)))
  return make('p', { className: 'proposal-words proposal-row', lang: 'vi' }, ...cells)
}

export const partsOf = (wording: Wording): string[] => [wording.text, ...wording.cells]

/** What a proposal says, against the draft as it reads now where it can be joined, else against what it was made on. */
export function drawProposal(one: Proposal, say: Say): HTMLElement {
  if (one.act === 'insert') return drawParts(1, () => changed('ins', one.wording.text))
  if (one.act === 'remove') {
    const lines = one.base.map((stood) =>
      make('p', { className: 'proposal-words', lang: 'vi' }, make('del', {}, [stood.label, stood.text || stood.cells.join(' | ')].filter(Boolean).join(' '))),
    )
    return make('div', { className: 'proposal-removal' }, ...lines)
  }
  const { changes, spans, outlook } = one
  const joined = changes !== null && outlook?.standing === 'clean' ? changes : null
  return drawParts(spans.length, (part) => (joined ? drawChanges(joined[part] ?? [], say) : drawSpans(spans[part] ?? [])))
}
