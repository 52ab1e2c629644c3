/**
 * What was written and is not confirmed as stored, kept in the browser's database: a crash, a power cut or a
 * closed window takes nothing, and the next visit merges it. Kept only while something waits: a line that
 * works leaves nothing on the computer.
 */

import * as Y from 'yjs'

import { newId } from '../model/ids'
import type { AsideProvision } from './aside'
import type { SyncState } from './state'

/** Milliseconds for which something must have waited, and between two writings. */
export const FIRST_MS = 1500
export const EVERY_MS = 2000
/** Updates kept one by one; more are merged. */
const MOST = 200
/** Bytes of one record. */
const LARGEST = 16 * 2 ** 20

/** The origin under which what was kept comes back into the document: it is sent like anything typed. */
export const KEPT = 'kept'

export interface KeptRecord {
  readonly document: string
  readonly user: string
  /** Random, one for each window: two windows of one person write over nobody's. */
  readonly window: string
  readonly generation: string
  /** Epoch milliseconds of the last word. */
  readonly at: number
  readonly update: Uint8Array<ArrayBuffer>
  /** The same as words, for the case that they can only be copied. */
  readonly provisions: readonly AsideProvision[]
}

export interface RecordStore {
  all(document: string, user: string): Promise<KeptRecord[]>
  put(record: KeptRecord): Promise<void>
  remove(records: readonly Pick<KeptRecord, 'document' | 'user' | 'window'>[]): Promise<void>
}

const asked = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('the browser keeps nothing'))
  })

/** The browser's own database. Every method rejects where the browser keeps nothing (a private window, a full disk). */
export class BrowserStore implements RecordStore {
  #opened: Promise<IDBDatabase> | null = null

  async all(document: string, user: string): Promise<KeptRecord[]> {
    const range = IDBKeyRange.bound([document, user], [document, user, []])
    return asked((await this.#store('readonly')).getAll(range) as IDBRequest<KeptRecord[]>)
  }

  async put(record: KeptRecord): Promise<void> {
    await asked((await this.#store('readwrite')).put(record))
  }

  async remove(records: readonly Pick<KeptRecord, 'document' | 'user' | 'window'>[]): Promise<void> {
    const store = await this.#store('readwrite')
    await Promise.all(records.map((one) => asked(store.delete([one.document, one.user, one.window]))))
  }

  async #store(mode: IDBTransactionMode): Promise<IDBObjectStore> {
    this.#opened ??= this.#open()
    const database = await this.#opened
    // On the disk, not on its way there: it is for the moment in which the power goes.
    return database.transaction('unsent', mode, { durability: 'strict' }).objectStore('unsent')
  }

  #open(): Promise<IDBDatabase> {
    const request = indexedDB.open('duthao', 1)
    request.onupgradeneeded = () => request.result.createObjectStore('unsent', { keyPath: ['document', 'user', 'window'] })
    return asked(request)
  }
}

export interface KeepingOptions {
  readonly doc: Y.Doc
  readonly store: RecordStore
  readonly document: string
  readonly user: string
  readonly generation: string
  /** Whether anything may be kept on this computer. */
  readonly keeps: boolean
  /** The provisions with words that are not confirmed as stored. */
  readonly words: () => readonly AsideProvision[]
  readonly window?: string
  readonly now?: () => number
}

/** What a visit found of an earlier one. */
export type Found =
  | { readonly kind: 'merged'; readonly at: number }
  /** It can only be copied: the document has another lineage, or one may no longer write. */
  | { readonly kind: 'words'; readonly at: number; readonly provisions: readonly AsideProvision[] }

export class Keeping {
  #waiting: Uint8Array[] = []
  #at = 0
  #unsaved = false
  #written = false
  #timer: ReturnType<typeof setTimeout> | undefined
  /** One after another: a removal must not overtake the writing before it. */
  #work: Promise<unknown> = Promise.resolve()
  #recovered: readonly KeptRecord[] = []
  readonly #options: KeepingOptions
  readonly #window: string
  readonly #now: () => number

  constructor(options: KeepingOptions) {
    this.#options = options
    this.#window = options.window ?? newId()
    this.#now = options.now ?? Date.now
    options.doc.on('update', this.#onUpdate)
  }

  end(): void {
    clearTimeout(this.#timer)
    this.#options.doc.off('update', this.#onUpdate)
  }

  /** Everything asked of the browser's database until now has been done, or has failed. */
  settled(): Promise<unknown> {
    return this.#work
  }

  follow(state: SyncState): void {
    if (state.unsaved === this.#unsaved) return
    this.#unsaved = state.unsaved
    if (state.unsaved) this.#soon(FIRST_MS)
    else this.#saved()
  }

  /**
   * What earlier visits could not send, oldest first: merged into the document, from where it is sent, or given
   * back as words. What is merged is forgotten once it is stored, all else at once. Empty where nothing is kept.
   */
  async recover(mayWrite: boolean): Promise<Found[]> {
    const { store, document, user, generation, doc } = this.#options
    const records = await store.all(document, user).catch(() => [])
    const others = records.filter((one) => one.window !== this.#window).toSorted((a, b) => a.at - b.at)
    const found: Found[] = []
    const merged: KeptRecord[] = []
    for (const one of others) {
      if (mayWrite && one.generation === generation && fits(doc, one.update)) {
        // What it brings nothing of had arrived after all.
        if (!brings(doc, one.update)) continue
        merged.push(one)
        found.push({ kind: 'merged', at: one.at })
      } else found.push({ kind: 'words', at: one.at, provisions: one.provisions })
    }
    this.#recovered = merged
    this.#do(() => store.remove(others.filter((one) => !merged.includes(one))))
    return found
  }

  readonly #onUpdate = (update: Uint8Array, origin: unknown, _doc: Y.Doc, transaction: Y.Transaction): void => {
    if (!transaction.local && origin !== KEPT) return
    this.#waiting.push(update)
    if (this.#waiting.length > MOST) this.#waiting = [Y.mergeUpdates(this.#waiting)]
    this.#at = this.#now()
    // Written before: something waits already, and this is newer.
    if (this.#written && this.#timer === undefined) this.#soon(EVERY_MS)
  }

  #soon(ms: number): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.#write()
    }, ms)
  }

  #write(): void {
    const { document, user, generation, keeps, store, words } = this.#options
    if (!keeps || !this.#unsaved || this.#waiting.length === 0) return
    this.#waiting = [Y.mergeUpdates(this.#waiting)]
    const update = this.#waiting[0] as Uint8Array<ArrayBuffer>
    if (update.length > LARGEST) return
    this.#written = true
    const record: KeptRecord = { document, user, window: this.#window, generation, at: this.#at, update, provisions: words() }
    this.#do(() => store.put(record))
  }

  #saved(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
    this.#waiting = []
    const { document, user, store } = this.#options
    const gone = [...this.#recovered, ...(this.#written ? [{ document, user, window: this.#window }] : [])]
    this.#written = false
    this.#recovered = []
    if (gone.length > 0) this.#do(() => store.remove(gone))
  }

  /** Where the browser keeps nothing the page says so by warning before it is left: nothing more can be done. */
  #do(work: () => Promise<void>): void {
    this.#work = this.#work.then(work).catch(() => undefined)
  }
}

/** Whether everything that the update builds on is in the document. */
function fits(doc: Y.Doc, update: Uint8Array): boolean {
  const trial = new Y.Doc()
  try {
    Y.applyUpdate(trial, Y.encodeStateAsUpdate(doc))
    Y.applyUpdate(trial, update)
    return trial.store.pendingStructs === null && trial.store.pendingDs === null
  } catch {
    // What a disk has damaged must not reach the document.
    return false
  } finally {
    trial.destroy()
  }
}

/** Applies it; whether the document lacked anything of it. */
function brings(doc: Y.Doc, update: Uint8Array): boolean {
  let changed = false
  const note = (): void => {
    changed = true
  }
  doc.on('update', note)
  Y.applyUpdate(doc, update, KEPT)
  doc.off('update', note)
  return changed
}
