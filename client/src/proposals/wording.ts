/**
 * Where a wording is typed: a field for the text, or one for each cell of a row, and beneath it the words
 * struck and inserted so far. The fields are plain text areas: input methods of either kind, the browser's
 * own undo and a telephone's keyboard work in them untouched, and nothing is drawn between their letters.
 */

import { breaksLine, pressed } from '../keys/pressed'
import { cleanInline } from '../model'
import { make, type Say } from '../ui/page'
import { Pause } from '../ui/pause'
import { drawSpans } from './drawing'
import type { Wording } from './types'
import { spansOf } from './words'

const SHOW_MS = 120
const SHOW_LATEST_MS = 400

export interface WordingOptions {
  readonly say: Say
  /** What stands there now: struck and inserted words are told against it. Empty for a new provision. */
  readonly over: Wording
  readonly start: Wording
  /** The accessible name of the field. */
  readonly label: string
  readonly onInput: () => void
  readonly onSend: () => void
}

export class WordingField {
  readonly element: HTMLElement
  readonly #areas: readonly HTMLTextAreaElement[]
  readonly #preview = make('p', { className: 'proposal-words wording-preview', lang: 'vi' })
  readonly #options: WordingOptions
  readonly #pause = new Pause(() => this.#show(), SHOW_MS, SHOW_LATEST_MS)
  #over: Wording

  constructor(options: WordingOptions) {
    this.#options = options
    this.#over = options.over
    const { start, say } = options
    const isRow = start.cells.length > 0
    const values = isRow ? start.cells : [start.text]
    this.#areas = values.map((value, at) => this.#area(value, isRow ? say('proposals.cell_of', { n: at + 1, name: options.label }) : options.label))
    const fields = make('div', { className: isRow ? 'wording-cells' : 'wording-text' }, ...this.#areas)
    this.element = make('div', { className: 'wording' }, fields, make('p', { className: 'small muted wording-said' }, say('proposals.preview')), this.#preview)
    this.#show()
  }

  get value(): Wording {
    const words = this.#areas.map(({ value }) => cleanInline(value))
    return this.#options.start.cells.length > 0 ? { text: this.#options.start.text, cells: words } : { text: words[0] ?? '', cells: [] }
  }

  /** What stands there has changed: the preview is told against that. */
  set over(words: Wording) {
    this.#over = words
    this.#show()
  }

  /** The caret at that place of the text; without one, behind the last word. */
  focus(offset?: number): void {
    const area = this.#areas[0]
    if (area === undefined) return
    area.focus({ preventScroll: true })
    const at = offset ?? area.value.length
    area.setSelectionRange(at, at)
    this.fit()
  }

  /** As high as its words; again when it has been put into the page. */
  fit(): void {
    for (const area of this.#areas) {
      area.style.height = 'auto'
      area.style.height = `${area.scrollHeight + 2}px`
    }
  }

  #area(value: string, label: string): HTMLTextAreaElement {
    const area = make('textarea', { value, rows: 1, ariaLabel: label, lang: 'vi', spellcheck: false, className: 'wording-field' })
    area.setAttribute('autocapitalize', 'off')
    let composing = false
    area.addEventListener('compositionstart', () => {
      composing = true
    })
    area.addEventListener('compositionend', () => {
      composing = false
      changed()
    })
    const changed = (): void => {
      // Lines that were pasted; what an input method is composing is nobody's to rewrite.
      if (!composing && area.value.includes('\n')) {
        const at = area.selectionEnd
        area.value = area.value.replace(/\n/g, ' ')
        area.setSelectionRange(at, at)
      }
      this.fit()
      this.#pause.tell()
      this.#options.onInput()
    }
    area.addEventListener('input', changed)
    area.addEventListener('keydown', (event) => {
      if (composing || !breaksLine(event)) return
      event.preventDefault()
      if (pressed(event, 'send')) this.#options.onSend()
    })
    return area
  }

  #show(): void {
    const { start } = this.#options
    const [was, now] = [this.#over, this.value]
    if (start.cells.length === 0) this.#preview.replaceChildren(...drawSpans(spansOf(was.text, now.text)))
    else
      this.#preview.replaceChildren(
        ...now.cells.map((cell, at) => make('span', { className: 'proposal-cell' }, ...drawSpans(spansOf(was.cells[at] ?? '', cell)))),
      )
    this.#preview.classList.toggle('proposal-row', start.cells.length > 0)
  }
}
