/**
 * What this window held when the document it knew was no more: kept in the browser for its user to copy.
 *
 * After a backup is restored the server's document has another lineage. Merging an old copy into it
 * would bring a dead history back, so it is never sent; but the words in it are somebody's work.
 */

import * as Y from 'yjs'

import { provisionsOf, rationaleOf, readProvisions, readRationale } from '../model'

/** One provision as this window had it. */
export interface AsideProvision {
  readonly id: string
  /** "khoản 2 Điều 5", as the window named it; "" when nothing names it. */
  readonly name: string
  readonly text: string
  readonly reason: string
  /** Whether something of it had not been confirmed as stored. */
  readonly unsent: boolean
}

export interface Aside {
  readonly document: string
  readonly user: string
  /** Epoch milliseconds. */
  readonly at: number
  /** `lineage`: a backup was restored; `left`: the page was left before everything was sent. */
  readonly why: 'lineage' | 'left'
  readonly provisions: readonly AsideProvision[]
}

/** A provision set aside beside what the draft says now; `now` is null when it has no such provision. */
export interface Lost extends AsideProvision {
  readonly now: string | null
  readonly reasonNow: string
}

/** Which provisions hold edits of this window that are not confirmed as stored. */
export class Unsent {
  readonly #ids = new Set<string>()

  constructor(doc: Y.Doc) {
    const note = (events: Y.YEvent<Y.AbstractType<unknown>>[], transaction: Y.Transaction): void => {
      if (!transaction.local) return
      for (const event of events) {
        const [id] = event.path
        if (typeof id === 'string') this.#ids.add(id)
        else for (const key of event.changes.keys.keys()) this.#ids.add(key)
      }
    }
    provisionsOf(doc).observeDeep(note)
    rationaleOf(doc).observeDeep(note)
  }

  has(id: string): boolean {
    return this.#ids.has(id)
  }

  get none(): boolean {
    return this.#ids.size === 0
  }

  /** Everything is confirmed as stored. */
  saved(): void {
    this.#ids.clear()
  }
}

/** Everything this window has, or of `left` only what was not confirmed as stored. */
export function gathered(doc: Y.Doc, unsent: Unsent, nameOf: (id: string) => string, why: Aside['why']): AsideProvision[] {
  return readProvisions(doc)
    .filter(({ id }) => why === 'lineage' || unsent.has(id))
    .map(({ id, text }) => ({ id, name: nameOf(id), text, reason: readRationale(doc, id), unsent: unsent.has(id) }))
}

/** What no aside says already: a window may have set its words aside and kept them in the browser's database too. */
export const unsaid = (provisions: readonly AsideProvision[], asides: readonly Aside[]): AsideProvision[] =>
  provisions.filter(
    ({ id, text, reason }) => !asides.some((aside) => aside.provisions.some((one) => one.id === id && one.text === text && one.reason === reason)),
  )

/** What of it the draft does not say now. Empty: nothing was lost. */
export function lost(aside: Aside, doc: Y.Doc): Lost[] {
  const present = new Map(readProvisions(doc).map(({ id, text }) => [id, text]))
  return aside.provisions
    .map((one) => ({ ...one, now: present.get(one.id) ?? null, reasonNow: readRationale(doc, one.id) }))
    .filter((one) => one.now !== one.text || (one.reason !== '' && one.reasonNow !== one.reason))
    .filter((one) => one.text !== '' || one.reason !== '')
}

/** What is copied: each provision under its name, its reason behind it. */
export const copied = (found: readonly Lost[], reasonLabel: string): string =>
  found
    .map(({ name, text, reason }) => [name, text, reason && `${reasonLabel}: ${reason}`].filter(Boolean).join('\n'))
    .join('\n\n')

/** Where asides are kept: the browser's own storage, so that they survive a reload and a crash. */
export class AsideStore {
  readonly #storage: Storage
  readonly #key: string
  readonly #user: string

  constructor(storage: Storage, document: string, user: string) {
    this.#storage = storage
    this.#key = `duthao.aside.${document}.${user}`
    this.#user = user
  }

  /** Whether it is kept now: the storage may be full or closed to us. One set aside before is kept too. */
  keep(aside: Aside): boolean {
    if (aside.provisions.length === 0) return true
    try {
      this.#storage.setItem(this.#key, JSON.stringify([...this.all(), aside]))
      return true
    } catch {
      return false
    }
  }

  /** Those of this person, oldest first; what is no aside of ours is passed over. */
  all(): Aside[] {
    try {
      const found = JSON.parse(this.#storage.getItem(this.#key) ?? '[]') as unknown
      return Array.isArray(found) ? found.filter((one): one is Aside => isAside(one) && one.user === this.#user) : []
    } catch {
      return []
    }
  }

  /** Those that still say something the draft does not. */
  hold(kept: readonly Aside[]): void {
    try {
      if (kept.length === 0) this.#storage.removeItem(this.#key)
      else this.#storage.setItem(this.#key, JSON.stringify(kept))
    } catch {
      // Shown once more, then.
    }
  }
}

function isAside(value: unknown): value is Aside {
  const one = value as Partial<Aside> | null
  return (
    typeof one === 'object' &&
    one !== null &&
    typeof one.at === 'number' &&
    (one.why === 'lineage' || one.why === 'left') &&
    Array.isArray(one.provisions) &&
    one.provisions.every((p) => typeof p?.id === 'string' && typeof p.text === 'string' && typeof p.name === 'string' && typeof p.reason === 'string')
  )
}
