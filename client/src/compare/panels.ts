/** What the panels beside the table share: their items, and the way to a row. */

import { need } from '../ui/page'

/** Puts the items into a panel; its count (their number, unless told) and its empty sentence follow. */
export function fill(panel: string, items: readonly HTMLElement[], count = items.length): void {
  const element = need(panel, HTMLElement)
  element.querySelector('ul')?.replaceChildren(...items)
  const badge = element.querySelector('.count')
  if (badge !== null) badge.textContent = String(count)
  const empty = element.querySelector<HTMLElement>('.none')
  if (empty !== null) empty.hidden = items.length > 0
}

/** Shows a row, filtered away or not, and puts the focus on it. */
export function goTo(row: HTMLElement, block: ScrollLogicalPosition = 'start'): void {
  row.hidden = false
  row.scrollIntoView({ block })
  row.tabIndex = -1
  row.focus({ preventScroll: true })
}

/** The row that holds a provision, by its id in any of the texts. */
export function rowOf(body: HTMLElement, provision: string): HTMLElement | null {
  const id = CSS.escape(provision)
  return body.querySelector<HTMLElement>(`tr[data-after~="${id}"], tr[data-before~="${id}"], tr[data-last~="${id}"]`)
}
