/** A menu behind a button: native popover, arrow keys among its items. */

import { pressed } from '../keys/pressed'

/** Ties a button with `popovertarget` to its menu, which closes when an item is chosen. */
export function menu(button: HTMLButtonElement, list: HTMLElement, opening: () => void): void {
  const items = (): HTMLElement[] => [...list.querySelectorAll<HTMLElement>('button:not(:disabled), a')]
  list.addEventListener('toggle', (event) => {
    const open = (event as ToggleEvent).newState === 'open'
    button.setAttribute('aria-expanded', String(open))
    if (!open) return
    opening()
    const { left, bottom } = button.getBoundingClientRect()
    const widest = document.documentElement.clientWidth - list.offsetWidth - 8
    list.style.left = `${Math.max(Math.min(left, widest), 8)}px`
    list.style.top = `${bottom + 2}px`
    items()[0]?.focus()
  })
  list.addEventListener('keydown', (event) => {
    const step = Number(pressed(event, 'itemBelow')) - Number(pressed(event, 'itemAbove'))
    if (step === 0) return
    event.preventDefault()
    const all = items()
    const at = all.indexOf(document.activeElement as HTMLElement)
    all[(at + step + all.length) % all.length]?.focus()
  })
  list.addEventListener('focusout', (event) => {
    if (event.relatedTarget instanceof Node && !list.contains(event.relatedTarget)) list.hidePopover()
  })
  list.addEventListener('click', (event) => {
    if ((event.target as HTMLElement).closest('button') !== null) list.hidePopover()
  })
}
