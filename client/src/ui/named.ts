/** How a provision is called on the screen, in the reader's language; the rules of duthao/formats/cited.py `spoken_path`. */

import type { OutlineItem } from '../editor/types'
import type { Kind } from '../model'
import { partsAt } from '../references/address'
import type { Say } from './page'

const SEGMENTS: Readonly<Partial<Record<Kind, string>>> = {
  appendix: 'phuluc', part: 'phan', chapter: 'chuong', section: 'muc', subsection: 'tieumuc', article: 'dieu', clause: 'khoan', point: 'diem',
}
const WORDS = 24

/** The first words of a text, the last of them whole. */
const begun = (text: string): string => (text.length > WORDS ? `${text.slice(0, WORDS).replace(/\s\S*$/, '')}…` : text)

/** "điểm a khoản 2 Điều 5"; by its first words what has no number anywhere; "" for what is not there. */
export function named(items: readonly OutlineItem[], id: string, say: Say): string {
  const at = items.findIndex((item) => item.id === id)
  const item = items[at]
  if (item === undefined) return ''
  const parts = item.kind === 'heading' ? [] : partsAt(items, at)
  const said = parts.map(({ kind, number }) => say(`print.path.${SEGMENTS[kind]}`, { n: number }))
  if (said.length === 0) return item.label.replace(/\.$/, '') || begun(item.text)
  return said.reduce((unit, above) => say('print.path.within', { unit, above }))
}
