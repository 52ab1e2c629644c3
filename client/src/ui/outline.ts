/** The outline pane: chapters, articles and clauses as links into the sheet. */

import type { OutlineItem } from '../editor/types'
import { make } from './page'

const UPPER = new Set(['part', 'chapter', 'section', 'subsection', 'heading', 'article', 'appendix'])

/** Draws the items into `list`, touching only lines that changed. */
export function drawOutline(list: HTMLElement, items: readonly OutlineItem[], goTo: (id: string) => void): void {
  const shown = items.filter((item) => UPPER.has(item.kind))
  const lines = [...list.children] as HTMLElement[]
  shown.forEach((item, at) => {
    const text = [item.label, item.text].filter((part) => part !== '').join(' ')
    const digest = `${item.id}|${item.level}|${text}`
    const old = lines[at]
    if (old?.dataset['digest'] === digest) return
    const link = make('a', { href: `#p-${item.id}` }, text || '…')
    link.addEventListener('click', (event) => {
      event.preventDefault()
      goTo(item.id)
    })
    const line = make('li', { className: `o-${item.kind}` }, link)
    line.dataset['digest'] = digest
    line.dataset['id'] = item.id
    if (old === undefined) list.append(line)
    else old.replaceWith(line)
  })
  for (const rest of lines.slice(shown.length)) rest.remove()
}

/** Marks the line of the provision the caret is in, or of the nearest one above it. */
export function markCurrent(list: HTMLElement, items: readonly OutlineItem[], id: string | null): void {
  let current: string | null = null
  for (const item of items) {
    if (UPPER.has(item.kind)) current = item.id
    if (item.id === id) break
  }
  for (const line of list.children) {
    const link = line.firstElementChild
    if (id !== null && (line as HTMLElement).dataset['id'] === current) link?.setAttribute('aria-current', 'true')
    else link?.removeAttribute('aria-current')
  }
}
