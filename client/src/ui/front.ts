/** What stands above and below the provisions, in one window: read by all, written by those who write. */

import type * as Y from 'yjs'

import type { DraftEditor } from '../editor/types'
import { FRONT_PART, frontPart } from '../model/front-parts'
import { mergedLines } from '../model/merged-lines'
import { need } from './page'

export interface FrontOptions {
  readonly doc: Y.Doc
  readonly editor: () => DraftEditor | null
  readonly writing: () => boolean
}

type Field = HTMLInputElement | HTMLTextAreaElement

const isList = (field: Field): boolean => field instanceof HTMLTextAreaElement

/** Lines of single spaces, none empty. */
const linesOf = (words: string): string[] =>
  words.normalize('NFC').split('\n').map((line) => line.replaceAll(/\s+/g, ' ').trim()).filter((line) => line !== '')

/** As it is kept: one line, or lines. */
const tidy = (field: Field): string => linesOf(field.value).join(isList(field) ? '\n' : ' ')

export class FrontDialog {
  readonly #dialog = need('front', HTMLDialogElement)
  readonly #fields = new Map<string, Field>()
  /** What the fields were filled with: only what was changed here is written. */
  readonly #shown = new Map<string, string>()

  constructor(private readonly options: FrontOptions) {
    for (const field of this.#dialog.querySelectorAll<Field>('[data-part]')) this.#fields.set(field.dataset['part'] ?? '', field)
    need('show-front', HTMLElement).addEventListener('click', () => this.open())
    this.#dialog.addEventListener('close', () => this.#closed())
  }

  /** Opens it, at a field or at a line of one. */
  open(part = ''): void {
    const writing = this.options.writing()
    for (const [name, field] of this.#fields) {
      field.value = frontPart(this.options.doc, name) ?? ''
      field.readOnly = !writing
      this.#shown.set(name, tidy(field))
    }
    need('front-save', HTMLElement).hidden = !writing
    this.#dialog.returnValue = ''
    this.#dialog.showModal()
    const [name = '', line] = part.split('.')
    const field = this.#fields.get(name)
    field?.focus()
    if (field && line !== undefined) {
      const before = field.value.split('\n').slice(0, Number(line))
      const start = before.reduce((sum, words) => sum + words.length + 1, 0)
      field.setSelectionRange(start, start + (field.value.split('\n')[Number(line)] ?? '').length)
    }
  }

  /** Writes what was changed, as one own step; of a list each line, into the list as others have it by now. */
  #closed(): void {
    if (this.#dialog.returnValue !== 'save' || !this.options.writing()) return
    const edits = [...this.#fields].flatMap(([name, field]) => {
      const mine = tidy(field)
      const shown = this.#shown.get(name) ?? ''
      const now = frontPart(this.options.doc, name) ?? ''
      const by = isList(field) ? mergedLines(linesOf(shown), linesOf(mine), linesOf(now)).join('\n') : mine
      return mine === shown ? [] : [{ id: FRONT_PART + name, from: 0, to: now.length, by }]
    })
    this.options.editor()?.rewrite(edits)
  }
}
