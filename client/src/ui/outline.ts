/** The outline pane: chapters, articles and clauses as links into the sheet. */

import type { OutlineItem } from '../editor/types'
import { foldable, unfolded } from '../folding/folding'
import { make } from './page'

const UPPER = new Set(['part', 'chapter', 'section', 'subsection', 'heading', 'article', 'appendix'])

export interface OutlineActs {
  readonly goTo: (id: string) => void
  readonly folded: ReadonlySet<string>
  readonly fold: (id: string) => void
  /** What the sign of a line does, in words. */
  readonly foldName: (item: OutlineItem, open: boolean) => string
}

/** Draws the items into `list`, touching only lines that changed. */
export function drawOutline(list: HTMLElement, items: readonly OutlineItem[], { goTo, folded, fold, foldName }: OutlineActs): void {
  const can = foldable(items)
  const shown = unfolded(items, folded).filter((item) => UPPER.has(item.kind))
  const lines = [...list.children] as HTMLElement[]
  const focused = lines.find((line) => line.contains(document.activeElement))?.dataset['id']
  const onFold = document.activeElement?.classList.contains('fold') === true
  shown.forEach((item, at) => {
    const text = [item.label, item.text].filter((part) => part !== '').join(' ')
    const open = can.has(item.id) ? !folded.has(item.id) : null
    const digest = `${item.id}|${item.level}|${String(open)}|${text}`
    const old = lines[at]
    if (old?.dataset['digest'] === digest) return
    const link = make('a', { href: `#p-${item.id}` }, text || '…')
    link.addEventListener('click', (event) => {
      event.preventDefault()
      goTo(item.id)
    })
    const grip = make('span', { className: 'grip', ariaHidden: 'true' }, '⠿')
    const sign = make('button', { type: 'button', className: 'fold', ariaLabel: foldName(item, open === true) })
    sign.setAttribute('aria-expanded', String(open))
    sign.addEventListener('click', () => fold(item.id))
    const line = make('li', { className: `o-${item.kind}` }, ...(open === null ? [] : [sign]), link, grip)
    line.dataset['digest'] = digest
    line.dataset['id'] = item.id
    if (old === undefined) list.append(line)
    else old.replaceWith(line)
  })
  for (const rest of lines.slice(shown.length)) rest.remove()
  if (focused === undefined || list.contains(document.activeElement)) return
  for (const line of [...list.children] as HTMLElement[]) {
    if (line.dataset['id'] === focused) ((onFold ? line.querySelector<HTMLElement>('.fold') : null) ?? line.querySelector('a'))?.focus({ preventScroll: true })
  }
}

/** The provision of the outline that `id` is, or stands in: the rows of a table are none of their own. */
export function outlined(every: () => readonly { readonly id: string }[], items: readonly OutlineItem[], id: string | null): string | null {
  if (id === null || items.some((item) => item.id === id)) return id
  const known = new Set(items.map((item) => item.id))
  const all = every()
  return all.slice(0, all.findIndex((one) => one.id === id)).findLast((one) => known.has(one.id))?.id ?? null
}

/** Marks the line of the provision the caret is in, or of the nearest one above it. */
export function markCurrent(list: HTMLElement, items: readonly OutlineItem[], id: string | null): void {
  let current: string | null = null
  const lines = new Set([...list.children].map((line) => (line as HTMLElement).dataset['id']))
  for (const item of items) {
    if (lines.has(item.id)) current = item.id
    if (item.id === id) break
  }
  for (const line of list.children) {
    const link = line.querySelector('a')
    if (id !== null && (line as HTMLElement).dataset['id'] === current) link?.setAttribute('aria-current', 'true')
    else link?.removeAttribute('aria-current')
  }
}
