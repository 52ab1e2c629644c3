/** A form profile while it is edited: the sample page follows what is typed. */

import '../styles/forms.css'

import { need } from '../ui/page'
import { Pause } from '../ui/pause'

const PAUSE_MS = 400
const LATEST_MS = 2000
const AGAIN_MS = 3000

const fields = need('form-fields', HTMLFormElement)
const picture = document.getElementById('form-picture')
const said = need('form-said', HTMLElement)
let asked = 0

const asText = (content: Blob): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.addEventListener('load', () => resolve(String(reader.result)))
    reader.addEventListener('error', () => reject(new Error('unread')))
    reader.readAsDataURL(content)
  })

/** Whether a field holds something else than the page came with. */
function differs(field: Element): boolean {
  if (field instanceof HTMLSelectElement)
    return [...field.options].some((option) => option.selected !== option.defaultSelected)
  if (field instanceof HTMLInputElement && field.type === 'checkbox') return field.checked !== field.defaultChecked
  if (field instanceof HTMLInputElement || field instanceof HTMLTextAreaElement)
    return field.value !== field.defaultValue
  return false
}

/** What the fields say is drawn by the server; a value that is not right yet leaves the page as it was. */
async function draw(): Promise<void> {
  if (!(picture instanceof HTMLImageElement)) return
  const turn = ++asked
  const sent = new URLSearchParams()
  for (const [name, value] of new FormData(fields)) if (typeof value === 'string') sent.append(name, value)
  sent.set('preview', '1')
  try {
    const answer = await fetch(fields.action, { method: 'POST', body: sent, headers: { Accept: 'image/png' } })
    if (turn !== asked) return
    if (answer.status >= 500 || answer.status === 429) return pause.after(AGAIN_MS)
    said.textContent = answer.ok ? '' : (said.dataset['refused'] ?? '')
    if (answer.ok) picture.src = await asText(await answer.blob())
  } catch {
    if (turn === asked) pause.after(AGAIN_MS)
  }
}

const pause = new Pause(() => void draw(), PAUSE_MS, LATEST_MS)
fields.addEventListener('input', () => pause.tell())
// What was typed before this script came, or kept by the browser over a reload, is drawn too.
if ([...fields.elements].some(differs)) pause.tell()
