/** The list of opinions: an answer is written in its place, saved, and the next one without an answer waits. */

import '../styles/opinions.css'

import { drawn } from '../ui/markup'

const list = document.getElementById('opinions')
const left = document.getElementById('opinions-left')
const done = document.getElementById('opinions-done')

async function part(address: string, init?: RequestInit): Promise<{ ok: boolean; nodes: DocumentFragment }> {
  const url = new URL(address, location.href)
  url.searchParams.set('part', '1')
  url.hash = ''
  const answer = await fetch(url, { credentials: 'same-origin', ...init })
  // Whoever was signed out is sent to the page that asks for the password.
  if (answer.redirected || answer.status === 401) throw new Error('signed out')
  return { ok: answer.ok, nodes: drawn(await answer.text()) }
}

function placeOf(row: Element): HTMLElement | null {
  return row.querySelector<HTMLElement>('.opinion-place')
}

function close(row: Element): void {
  const place = placeOf(row)
  if (!place) return
  place.hidden = true
  place.replaceChildren()
  row.querySelector<HTMLElement>('[data-open]')?.focus()
}

async function open(row: Element, link: HTMLAnchorElement): Promise<void> {
  const place = placeOf(row)
  if (!place) return
  if (!place.hidden) {
    close(row)
    return
  }
  try {
    const { ok, nodes } = await part(link.href)
    if (!ok) throw new Error('refused')
    place.replaceChildren(nodes)
    place.hidden = false
    place.querySelector<HTMLElement>('input[type="radio"]:checked, input[type="radio"]')?.focus()
  } catch {
    location.assign(link.href)
  }
}

function counted(row: HTMLElement): void {
  const unanswered = Number(row.dataset['unanswered'] ?? '0')
  if (left) left.textContent = unanswered > 0 ? (left.dataset['some'] ?? '{n}').replace('{n}', String(unanswered)) : (left.dataset['none'] ?? '')
  if (done instanceof HTMLProgressElement) done.value = done.max - unanswered
}

/** The next row without an answer; the row itself when there is none behind it. */
function next(row: HTMLElement): HTMLElement {
  for (let one = row.nextElementSibling; one instanceof HTMLElement; one = one.nextElementSibling)
    if (one.dataset['answered'] === '0') return one.querySelector<HTMLElement>('[data-open]') ?? row
  return row
}

async function save(row: Element, form: HTMLFormElement, button: HTMLButtonElement): Promise<void> {
  const sent = new URLSearchParams()
  for (const [name, value] of new FormData(form, button)) if (typeof value === 'string') sent.append(name, value)
  button.disabled = true
  try {
    const { ok, nodes } = await part(form.action, { method: 'POST', body: sent })
    const fresh = nodes.querySelector<HTMLElement>('.opinion')
    if (ok && fresh) {
      row.replaceWith(fresh)
      counted(fresh)
      next(fresh).focus()
      return
    }
    const place = placeOf(row)
    if (place) {
      place.replaceChildren(nodes)
      place.querySelector<HTMLElement>('textarea')?.focus()
    }
  } catch {
    // Nothing that was written is lost: the form is sent as it would be without script.
    button.disabled = false
    const value = document.createElement('input')
    value.type = 'hidden'
    value.name = button.name
    value.value = button.value
    form.append(value)
    form.submit()
  }
}

list?.addEventListener('click', (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return
  const link = (event.target as Element).closest<HTMLAnchorElement>('a[data-open], a[data-close]')
  const row = link?.closest('.opinion')
  if (!link || !row) return
  event.preventDefault()
  if (link.dataset['close'] === undefined) void open(row, link)
  else close(row)
})

list?.addEventListener('submit', (event) => {
  const form = event.target as HTMLFormElement
  const row = form.closest('.opinion')
  if (!row || !(event.submitter instanceof HTMLButtonElement)) return
  event.preventDefault()
  void save(row, form, event.submitter)
})
