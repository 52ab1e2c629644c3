/** How a unit is cited from anywhere in its draft; the rules of duthao/domain/references/citing.py `address`. */

import type { OutlineItem } from '../editor/types'
import type { Kind } from '../model'

const NAMES: Readonly<Partial<Record<Kind, string>>> = {
  appendix: 'Phụ lục',
  part: 'Phần',
  chapter: 'Chương',
  section: 'Mục',
  subsection: 'Tiểu mục',
  article: 'Điều',
  clause: 'khoản',
  point: 'điểm',
}

/** No name goes on above these. */
const WHOLE: ReadonlySet<Kind> = new Set<Kind>(['article', 'chapter', 'part', 'appendix'])

/** The number in a printed label: "5a" of "Điều 5a.", "đ" of "đ)"; "" for none. */
function numberIn({ kind, label }: OutlineItem): string {
  const name = NAMES[kind] ?? ''
  const bare = kind !== 'clause' && kind !== 'point' && label.startsWith(name) ? label.slice(name.length) : label
  return bare.replace(/[.)]$/, '').trim()
}

/** "điểm a khoản 2 Điều 5" for the item at `index`; "" when neither it nor what it stands in has a number. */
export function addressAt(items: readonly OutlineItem[], index: number): string {
  const parts: string[] = []
  let level = Infinity
  for (let at = index; at >= 0; at -= 1) {
    const item = items[at]
    if (item === undefined || item.level >= level) continue
    level = item.level
    const name = NAMES[item.kind]
    const number = numberIn(item)
    if (name !== undefined && number !== '') parts.push(`${name} ${number}`)
    if (WHOLE.has(item.kind) && parts.length > 0) break
  }
  return parts.join(' ')
}

/** What can be cited: every unit with a number of its own, by its id. */
export function addressesOf(items: readonly OutlineItem[]): Map<string, string> {
  return new Map(items.flatMap((item, at) => (NAMES[item.kind] !== undefined && numberIn(item) !== '' ? [[item.id, addressAt(items, at)] as const] : [])))
}

/** The address, with a capital where the words it replaces begin with one. */
export function likewise(address: string, words: string): string {
  const [first = ''] = words
  return first !== '' && first !== first.toLowerCase() ? (address[0] ?? '').toUpperCase() + address.slice(1) : address
}
