/** The drafting room: outline, sheet, people, reasons; one document, one connection. */

import '../styles/editor.css'
import '../styles/room.css'
import '../styles/proposals.css'

import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'

import { BesideDoor } from '../beside/door'
import { RemoteGate } from '../binding/gate'
import { createEditor } from '../editor'
import type { DraftEditor, OutlineItem, SelectionState } from '../editor/types'
import {
  getFront,
  listRemoved,
  numberingPolicy,
  rationaleOf,
  rationaleText,
  readProvisions,
  restoreRemoved,
  setNumberingPolicy,
  isKind,
} from '../model'
import { showPeople } from '../presence/people'
import { ProposalsDoor } from '../proposals/door'
import { watchNumbers } from '../review/findings'
import { ReviewPanel } from '../review/panel'
import { Since } from '../since/panel'
import { Provider } from '../sync/provider'
import { canPropose, canWrite, type SyncState } from '../sync/state'
import { Keeper, showAsides } from '../ui/aside'
import { AuthorsPanel } from '../ui/authors'
import { drawOutline, markCurrent } from '../ui/outline'
import { make, need, pageData, sayer, socketAddress } from '../ui/page'
import { saveState } from '../ui/save-state'
import { bindText } from '../ui/textbind'

const data = pageData()
const say = sayer(data.messages)
const doc = new Y.Doc()
const gate = new RemoteGate(doc)
const awareness = new Awareness(doc)
awareness.setLocalStateField('user', data.user)

const sheet = need('sheet', HTMLElement)
const status = need('save-state', HTMLElement)
const live = need('live', HTMLElement)
const outlineList = need('outline', HTMLElement)
const kindSelect = need('kind', HTMLSelectElement)
const reason = need('reason', HTMLTextAreaElement)
const reasonOf = need('reason-of', HTMLElement)
const removedList = need('removed', HTMLElement)
const policy = need('policy', HTMLSelectElement)

let editor: DraftEditor | null = null
let items: readonly OutlineItem[] = []
let selection: SelectionState | null = null
let wrote = false
let proposed = false
/** In proposing mode nobody's keys write. */
let proposing = false
let reasonFor: string | null = null
let unbindReason: (() => void) | null = null

const goTo = (id: string): void => {
  editor?.commands.scrollTo(id)
}
const nameOf = (id: string): string => {
  const at = items.findIndex((item) => item.id === id)
  const item = items[at]
  if (item === undefined) return ''
  if (item.kind === 'article' || item.level === 0) return item.label || item.text.slice(0, 24)
  const article = items.slice(0, at).findLast((above) => above.kind === 'article')
  const kind = item.kind === 'clause' || item.kind === 'point' ? say(`room.kind.${item.kind}`).toLocaleLowerCase('vi') : ''
  return [kind, item.label.replace(/[.)]$/, ''), article?.label.replace(/\.$/, '')].filter(Boolean).join(' ') || item.text.slice(0, 24)
}

const keeper = new Keeper(doc, data, nameOf)
const provider: Provider = new Provider({
  doc,
  awareness,
  receive: (update, origin) => gate.receive(update, origin),
  address: socketAddress(data.collab),
  generation: data.document.generation,
  onState: showState,
  onEvent: (event) => {
    if (event.type === 'refused') live.textContent = say('room.refused')
    if (event.type === 'changed' || event.type === 'comparison') {
      review.changed()
      beside.changed()
    }
    if (event.type === 'changed') proposals.textChanged()
    if (event.type === 'proposals') proposals.changed()
  },
})

const review = new ReviewPanel({
  address: `/api/documents/${data.document.id}/review`,
  say,
  language: data.language ?? 'vi',
  editor: () => editor,
  writing,
  opening: () => proposals.toggle(false, false),
  stored: () => provider.state.phase === 'live' && !provider.state.unsaved,
})
watchNumbers(doc, () => review.renumbered())

const beside = new BesideDoor({
  address: `/api/documents/${data.document.id}/beside`,
  say,
  editor: () => editor,
  desk: need('desk', HTMLElement),
  sheet,
  live,
})

const proposals = new ProposalsDoor(
  {
    address: `/api/documents/${data.document.id}/proposals`,
    say,
    language: data.language ?? 'vi',
    me: data.user.id,
    editor: () => editor,
    nameOf: (id) => nameOf(id).replace(/\.$/, ''),
    order: () => readProvisions(doc).map(({ id }) => id),
    mayPropose: () => canPropose(provider.state.role) && provider.state.phase !== 'stopped',
    mayWrite: writing,
    sheet,
    live,
    onMode: (on) => {
      proposing = on
      showState(provider.state)
    },
  },
  () => {
    if (review.isOpen) review.toggle(false)
  },
)

const since = new Since({ page: data, say, editor: () => editor })

function writing(): boolean {
  return canWrite(provider.state.role) && provider.state.phase !== 'stopped'
}

let waiting = 0

/** The panes beside the sheet follow when the person pauses: a key must never wait for them. */
function soon(): void {
  clearTimeout(waiting)
  waiting = window.setTimeout(() => {
    drawOutline(outlineList, items, goTo)
    markCurrent(outlineList, items, selection?.provisionId ?? null)
    showRemoved()
  }, 150)
}

function showState(state: SyncState): void {
  keeper.follow(state)
  const shown = saveState(state, say)
  status.dataset['mood'] = shown.mood
  status.dataset['state'] = state.unsaved ? 'unsaved' : state.phase
  if (status.textContent !== shown.text) status.textContent = shown.text
  if (state.loaded && editor === null) openSheet(state)
  const mayWrite = canWrite(state.role) && state.phase !== 'stopped'
  const mayPropose = canPropose(state.role) && state.phase !== 'stopped'
  editor?.setEditable(mayWrite && !proposing)
  document.body.classList.toggle('reading', !mayWrite)
  reason.readOnly = !mayWrite
  policy.disabled = state.role !== 'lead' || !mayWrite
  if (mayWrite !== wrote) review.redraw()
  if (mayWrite !== wrote || mayPropose !== proposed) proposals.redraw()
  wrote = mayWrite
  proposed = mayPropose
  if (state.phase !== 'live') gate.release()
  need('stopped', HTMLElement).hidden = state.phase !== 'stopped' && state.phase !== 'signed-out'
  need('stopped-text', HTMLElement).textContent = state.phase === 'stopped' || state.phase === 'signed-out' ? shown.text : ''
}

function openSheet(state: SyncState): void {
  sheet.replaceChildren()
  sheet.removeAttribute('aria-busy')
  showFront()
  editor = createEditor({
    mount: sheet,
    doc,
    gate,
    awareness,
    editable: canWrite(state.role),
    messages: say,
    onOutline: (next) => {
      items = next
      soon()
    },
    onSelection: showSelection,
    onNotice: (notice) => {
      live.textContent = say(notice.key, { ...notice.values })
    },
  })
  items = editor.outline()
  drawOutline(outlineList, items, goTo)
  showSelection(editor.selection())
  showRemoved()
  showAsides(need('asides', HTMLElement), doc, keeper.store, say, goTo)
  showPeople(need('people', HTMLElement), live, awareness, say, nameOf, goTo)
  if (location.hash === '#review') review.toggle(true)
  if (location.hash === '#beside') beside.toggle(true)
  proposals.start()
  void since.open()
}

function showFront(): void {
  const front = getFront(doc)
  const line = (key: string): string => (typeof front[key as keyof typeof front] === 'string' ? String(front[key as keyof typeof front]) : '')
  need('front-type', HTMLElement).textContent = line('type')
  need('front-title', HTMLElement).textContent = line('title')
  policy.value = numberingPolicy(doc)
}

let shownSelection = ''

function showSelection(state: SelectionState): void {
  selection = state
  const digest = JSON.stringify(state)
  if (digest === shownSelection) return
  shownSelection = digest
  if (state.kind !== null) kindSelect.value = state.kind
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-command]')) {
    const command = button.dataset['command'] ?? ''
    const mark = button.dataset['mark']
    if (mark !== undefined) button.setAttribute('aria-pressed', String(state.marks.includes(mark as never)))
    else if (editor !== null) button.disabled = !editor.can(command as never)
  }
  kindSelect.disabled = state.provisionId === null
  markCurrent(outlineList, items, state.provisionId)
  if (state.provisionId !== reasonFor) showReason(state.provisionId)
}

function showReason(id: string | null): void {
  unbindReason?.()
  unbindReason = null
  reasonFor = id
  reason.disabled = id === null
  reasonOf.textContent = id === null ? say('room.reason_none') : nameOf(id)
  reason.value = ''
  if (id === null) return
  unbindReason = bindText(
    reason,
    doc,
    () => {
      const found = rationaleOf(doc).get(id)
      return found instanceof Y.Text ? found : null
    },
    () => rationaleText(doc, id),
  )
}

function showRemoved(): void {
  const removed = listRemoved(doc)
  need('removed-none', HTMLElement).hidden = removed.length > 0
  removedList.replaceChildren(
    ...removed.map((provision) => {
      const words = provision.text.length > 90 ? `${provision.text.slice(0, 90)}…` : provision.text
      const back = make('button', { type: 'button', className: 'small' }, say('room.bring_back'))
      back.disabled = !canWrite(provider.state.role)
      back.addEventListener('click', () => {
        restoreRemoved(doc, provision.id)
        goTo(provision.id)
      })
      return make('li', {}, make('p', { className: 'small' }, words), back)
    }),
  )
}

type Plain = 'undo' | 'redo' | 'indent' | 'outdent' | 'moveUp' | 'moveDown' | 'removeProvision'

document.querySelector('.toolbar')?.addEventListener('mousedown', (event) => {
  // A press on a button must not take the caret out of the sheet.
  if ((event.target as HTMLElement).closest('button') !== null) event.preventDefault()
})
for (const button of document.querySelectorAll<HTMLButtonElement>('[data-command]'))
  button.addEventListener('click', () => {
    if (editor === null) return
    const mark = button.dataset['mark']
    if (mark === 'bold' || mark === 'italic' || mark === 'underline') editor.commands.toggleMark(mark)
    else editor.commands[button.dataset['command'] as Plain]()
    editor.focus()
  })
kindSelect.addEventListener('change', () => {
  if (isKind(kindSelect.value)) editor?.commands.setKind(kindSelect.value)
  editor?.focus()
})
policy.addEventListener('change', () => setNumberingPolicy(doc, policy.value === 'keep' ? 'keep' : 'renumber'))
doc.getMap('front').observe(() => showFront())

const authors = new AuthorsPanel({ document: `/documents/${data.document.id}`, say, nameOf })
const showAuthors = (): void => void authors.show(editor?.selected() ?? [])
need('show-authors', HTMLElement).addEventListener('click', showAuthors)

const shortcuts = need('shortcuts', HTMLDialogElement)
need('show-shortcuts', HTMLElement).addEventListener('click', () => shortcuts.showModal())
need('show-outline', HTMLElement).addEventListener('click', () => document.body.classList.toggle('with-outline'))
need('show-rail', HTMLElement).addEventListener('click', () => document.body.classList.toggle('with-rail'))
outlineList.addEventListener('click', () => document.body.classList.remove('with-outline'))
document.addEventListener('keydown', (event) => {
  const typing = (event.target as HTMLElement).closest('input, textarea, select, [contenteditable="true"]') !== null
  if (event.key === '?' && !typing) shortcuts.showModal()
  if (event.code === 'KeyW' && event.altKey && event.shiftKey) {
    event.preventDefault()
    showAuthors()
  }
})
need('copy-draft', HTMLElement).addEventListener('click', () => {
  void navigator.clipboard.writeText(items.map((item) => [item.label, item.text].filter(Boolean).join(' ')).join('\n'))
})
need('try-again', HTMLElement).addEventListener('click', () => {
  if (provider.state.phase === 'stopped') location.reload()
  else provider.reconnect()
})
window.addEventListener('online', () => provider.reconnect())
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') provider.reconnect()
})
window.addEventListener('beforeunload', (event) => {
  if (provider.state.unsaved && !keeper.leaving) event.preventDefault()
})

declare global {
  interface Window {
    /** For our own browser tests and for support: what is shown against what is shared. */
    duthao?: { doc: Y.Doc; differences: () => string[]; state: () => SyncState; cut: () => void }
  }
}
window.duthao = { doc, differences: () => editor?.differences() ?? ['no sheet'], state: () => provider.state, cut: () => provider.cut() }
