/** The papers of a meeting are asked for with their progress shown, and may be stopped. Without script the form does. */

import { make, need } from './page'
import { send } from './sending'

const form = need('pack-form', HTMLFormElement)
const bar = need('pack-bar', HTMLProgressElement)
const said = need('pack-said', HTMLElement)
const cancel = need('pack-cancel', HTMLButtonElement)
const button = form.querySelector<HTMLButtonElement>('button.primary')
let stop: (() => void) | null = null
let made = ''

function busy(now: boolean): void {
  bar.hidden = cancel.hidden = !now
  if (button) button.disabled = now
  if (!now) stop = null
}

function give(file: string, name: string): void {
  if (made !== '') URL.revokeObjectURL(made)
  const bytes = Uint8Array.from(atob(file), (letter) => letter.charCodeAt(0))
  made = URL.createObjectURL(new Blob([bytes], { type: 'application/pdf' }))
  const link = make('a', { href: made, download: name }, form.dataset['again'] ?? name)
  said.replaceChildren(form.dataset['ready'] ?? '', ' ', link)
  link.click()
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  if (stop) return
  const asked = new URLSearchParams([...new FormData(form)].map(([name, value]) => [name, String(value)]))
  said.textContent = form.dataset['sending'] ?? ''
  let done = false
  stop = send(`${form.action}?${String(asked)}`, null, {
    sent: () => undefined,
    told: (line) => {
      if (line.step !== undefined) said.textContent = line.step
      else done = true
      if (line.error) said.textContent = line.error.message
      if (line.file !== undefined) give(line.file, line.name ?? '')
    },
    ended: () => {
      if (!done) said.textContent = form.dataset['failed'] ?? ''
      busy(false)
    },
  })
  busy(true)
})

cancel.addEventListener('click', () => {
  stop?.()
  busy(false)
  said.textContent = form.dataset['cancelled'] ?? ''
  button?.focus()
})
