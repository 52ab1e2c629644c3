/** Which units of an outline can be folded, and what folding does to it; nothing of a draft is touched. */

import type { OutlineItem } from '../editor/types'
import { isFoldable } from '../model'

/** The units that have something beneath them. */
export function foldable(items: readonly OutlineItem[]): ReadonlySet<string> {
  return new Set(items.filter((item, at) => isFoldable(item.kind) && (items[at + 1]?.level ?? 0) > item.level).map(({ id }) => id))
}

/** The items that are not beneath a folded one. */
export function unfolded(items: readonly OutlineItem[], folded: ReadonlySet<string>): OutlineItem[] {
  let above = Infinity
  return items.filter(({ id, kind, level }) => {
    if (level > above) return false
    above = folded.has(id) && isFoldable(kind) ? level : Infinity
    return true
  })
}

/** The unit that is folded when the caret stands in `id`: itself, or the nearest above it; `null` for none. */
export function unitAt(items: readonly OutlineItem[], id: string): string | null {
  const can = foldable(items)
  let at = items.findIndex((item) => item.id === id)
  for (let level = Infinity; at >= 0; at -= 1) {
    const item = items[at]
    if (item === undefined || item.level >= level) continue
    if (can.has(item.id)) return item.id
    level = item.level
  }
  return null
}

export function toggled(folded: ReadonlySet<string>, id: string): ReadonlySet<string> {
  return new Set(folded.has(id) ? [...folded].filter((one) => one !== id) : [...folded, id])
}
