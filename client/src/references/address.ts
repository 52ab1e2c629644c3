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

export interface Part {
  readonly kind: Kind
  readonly number: string
}

/** What the item at `index` is cited by, the smallest unit first; nothing when neither it nor what it stands in has a number. */
export function partsAt(items: readonly OutlineItem[], index: number): Part[] {
  const parts: Part[] = []
  let level = Infinity
  for (let at = index; at >= 0; at -= 1) {
    const item = items[at]
    if (item === undefined || item.level >= level) continue
    level = item.level
    const number = numberIn(item)
    if (NAMES[item.kind] !== undefined && number !== '') parts.push({ kind: item.kind, number })
    if (WHOLE.has(item.kind) && parts.length > 0) break
  }
  return parts
}

/** "điểm a khoản 2 Điều 5" for the item at `index`; "" when neither it nor what it stands in has a number. */
export const addressAt = (items: readonly OutlineItem[], index: number): string =>
  partsAt(items, index).map(({ kind, number }) => `${NAMES[kind]} ${number}`).join(' ')

/** What can be cited: every unit with a number of its own, by its id. */
export function addressesOf(items: readonly OutlineItem[]): Map<string, string> {
  return new Map(items.flatMap((item, at) => (NAMES[item.kind] !== undefined && numberIn(item) !== '' ? [[item.id, addressAt(items, at)] as const] : [])))
}

/** The address, with a capital where the words it replaces begin with one. */
export function likewise(address: string, words: string): string {
  const [first = ''] = words
  return first !== '' && first !== first.toLowerCase() ? (address[0] ?? '').toUpperCase() + address.slice(1) : address
}
