/** The comparison page: filters, steps from change to change, reasons in place, the live table. */

import '../styles/comments.css'
import '../styles/comparison.css'

import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'

import { CommentsHere } from '../comments/here'
import { Asked } from '../compare/asked'
import { drawContents, drawGuard, type Disturbance } from '../compare/contents'
import { Pairing } from '../compare/pairing'
import { countLayers, isQuiet, showLayers } from '../compare/quiet'
import { References } from '../compare/references'
import { morphRows, type RowsAnswer } from '../compare/rows'
import { rationaleOf, rationaleText } from '../model'
import { Provider } from '../sync/provider'
import { canPropose, canWrite, type Role, type SyncState } from '../sync/state'
import { make, need, pageData, sayer, socketAddress, type Resting } from '../ui/page'
import { Keeper } from '../ui/aside'
import { bindText } from '../ui/textbind'

const data = pageData()
const say = sayer(data.messages)
const body = need('rows', HTMLElement)
const status = need('follow-state', HTMLElement)
const filter = need('filter', HTMLInputElement)
const changedOnly = need('changed-only', HTMLInputElement)
const layers = need('show-layers', HTMLInputElement)
const live = data.after === 'draft' || data.third === 'draft'

const bound = new Map<HTMLTextAreaElement, () => void>()
let provider: Provider | null = null
const doc = new Y.Doc()

const columns = [...document.querySelectorAll('.comparison-table thead th')].map((head) => head.textContent ?? '')

/** On a narrow screen a row is a card: each of its parts says which column it is. */
function nameColumns(): void {
  for (const row of body.querySelectorAll<HTMLElement>('tr:not(.division)'))
    [...row.querySelectorAll<HTMLElement>(':scope > td')].forEach((cell, at) => {
      cell.dataset['column'] = columns[at] ?? ''
    })
}

function applyFilter(): void {
  const words = filter.value.trim().toLocaleLowerCase('vi')
  for (const row of body.querySelectorAll<HTMLElement>('tr')) {
    const division = row.classList.contains('division')
    const same = isQuiet(row)
    const text = words === '' ? '' : `${row.textContent ?? ''} ${row.querySelector('textarea')?.value ?? ''}`.toLocaleLowerCase('vi')
    row.hidden = (changedOnly.checked && same && !division) || (words !== '' && !text.includes(words))
  }
  if (changedOnly.checked) showHeads()
}

/** An unchanged heading stays above the changes beneath it: a clause without its article says nothing. */
function showHeads(): void {
  let article = false
  let division = false
  for (const row of [...body.querySelectorAll<HTMLElement>('tr')].toReversed()) {
    const same = isQuiet(row)
    if (row.classList.contains('division')) {
      row.hidden = same && !division && !article
      article = false
      division = false
    } else if (row.querySelector('p.l0.heading') !== null) {
      if (article) row.hidden = false
      division ||= !row.hidden
      article = false
    } else if (!row.hidden) {
      article = true
      division = true
    }
  }
}

function step(direction: 1 | -1): void {
  const changes = [...body.querySelectorAll<HTMLElement>('tr:not(.division)')].filter(
    (row) => !row.hidden && !isQuiet(row),
  )
  const line = 140
  const next =
    direction === 1
      ? changes.find((row) => row.getBoundingClientRect().top > line + 4)
      : changes.findLast((row) => row.getBoundingClientRect().top < line - 4)
  if (next === undefined) return
  next.scrollIntoView({ block: 'start' })
  next.tabIndex = -1
  next.focus({ preventScroll: true })
}

/** Makes the reason cells writable: a textarea over the shared text, in place of the words. */
function bindReasons(): void {
  for (const cell of body.querySelectorAll<HTMLElement>('.reason[data-provision]')) {
    if (cell.firstElementChild instanceof HTMLTextAreaElement) continue
    const id = cell.dataset['provision'] ?? ''
    const area = make('textarea', { className: 'reason-text', rows: 1, placeholder: ' ', ariaLabel: say('room.reason_label') })
    cell.replaceChildren(area)
    bound.set(
      area,
      bindText(
        area,
        doc,
        () => {
          const found = rationaleOf(doc).get(id)
          return found instanceof Y.Text ? found : null
        },
        () => rationaleText(doc, id),
      ),
    )
  }
  for (const [area, unbind] of bound)
    if (!area.isConnected) {
      unbind()
      bound.delete(area)
    }
}

const pairing = new Pairing(
  body,
  `/api/documents/${data.document.id}/corrections`,
  say,
  data.role === 'lead' || data.role === 'editor',
  (words) => {
    status.textContent = words
    follow()
  },
  data.language ?? 'vi',
  data.titles ?? [],
)

/** A model is a text of another document: it is compared with, never amended or commented from here. */
const isModel = (side: string): boolean => side.startsWith('model:')
const withModel = [data.before, data.after, data.third].some((side) => isModel(side ?? ''))
const sides = new URLSearchParams({ before: data.before ?? '', after: data.third || (data.after ?? '') })
const references = new References(body, `/api/documents/${data.document.id}/references?${String(sides)}`, say)

const asked = new Asked(body, data.document.id, say)

/** The text a cell's words are of. */
function sideOf(line: Element): string {
  const cell = line.closest('td')
  return (cell?.classList.contains('third') ? data.third : cell?.classList.contains('after') ? data.after : data.before) ?? ''
}

/** The words of a row that a comment on it is about: those of the live draft, else the newest. */
function lineOf(held: Element): HTMLElement | null {
  const lines = [...(held.closest('tr')?.querySelectorAll<HTMLElement>('[data-on]') ?? [])].filter((line) => !isModel(sideOf(line))).toReversed()
  return lines.find((line) => sideOf(line) === 'draft') ?? lines[0] ?? null
}

const here = new CommentsHere({
  document: data.document.id,
  say,
  root: body,
  comments: () => canPropose(provider?.state.role ?? (data.role as Role)),
  versionOf: (line) => (isModel(sideOf(line)) ? undefined : sideOf(line) === 'draft' ? null : sideOf(line)),
  places: () =>
    [...body.querySelectorAll<HTMLElement>('.comment-counts')].map((place) => {
      const lines = [...(place.closest('tr')?.querySelectorAll<HTMLElement>('[data-on]') ?? [])]
      return { place, ids: [...new Set(lines.map((line) => line.dataset['on'] ?? ''))], where: lines.at(-1)?.dataset['where'] ?? '' }
    }),
  lineOf,
})

/** What rows as they came still lack, and what stands beside them. */
function drawBeside(guard: readonly Disturbance[], resting: readonly Resting[]): void {
  nameColumns()
  need('layers-count', HTMLElement).textContent = String(countLayers(body))
  drawContents(body, say)
  drawGuard(body, guard, data.titles ?? [], say)
  pairing.draw(resting)
  here.redraw()
  asked.draw()
}

let asking = false
let again = false
let timer: ReturnType<typeof setTimeout> | undefined

function follow(): void {
  clearTimeout(timer)
  timer = setTimeout(() => void ask(), 300)
}

async function ask(): Promise<void> {
  if (asking) {
    again = true
    return
  }
  asking = true
  try {
    const known = [...body.querySelectorAll<HTMLElement>('tr[data-digest]')].map((row) => row.dataset['digest'])
    const answer = await fetch(`/api/documents/${data.document.id}/comparison/rows`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ before: data.before, after: data.after, third: data.third, known }),
    })
    if (!answer.ok) throw new Error(String(answer.status))
    const rows = (await answer.json()) as RowsAnswer
    morphRows(body, rows.rows)
    const changed = document.getElementById('articles-changed')
    const count = rows.statistics?.articles_changed
    if (changed !== null && typeof count === 'number') changed.textContent = String(count)
    if (canWrite(provider?.state.role ?? null)) bindReasons()
    applyFilter()
    drawBeside(rows.guard ?? [], rows.resting ?? [])
    status.textContent = live ? say('room.follow_now') : ''
    status.dataset['seq'] = String(rows.seq)
    if (!withModel) references.soon()
  } catch {
    status.textContent = say('room.follow_failed')
    timer = setTimeout(() => void ask(), 3000)
  } finally {
    asking = false
    if (again) {
      again = false
      follow()
    }
  }
}

function showState(state: SyncState): void {
  if (state.offlineSince !== null) status.textContent = say('room.follow_failed')
  else if (state.loaded && canWrite(state.role)) bindReasons()
  status.dataset['unsaved'] = String(state.unsaved)
}

filter.addEventListener('input', applyFilter)
changedOnly.addEventListener('change', applyFilter)
layers.addEventListener('change', () => {
  showLayers(layers.checked)
  applyFilter()
  drawContents(body, say)
})
showLayers(layers.checked)
need('next-change', HTMLElement).addEventListener('click', () => step(1))
need('previous-change', HTMLElement).addEventListener('click', () => step(-1))
document.addEventListener('keydown', (event) => {
  if ((event.target as HTMLElement).closest('input, textarea, select, dialog') !== null) return
  if (event.key === 'n' || event.key === 'j') step(1)
  if (event.key === 'p' || event.key === 'k') step(-1)
})
for (const select of document.querySelectorAll<HTMLSelectElement>('#sides select'))
  select.addEventListener('change', () => select.form?.requestSubmit())
applyFilter()
drawBeside(data.guard ?? [], data.resting ?? [])
if (withModel) for (const id of ['references', 'renumbered']) need(id, HTMLElement).hidden = true
else {
  void references.load()
  void asked.load()
}
// On a phone the first screen belongs to the changes; the tools wait behind their name.
if (matchMedia('(max-width: 48rem)').matches) for (const box of document.querySelectorAll('details.tools')) box.removeAttribute('open')

if (live) {
  const nameOf = (id: string): string =>
    body.querySelector(`.reason[data-provision="${CSS.escape(id)}"]`)?.closest('tr')?.querySelector('.label')?.textContent?.trim() ?? ''
  const keeper = new Keeper(doc, data, nameOf)
  provider = new Provider({
    doc,
    awareness: new Awareness(doc),
    receive: (update, origin) => Y.applyUpdate(doc, update, origin),
    address: socketAddress(data.collab),
    generation: data.document.generation,
    onState: (state) => {
      keeper.follow(state)
      showState(state)
    },
    onEvent: (event) => {
      if (event.type === 'changed') follow()
      if (event.type === 'comments') void here.ask()
      if (event.type === 'comparison') {
        void pairing.load()
        follow()
      }
    },
  })
  window.addEventListener('beforeunload', (event) => {
    if (provider?.state.unsaved === true && !keeper.leaving) event.preventDefault()
  })
}
