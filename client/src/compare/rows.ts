/** The live table: rows are replaced only where what they show changed. */

import { drawn } from '../ui/markup'
import type { Resting } from '../ui/page'
import type { Disturbance } from './contents'

export interface RowsAnswer {
  readonly seq: number
  readonly rows: readonly { readonly key: string; readonly digest: string; readonly html?: string }[]
  readonly guard?: readonly Disturbance[]
  readonly resting?: readonly Resting[]
  readonly statistics?: { readonly articles_changed?: number }
}

/** Brings `body` to `rows`, in their order, keeping a row in which somebody is writing. */
export function morphRows(body: HTMLElement, rows: RowsAnswer['rows']): void {
  const standing = new Map<string, HTMLElement>()
  for (const row of body.querySelectorAll<HTMLElement>('tr[data-key]')) standing.set(row.dataset['key'] ?? '', row)
  let before: Element | null = null
  for (const row of rows) {
    let element = standing.get(row.key) ?? null
    standing.delete(row.key)
    if (row.html !== undefined && element?.dataset['digest'] !== row.digest) element = replaced(element, row.html)
    if (element === null) continue
    const place: Element | null = before === null ? body.firstElementChild : before.nextElementSibling
    if (place !== element) body.insertBefore(element, place)
    before = element
  }
  for (const left of standing.values()) left.remove()
}

function replaced(old: HTMLElement | null, html: string): HTMLElement | null {
  const fresh = drawn(html).querySelector('tr')
  if (fresh === null) return old
  // A reason being written stays the very same field: caret, focus and composition live in it.
  const area = old?.querySelector('.reason textarea')
  const cell = fresh.querySelector('.reason')
  if (old !== null && area instanceof HTMLTextAreaElement && cell !== null && area.closest<HTMLElement>('.reason')?.dataset['provision'] === (cell as HTMLElement).dataset['provision']) {
    for (const name of ['before', 'after', 'third', 'number']) {
      const from = fresh.querySelector(`td.${name}`)
      const to = old.querySelector(`td.${name}`)
      if (from !== null && to !== null) to.replaceChildren(...from.childNodes)
    }
    const badge = fresh.querySelector('td.why .badge')
    if (badge !== null) old.querySelector('td.why .badge')?.replaceWith(badge)
    for (const { name, value } of fresh.attributes) old.setAttribute(name, value)
    old.classList.add('fresh')
    return old
  }
  fresh.classList.add('fresh')
  if (old !== null) old.replaceWith(fresh)
  return fresh
}
