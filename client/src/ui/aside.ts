/** The notice over a draft: what a window held that the draft does not say, to read and to copy. */

import type * as Y from 'yjs'

import { momentOf } from '../history/slider'
import { AsideStore, Unsent, copied, gathered, lost, unsaid, type Aside, type AsideProvision, type Lost } from '../sync/aside'
import { CLOSE } from '../sync/close'
import { canWrite, type SyncState } from '../sync/state'
import { copyText } from './copying'
import { make, type PageData, type Say } from './page'
import { difference } from './textbind'

/** Watches a page's copy of the document, and sets its words aside when they can no longer be sent. */
export class Keeper {
  readonly store: AsideStore
  /** The page is being left on purpose, with what it held set aside. */
  leaving = false
  #unsaved = false
  readonly #unsent: Unsent

  constructor(
    readonly doc: Y.Doc,
    readonly data: PageData,
    readonly nameOf: (id: string) => string,
  ) {
    this.#unsent = new Unsent(doc)
    this.store = new AsideStore(window.localStorage, data.document.id, data.user.id)
    window.addEventListener('pagehide', () => {
      if (this.#unsaved && !this.leaving && !this.#unsent.none) this.#setAside('left')
    })
  }

  /** With another lineage this copy is dead: its words are set aside, then a new one is loaded. */
  follow(state: SyncState): void {
    this.#unsaved = state.unsaved
    if (!state.unsaved) this.#unsent.saved()
    if (state.phase !== 'stopped' || state.code !== CLOSE.OTHER_LINEAGE) return
    if (this.leaving || !state.loaded) return
    // Where nothing can be kept the page stays, with all its words on it. A reader has none to lose.
    if (canWrite(state.role) && !this.#setAside('lineage')) return
    this.leaving = true
    location.reload()
  }

  /** The provisions with words of this window that are not confirmed as stored. */
  unsentWords(): AsideProvision[] {
    return gathered(this.doc, this.#unsent, this.nameOf, 'left')
  }

  /** Sets aside for copying what an earlier visit had not sent; what that visit itself set aside is not said twice. */
  setAside(provisions: readonly AsideProvision[], at: number): boolean {
    return this.#keep(unsaid(provisions, this.store.all()), 'left', at)
  }

  #setAside(why: Aside['why']): boolean {
    return this.#keep(gathered(this.doc, this.#unsent, this.nameOf, why), why, Date.now())
  }

  #keep(provisions: readonly AsideProvision[], why: Aside['why'], at: number): boolean {
    const { document, user } = this.data
    return this.store.keep({ document: document.id, user: user.id, at, why, provisions })
  }
}

/** The words of the window, those that the draft does not have marked. */
function marked(one: Lost): Node[] {
  const change = difference(one.now ?? '', one.text)
  const end = change.at + change.insert.length
  return [
    document.createTextNode(one.text.slice(0, change.at)),
    ...(change.insert === '' ? [] : [make('ins', {}, change.insert)]),
    document.createTextNode(one.text.slice(end)),
  ]
}

function item(one: Lost, say: Say, goTo: (id: string) => void): HTMLElement {
  const name = make('button', { type: 'button', className: 'quiet' }, one.name || say('room.aside.unnamed'))
  name.disabled = one.now === null
  name.addEventListener('click', () => goTo(one.id))
  const state = say(one.unsent ? 'room.aside.unsent' : 'room.aside.sent')
  const gone = one.now === null ? ` · ${say('room.aside.gone')}` : ''
  return make(
    'li',
    {},
    make('p', {}, name, make('span', { className: 'badge' }, state + gone)),
    make('p', { className: 'aside-text' }, ...marked(one)),
    ...(one.reason !== '' && one.reason !== one.reasonNow
      ? [make('p', { className: 'aside-text' }, `${say('room.reason_label')}: `, make('ins', {}, one.reason))]
      : []),
  )
}

/** Everything sent, and yet not in the backup, is another story than words never sent. */
const keyOf = (aside: Aside, found: readonly Lost[]): string =>
  aside.why === 'left' ? 'room.aside.left' : found.some((one) => one.unsent) ? 'room.aside.lineage' : 'room.aside.lineage_sent'

/** Draws what was set aside into `place`; hidden when nothing of it is missing in the draft. */
export function showAsides(place: HTMLElement, doc: Y.Doc, store: AsideStore, say: Say, goTo: (id: string) => void): void {
  const held = store
    .all()
    .map((aside) => ({ aside, found: lost(aside, doc) }))
    .filter(({ found }) => found.length > 0)
  store.hold(held.map(({ aside }) => aside))
  place.hidden = held.length === 0
  place.replaceChildren(...held.map(({ aside, found }) => notice(aside, found)))

  function notice(aside: Aside, found: readonly Lost[]): HTMLElement {
    const text = copied(found, say('room.reason_label'))
    const copy = make('button', { type: 'button', className: 'primary' }, say('room.aside.copy'))
    const done = make('button', { type: 'button' }, say('room.aside.done'))
    const said = make('span', { role: 'status' })
    copy.addEventListener('click', () => {
      void copyText(text).then((done) => said.replaceChildren(say(done ? 'room.aside.copied' : 'room.aside.copy_failed')))
    })
    done.addEventListener('click', () => {
      if (!window.confirm(say('room.aside.done_sure'))) return
      store.hold(store.all().filter((one) => one.at !== aside.at))
      showAsides(place, doc, store, say, goTo)
    })
    return make(
      'div',
      { className: 'notice notice-warn' },
      make('p', {}, say(keyOf(aside, found), { at: momentOf(aside.at), n: found.length })),
      make('div', { className: 'actions' }, copy, done, said),
      make('details', {}, make('summary', {}, say('room.aside.read')), make('ul', { className: 'aside-list' }, ...found.map((one) => item(one, say, goTo)))),
    )
  }
}
