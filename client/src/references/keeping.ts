/**
 * References follow what they cite. One of those who may write does it for all, after a pause; whoever that is,
 * it comes to the same words, and nobody's undo has it.
 */

import type { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'

import type { ChangedLine, DraftEditor, OutlineItem } from '../editor/types'
import { pointsAt, provisionText, provisionsOf } from '../model'
import type { Finding } from '../review/findings'
import type { Say } from '../ui/page'
import { Pause } from '../ui/pause'
import { addressesOf, likewise } from './address'
import { linksOf, writeLink, type Link } from './links'

/** The origin of what is written here: no edit of this person's. */
const UPKEEP = { name: 'references' }

const PAUSE_MS = 1000
const LATEST_MS = 5000
/** Of the words on each side of a finding. */
const AROUND = 24

export interface KeepingOptions {
  readonly doc: Y.Doc
  readonly awareness: Awareness
  readonly editor: () => DraftEditor | null
  readonly items: () => readonly OutlineItem[]
  /** May write, and what is written goes straight to the others. */
  readonly live: () => boolean
  readonly say: Say
  readonly said: HTMLElement
  readonly nameOf: (id: string) => string
  /** The references whose provision is not there, for the review. */
  readonly onGone: (findings: readonly Finding[]) => void
}

/** The one who writes: of those who may, and are not away, the lowest client. */
export function keeperOf(awareness: Awareness): number | null {
  const may = [...awareness.getStates()].filter(([, state]) => state['keeps'] === true)
  const near = may.filter(([, state]) => state['attention'] !== 'away')
  const ids = (near.length > 0 ? near : may).map(([client]) => client)
  return ids.length === 0 ? null : Math.min(...ids)
}

/** What is to be written: for the links whose words are not the address of what they cite. */
export function stale(links: readonly Link[], addresses: ReadonlyMap<string, string>): { readonly link: Link; readonly by: string }[] {
  return links.flatMap((link) => {
    const address = addresses.get(link.target)
    const by = address === undefined ? '' : likewise(address, link.words)
    return by === '' || by === link.words ? [] : [{ link, by }]
  })
}

export class Keeping {
  /** By provision; only what has links. */
  readonly #links = new Map<string, readonly Link[]>()
  readonly #dirty = new Set<string>()
  readonly #pause = new Pause(() => this.#check(), PAUSE_MS, LATEST_MS)
  #gone = 0

  constructor(private readonly options: KeepingOptions) {
    const { doc } = options
    for (const id of provisionsOf(doc).keys()) this.#dirty.add(id)
    provisionsOf(doc).observeDeep((events) => {
      for (const event of events) {
        const [id] = event.path
        if (id !== undefined) this.#dirty.add(String(id))
        else for (const key of event.keys.keys()) this.#dirty.add(key)
      }
      this.#pause.tell()
    })
    this.#pause.tell()
  }

  /** Who may write, or whether the network is there, changed. */
  changed(): void {
    const { awareness, live } = this.options
    if (awareness.getLocalState()?.['keeps'] !== live()) awareness.setLocalStateField('keeps', live())
    this.#pause.tell()
  }

  /** The reference at a place of a provision. */
  at(id: string, offset: number): Link | null {
    return (this.#links.get(id) ?? []).find(({ from, words }) => offset >= from && offset <= from + words.length) ?? null
  }

  #read(): void {
    for (const id of this.#dirty) {
      const text = provisionText(this.options.doc, id)
      const links = text ? linksOf(text) : []
      if (links.length > 0) this.#links.set(id, links)
      else this.#links.delete(id)
    }
    this.#dirty.clear()
  }

  #check(): void {
    const { doc, awareness, editor, items, live } = this.options
    const now = editor()
    if (now === null) return
    this.#read()
    if (this.#links.size === 0 && this.#gone === 0) return
    const addresses = addressesOf(now.outline().length > 0 ? now.outline() : items())
    const wanted = [...this.#links].map(([id, links]) => [id, stale(links, addresses)] as const).filter(([, edits]) => edits.length > 0)
    if (wanted.length > 0 && live() && keeperOf(awareness) === awareness.clientID) {
      if (now.ready())
        doc.transact(() => {
          for (const [id, edits] of wanted) {
            const text = provisionText(doc, id)
            // From behind, so that the places before stay what they are.
            if (text) for (const { link, by } of edits.toReversed()) writeLink(text, link, by, link.words.length)
          }
        }, UPKEEP)
      this.#pause.tell()
    }
    this.#draw(addresses)
  }

  #draw(addresses: ReadonlyMap<string, string>): void {
    const { editor, say, said, onGone } = this.options
    this.#read()
    const lines: ChangedLine[] = []
    const gone: Finding[] = []
    for (const [id, links] of this.#links) {
      const text = editor()?.words(id) ?? null
      if (text !== null) gone.push(...links.filter(({ target }) => !addresses.has(target)).map((link) => this.#finding(id, text, link)))
      lines.push({ id, text, look: '', marks: links.map(({ from, words, target }) => ({ from, to: from + words.length, look: addresses.has(target) ? 'reference' : 'reference reference-gone' })) })
    }
    editor()?.markChanges(lines, 'references')
    if (gone.length > this.#gone) said.textContent = say('references.gone', { words: gone.slice(0, 5).map(({ quote }) => quote).join('; '), count: gone.length })
    this.#gone = gone.length
    onGone(gone)
  }

  #finding(provision: string, text: string, { from, words, target }: Link): Finding {
    const to = from + words.length
    return {
      key: `gone ${provision} ${target} ${from}`,
      group: 'references',
      code: 'reference_gone',
      severity: 'error',
      provision,
      where: this.options.nameOf(provision),
      start: pointsAt(text, from),
      end: pointsAt(text, to),
      quote: words,
      lead: text.slice(Math.max(0, from - AROUND), from),
      trail: text.slice(to, to + AROUND),
      message: this.options.say('references.gone_finding'),
      replacement: null,
      local: true,
      aside: null,
    }
  }
}
