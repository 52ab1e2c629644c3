/** The drafting room: outline, sheet, people, reasons; one document, one connection. */

import '../styles/editor.css'
import '../styles/room.css'
import '../styles/comments.css'
import '../styles/proposals.css'

import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'

import type { BasesPanel } from '../bases/panel'
import { BesideDoor } from '../beside/door'
import { RemoteGate } from '../binding/gate'
import { CommentsDoor } from '../comments/door'
import { createEditor } from '../editor'
import type { DraftEditor, OutlineItem, SelectionState, TableAct, TablePlace } from '../editor/types'
import { CompletingDoor } from '../completing/door'
import { FindDoor } from '../find/door'
import { FoldingDoor } from '../folding/door'
import { bindRoom, signKeys } from '../keys/room'
import {
  getFront,
  listMissed,
  numberingPolicy,
  rationaleOf,
  rationaleText,
  readProvisions,
  restoreRemoved,
  setNumberingPolicy,
  isKind,
} from '../model'
import { AttentionWatch } from '../presence/attention'
import { Following } from '../presence/following'
import { showPeople } from '../presence/people'
import { ProposalsDoor } from '../proposals/door'
import { ReadingDoor } from '../reading/door'
import { ReferencesDoor } from '../references/door'
import { frontPart } from '../model/front-parts'
import { watchNumbers, type Finding } from '../review/findings'
import { ReviewPanel } from '../review/panel'
import { Since } from '../since/panel'
import { Provider } from '../sync/provider'
import { canPropose, canWrite, type SyncState } from '../sync/state'
import { FrontDialog } from '../ui/front'
import { Keeper, showAsides } from '../ui/aside'
import { AuthorsPanel } from '../ui/authors'
import { somethingHappened } from '../ui/bell'
import { menu } from '../ui/menu'
import { drawOutline, markCurrent, outlined } from '../ui/outline'
import type { OutlineMoving } from '../ui/outline-moving'
import { copyText } from '../ui/copying'
import { Lazily } from '../ui/lazily'
import { fetched } from '../ui/fetched'
import { Kept } from '../ui/kept'
import { named } from '../ui/named'
import { make, need, pageData, sayer, socketAddress } from '../ui/page'
import { saveState, untold } from '../ui/save-state'
import { bindText } from '../ui/textbind'

const data = pageData()
const say = sayer(data.messages)
const doc = new Y.Doc()
const gate = new RemoteGate(doc)
const awareness = new Awareness(doc)
awareness.setLocalStateField('user', data.user)

const sheet = need('sheet', HTMLElement)
let telling: ReturnType<typeof setTimeout> | undefined
const status = need('save-state', HTMLElement)
const live = need('live', HTMLElement)
const tableBar = need('table-bar', HTMLElement)
const pasteChoice = need('paste-choice', HTMLElement)
const outlineList = need('outline', HTMLElement)
const kindSelect = need('kind', HTMLSelectElement)
const reason = need('reason', HTMLTextAreaElement)
const reasonOf = need('reason-of', HTMLElement)
const removedList = need('removed', HTMLElement)
const policy = need('policy', HTMLSelectElement)

let editor: DraftEditor | null = null
let items: readonly OutlineItem[] = []
let moving: OutlineMoving | null = null
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
const nameOf = (id: string): string => named(items, id, say)

const keeper = new Keeper(doc, data, nameOf)
const kept = new Kept(keeper, data, say)
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
    if (event.type === 'changed') {
      proposals.textChanged()
      comments.textChanged()
    }
    if (event.type === 'proposals') proposals.changed()
    if (event.type === 'comments') comments.changed()
    if (event.type === 'proposals' || event.type === 'comments') somethingHappened()
  },
})

/** References to what is not there any more. */
let gone: readonly Finding[] = []

const front = new FrontDialog({ doc, editor: () => editor, writing })

const review = new ReviewPanel({
  address: `/api/documents/${data.document.id}/review`,
  say,
  language: data.language ?? 'vi',
  editor: () => editor,
  writing,
  opening: () => {
    proposals.toggle(false, false)
    comments.toggle(false, false)
  },
  local: () => gone,
  part: (name) => frontPart(doc, name),
  showPart: (name) => front.open(name),
  stored: () => provider.state.phase === 'live' && !provider.state.unsaved,
})
watchNumbers(doc, () => review.renumbered())

const beside = new BesideDoor({
  address: `/api/documents/${data.document.id}/beside`,
  document: data.document.id,
  versions: data.versions,
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
    nameOf,
    order: () => readProvisions(doc).map(({ id }) => id),
    mayPropose: () => canPropose(provider.state.role) && provider.state.phase !== 'stopped',
    mayWrite: writing,
    sheet,
    live,
    onMode: (on) => {
      proposing = on
      showState(provider.state)
    },
    onComment: (provision) => comments.compose(provision),
  },
  () => {
    if (review.isOpen) review.toggle(false)
    comments.toggle(false, false)
  },
)

const comments = new CommentsDoor(
  {
    address: `/api/documents/${data.document.id}/comments`,
    document: data.document.id,
    say,
    language: data.language ?? 'vi',
    editor: () => editor,
    nameOf,
    rights: () => ({
      me: data.user.id,
      comments: canPropose(provider.state.role) && provider.state.phase !== 'stopped',
      writes: writing(),
      leads: provider.state.role === 'lead' && writing(),
    }),
    sheet,
    desk: need('desk', HTMLElement),
    live,
  },
  () => {
    if (review.isOpen) review.toggle(false)
    proposals.toggle(false, false)
  },
)

const following = new Following({ awareness, say, desk: need('desk', HTMLElement), strip: need('following', HTMLElement), live, reveal: (id) => editor?.reveal(id) })
new AttentionWatch((attention) => awareness.setLocalStateField('attention', attention))
const find = new FindDoor({ say, me: data.user.id, editor: () => editor, writing, nameOf, desk: need('desk', HTMLElement), sheet })

const reading = new ReadingDoor({ say, me: data.user.id, language: data.language ?? 'vi', editor: () => editor, nameOf, desk: need('desk', HTMLElement), live })

const folding = new FoldingDoor({
  say,
  editor: () => editor,
  items: () => items,
  nameOf,
  desk: need('desk', HTMLElement),
  sheet,
  head: need('outline-head', HTMLElement),
  live,
})

const completing = new CompletingDoor({ say, editor: () => editor, sheet, live, house: data.terms ?? { short: [], names: [] } })

const references = new ReferencesDoor(
  { doc, awareness, editor: () => editor, items: () => items, live: () => writing() && provider.state.phase === 'live', say, said: live, nameOf, onGone: (found) => {
    gone = found
    review.redraw()
  } },
  sheet,
  need('desk', HTMLElement).parentElement ?? document.body,
)
const insertReference = (): void => {
  if (writing()) references.insert()
}

const since = new Since({ page: data, say, editor: () => editor })

function writing(): boolean {
  return canWrite(provider.state.role) && provider.state.phase !== 'stopped'
}

let waiting = 0

/** The panes beside the sheet follow when the person pauses: a key must never wait for them. */
function soon(): void {
  clearTimeout(waiting)
  waiting = window.setTimeout(() => {
    showOutline()
    showRemoved()
  }, 150)
}

function showOutline(): void {
  drawOutline(outlineList, items, {
    goTo,
    folded: editor?.folded ?? new Set(),
    fold: (id) => folding.toggle(id),
    foldName: ({ id }, open) => say(open ? 'folding.fold' : 'folding.open', { where: nameOf(id) }),
  })
  moving?.redraw()
  markCurrent(outlineList, items, outlined(() => editor?.all() ?? [], items, selection?.provisionId ?? null))
}

function showState(state: SyncState): void {
  keeper.follow(state)
  kept.follow(state)
  const shown = saveState(state, say)
  clearTimeout(telling)
  if (untold(state) > 0) telling = setTimeout(() => showState(provider.state), untold(state))
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
  if (mayWrite !== wrote) {
    review.redraw()
    find.redraw()
  }
  if (mayWrite !== wrote || mayPropose !== proposed) {
    proposals.redraw()
    comments.redraw()
  }
  references.changed()
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
      find.changed()
      reading.changed()
      folding.changed()
      completing.changed()
      soon()
    },
    onSelection: showSelection,
    onOnly: () => reading.shown(),
    onFolds: () => {
      folding.changed()
      showOutline()
    },
    onTable: showTable,
    onPasted: showPasted,
    onNotice: (notice) => {
      live.textContent = say(notice.key, { ...notice.values })
    },
  })
  items = editor.outline()
  showOutline()
  showSelection(editor.selection())
  showRemoved()
  const asides = need('asides', HTMLElement)
  // What comes home by itself is no longer missing in the draft, and not shown as such.
  void kept.bring(state, asides).then(() => showAsides(asides, doc, keeper.store, say, goTo))
  showPeople({ list: need('people', HTMLElement), live, awareness, say, where: nameOf, goTo, follow: (person) => following.start(person) })
  if (location.hash === '#review') review.toggle(true)
  if (location.hash === '#beside') beside.toggle(true)
  const [, sought] = /^#provision=([^&]{1,200})$/.exec(location.hash) ?? []
  if (sought !== undefined) goTo(decodeURIComponent(sought))
  proposals.start()
  find.start()
  reading.start()
  folding.start()
  completing.start()
  references.start()
  comments.start()
  void since.open()
  // Nothing is lifted before there is something to move: it is fetched once the sheet stands there.
  void fetched(() => import('../ui/outline-moving')).then(({ moveInOutline }) => {
    moving = moveInOutline({ list: outlineList, live, editor: () => (writing() ? editor : null), say })
  })
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
  showCommands('.toolbar', state)
  kindSelect.disabled = state.provisionId === null
  markCurrent(outlineList, items, outlined(() => editor?.all() ?? [], items, state.provisionId))
  folding.changed()
  if (state.provisionId !== reasonFor) showReason(state.provisionId)
}

/** Which commands would do something now; those of the menu are asked when it opens. */
function showCommands(where: '.toolbar' | '.commands', { marks }: SelectionState): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>(`${where} [data-command]`)) {
    const command = button.dataset['command'] ?? ''
    const mark = button.dataset['mark']
    if (mark !== undefined) button.setAttribute('aria-pressed', String(marks.includes(mark as never)))
    else if (editor !== null) button.disabled = !editor.can(command as never)
  }
}

function showTable(place: TablePlace | null): void {
  tableBar.hidden = place === null || !writing()
  for (const button of tableBar.querySelectorAll<HTMLButtonElement>('[data-table]')) {
    const act = button.dataset['table']
    if (act === 'header') button.setAttribute('aria-pressed', String(place?.header === true))
    else if (act !== 'removeTable') button.disabled = place?.inCell !== true
  }
}

function showPasted(mode: 'provisions' | 'words' | null): void {
  pasteChoice.hidden = mode === null
  if (mode === null) return
  for (const button of pasteChoice.querySelectorAll('button')) button.setAttribute('aria-pressed', String(button.dataset['mode'] === mode))
  live.textContent = say(`paste.${mode}_said`)
}

const bases = Lazily.of<typeof import('../bases/panel'), BasesPanel>(
  () => import('../bases/panel'),
  ({ BasesPanel: Panel }) =>
    new Panel({
      document: data.document.id, doc, say, nameOf, goTo, reason,
      mayWrite: writing,
      reasonOf: () => reasonFor,
      order: () => readProvisions(doc).map(({ id }) => id),
    }),
)

function showBases(): void {
  bases.use((panel) => panel.open())
}
need('show-bases', HTMLElement).addEventListener('click', showBases)

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
  const removed = listMissed(doc)
  const columns = editor?.removedColumns() ?? []
  need('removed-none', HTMLElement).hidden = removed.length + columns.length > 0
  const short = (words: string): string => (words.length > 90 ? `${words.slice(0, 90)}…` : words)
  removedList.replaceChildren(
    ...columns.map(({ table, id, words }) => {
      const back = make('button', { type: 'button', className: 'small' }, say('room.bring_back'))
      back.disabled = !canWrite(provider.state.role)
      back.addEventListener('click', () => editor?.restoreColumn(table, id))
      return make('li', {}, make('p', { className: 'small' }, say('tables.removed_column', { words: short(words) })), back)
    }),
    ...removed.map((provision) => {
      const words = short(provision.text === '' ? (provision.cells ?? []).join(' | ') : provision.text)
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

type Plain = 'splitArticle' | 'joinArticle' | 'undo' | 'redo' | 'indent' | 'outdent' | 'moveUp' | 'moveDown' | 'removeProvision'

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
const showAuthors = (): void => void authors.show(editor?.selected() ?? [], editor?.caretBox() ?? null)
need('show-authors', HTMLElement).addEventListener('click', showAuthors)

need('insert-reference', HTMLElement).addEventListener('click', insertReference)
const newTable = need('new-table', HTMLDialogElement)
need('insert-table', HTMLElement).addEventListener('click', () => {
  newTable.showModal()
  need('new-table-rows', HTMLInputElement).select()
})
newTable.addEventListener('close', () => {
  const sizes = ['new-table-rows', 'new-table-columns'].map((id) => need(id, HTMLInputElement).valueAsNumber) as [number, number]
  if (newTable.returnValue === 'make') editor?.commands.insertTable(...sizes)
  else editor?.focus()
  newTable.returnValue = ''
})
for (const bar of [tableBar, pasteChoice])
  bar.addEventListener('mousedown', (event) => {
    // A press on a button must not take the caret out of the words.
    if ((event.target as HTMLElement).closest('button') !== null) event.preventDefault()
  })
pasteChoice.addEventListener('click', (event) => {
  if ((event.target as HTMLElement).closest('button')?.getAttribute('aria-pressed') === 'false') editor?.commands.pasteOther()
})
tableBar.addEventListener('click', (event) => {
  const act = (event.target as HTMLElement).closest('button')?.dataset['table']
  if (act !== undefined) editor?.commands.table(act as TableAct)
})

menu(need('show-menu', HTMLButtonElement), need('menu', HTMLElement), () => {
  if (selection !== null) showCommands('.commands', selection)
})

const shortcuts = need('shortcuts', HTMLDialogElement)
const showShortcuts = (): void => {
  if (shortcuts.open) return
  // Nobody needs it while writing, so it comes when it is asked for.
  void fetched(() => import('../keys/sheet')).then(({ drawShortcuts }) => {
    drawShortcuts(need('shortcuts-body', HTMLElement), say)
    shortcuts.showModal()
  })
}
need('show-shortcuts', HTMLElement).addEventListener('click', showShortcuts)
need('show-outline', HTMLElement).addEventListener('click', () => document.body.classList.toggle('with-outline'))
need('show-rail', HTMLElement).addEventListener('click', () => document.body.classList.toggle('with-rail'))
outlineList.addEventListener('click', () => document.body.classList.remove('with-outline'))
signKeys(document)
bindRoom({
  find: () => find.open(false),
  replace: () => find.open(true),
  findNext: () => find.step(1),
  findPrevious: () => find.step(-1),
  read: () => reading.read(),
  reference: insertReference,
  fold: () => folding.toggle(),
  foldAll: () => folding.toggleAll(),
  oneArticle: () => reading.one(),
  articleBefore: () => reading.step(-1),
  articleAfter: () => reading.step(1),
  review: () => review.step(1),
  reviewBack: () => review.step(-1),
  beside: () => beside.toggle(),
  nextChange: () => beside.step(1),
  previousChange: () => beside.step(-1),
  comment: () => comments.compose(),
  comments: () => comments.toggle(),
  nextComment: () => comments.step(1),
  previousComment: () => comments.step(-1),
  proposals: () => proposals.toggle(),
  propose: () => proposals.propose(),
  authors: showAuthors,
  bases: showBases,
  pasteOther: () => editor?.commands.pasteOther() === true,
  searchAll: () => document.getElementById('search-all')?.focus(),
  shortcuts: showShortcuts,
})
need('copy-draft', HTMLElement).addEventListener('click', () => {
  void copyText(items.map((item) => [item.label, item.text].filter(Boolean).join(' ')).join('\n'))
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
