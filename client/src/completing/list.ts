/** The suggestions at the caret: never chosen by themselves, never in the way of an input method. */

import '../styles/completing.css'

import type { DraftEditor, ReadProvision } from '../editor/types'
import { obey, pressed } from '../keys/pressed'
import { keysOf, readable } from '../keys/table'
import { make, type Say } from '../ui/page'
import { Pause } from '../ui/pause'
import { suggestionsAt, termsOf, toldBy, type HouseTerms, type Suggestion, type Terms, type Told } from './terms'

/** After the last key. */
const QUIET_MS = 150
const TERMS_MS = 1000
const TERMS_LATEST_MS = 10_000

export interface CompletingOptions {
  readonly say: Say
  readonly editor: () => DraftEditor | null
  readonly sheet: HTMLElement
  readonly live: HTMLElement
  readonly house: HouseTerms
}

interface Caret {
  readonly node: Node | null
  readonly offset: number
}

/** Where the caret stands; that of a field is known to the field alone. */
function caretNow(): Caret {
  const field = document.activeElement
  if (field instanceof HTMLTextAreaElement) return { node: field, offset: field.selectionStart }
  const selection = getSelection()
  return { node: selection?.focusNode ?? null, offset: selection?.focusOffset ?? 0 }
}

export class Completing {
  readonly #list = make('ul', { className: 'completing no-print', id: 'completing', role: 'listbox', hidden: true })
  readonly #read = new WeakMap<ReadProvision, Told>()
  readonly #learning = new Pause(() => this.#learn(), TERMS_MS, TERMS_LATEST_MS)
  #terms: Terms
  #suggestions: readonly Suggestion[] = []
  #chosen: number | null = null
  /** Where the caret stood when they were shown. */
  #at: Caret = { node: null, offset: 0 }
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(private readonly options: CompletingOptions) {
    const { sheet, say } = options
    this.#terms = termsOf([], options.house)
    this.#list.ariaLabel = say('completing.label')
    // In a landmark, and in none that scrolls or cuts.
    ;(sheet.closest('main') ?? document.body).append(this.#list)
    sheet.addEventListener('input', () => this.typed())
    sheet.addEventListener('compositionstart', () => this.#hide())
    sheet.addEventListener('compositionend', () => this.typed())
    // Before the sheet's own keys: here Tab means the words shown.
    sheet.addEventListener('keydown', (event) => this.#key(event), { capture: true })
    for (const kind of ['pointerdown', 'focusout'] as const) sheet.addEventListener(kind, () => this.#hide())
    document.addEventListener('selectionchange', () => {
      if (!this.#list.hidden && !this.#stands()) this.#hide()
    })
    document.addEventListener('scroll', () => this.#hide(), { capture: true, passive: true })
    this.#list.addEventListener('pointerdown', (event) => event.preventDefault())
    this.#list.addEventListener('mousedown', (event) => event.preventDefault())
    this.#list.addEventListener('click', (event) => {
      const at = event.target instanceof Element ? event.target.closest<HTMLElement>('li')?.dataset['at'] : undefined
      if (at !== undefined) this.#take(Number(at))
    })
    this.#learn()
  }

  /** Somebody changed the draft. */
  changed(): void {
    this.#learning.tell()
  }

  /** Reads what changed since; the rest is known. */
  #learn(): void {
    const told = (this.options.editor()?.all() ?? []).map((provision) => {
      let known = this.#read.get(provision)
      if (known === undefined) {
        known = toldBy(provision.text)
        this.#read.set(provision, known)
      }
      return known
    })
    this.#terms = termsOf(told, this.options.house)
  }

  /** Somebody typed: looked at once they pause. */
  typed(): void {
    this.#hide()
    this.#timer = setTimeout(() => this.#look(), QUIET_MS)
  }

  #now(): readonly Suggestion[] {
    const typing = this.options.editor()?.typing() ?? null
    return typing === null ? [] : suggestionsAt(typing.text, typing.offset, this.#terms)
  }

  #look(): void {
    this.#suggestions = this.#now()
    if (this.#suggestions.length > 0) this.#show()
  }

  #show(): void {
    const { say, editor, live } = this.options
    const [first] = this.#suggestions
    const box = editor()?.caretBox() ?? null
    if (first === undefined || box === null) return
    this.#chosen = null
    const key = make('kbd', {}, readable(keysOf('complete')[0] ?? ''))
    this.#list.replaceChildren(
      ...this.#suggestions.map(({ by }, at) => {
        const item = make('li', { id: `completing-${at}`, role: 'option' }, by, ...(at === 0 ? [key] : []))
        item.dataset['at'] = String(at)
        item.setAttribute('aria-selected', 'false')
        return item
      }),
    )
    this.#list.hidden = false
    const { width, height } = this.#list.getBoundingClientRect()
    const seen = window.visualViewport?.height ?? innerHeight
    const below = box.bottom + 4
    const top = below + height > seen ? box.top - height - 4 : below
    this.#list.style.insetBlockStart = `${Math.max(0, top)}px`
    this.#list.style.insetInlineStart = `${Math.max(4, Math.min(box.left, innerWidth - width - 4))}px`
    this.#at = caretNow()
    this.#mark(this.#words)
    live.textContent = say('completing.said', { words: first.by, count: this.#suggestions.length, key: readable(keysOf('complete')[0] ?? '') })
  }

  /** Whether the caret is where it was when they were shown. */
  #stands(): boolean {
    const { node, offset } = caretNow()
    return node === this.#at.node && offset === this.#at.offset
  }

  /** What one types in: the field in a cell, or the sheet. */
  get #words(): HTMLElement | null {
    const field = document.activeElement
    return field instanceof HTMLTextAreaElement && this.options.sheet.contains(field) ? field : this.options.sheet.querySelector<HTMLElement>('.sheet-text')
  }

  #mark(words: HTMLElement | null): void {
    words?.setAttribute('aria-controls', 'completing')
    if (this.#chosen === null) words?.removeAttribute('aria-activedescendant')
    else words?.setAttribute('aria-activedescendant', `completing-${this.#chosen}`)
    ;[...this.#list.children].forEach((item, at) => item.setAttribute('aria-selected', String(at === this.#chosen)))
  }

  #hide(): void {
    clearTimeout(this.#timer)
    if (this.#list.hidden) return
    this.#list.hidden = true
    this.#suggestions = []
    this.#words?.removeAttribute('aria-controls')
    this.#words?.removeAttribute('aria-activedescendant')
  }

  #key(event: KeyboardEvent): void {
    if (this.#list.hidden) return
    const choose = (step: 1 | -1): void => {
      const count = this.#suggestions.length
      const from = this.#chosen ?? (step === 1 ? -1 : count)
      this.#chosen = (from + step + count) % count
      this.#mark(this.#words)
    }
    const obeyed = obey(event, [
      [pressed(event, 'complete'), () => this.#take(this.#chosen ?? 0)],
      [pressed(event, 'completeAbove'), () => choose(-1)],
      [pressed(event, 'completeBelow'), () => choose(1)],
      [pressed(event, 'completeChosen') && this.#chosen !== null, () => this.#take(this.#chosen ?? 0)],
      [pressed(event, 'completeNot'), () => this.#hide()],
    ])
    if (obeyed) event.stopPropagation()
  }

  /** Writes it where it still stands for the words before the caret. */
  #take(at: number): void {
    const wanted = this.#suggestions[at]
    this.#hide()
    const typing = this.options.editor()?.typing() ?? null
    if (wanted === undefined || typing === null) return
    const still = suggestionsAt(typing.text, typing.offset, this.#terms).find(({ by }) => by === wanted.by)
    const { id, cell, offset } = typing
    if (still !== undefined) this.options.editor()?.commands.write({ id, cell, from: still.from, to: offset }, still.by)
  }
}
