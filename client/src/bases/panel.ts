/** The list of bases: picked into the reason of a provision, kept by the whole team, copied from other documents. */

import '../styles/bases.css'

import type * as Y from 'yjs'

import {
  addBasis, BASIS_FIELDS, basesOf, MAX_BASIS_TEXT, moveBasis, rationaleOf, readBases, readRationale, removeBasis, setBasis,
  type Basis, type BasisField, type BasisWords,
} from '../model'
import { make, type Say } from '../ui/page'
import { cite, citing, dateOf, joinedTo, missing, nameOf } from './citing'

export interface BasesOptions {
  readonly document: string
  readonly doc: Y.Doc
  readonly say: Say
  readonly mayWrite: () => boolean
  /** The field of the reason, and whose it is; `null` while no provision is looked at. */
  readonly reason: HTMLTextAreaElement
  readonly reasonOf: () => string | null
  readonly nameOf: (provision: string) => string
  /** The provisions in reading order. */
  readonly order: () => readonly string[]
  readonly goTo: (provision: string) => void
}

const EMPTY: BasisWords = { kind: '', number: '', date: '', body: '', title: '' }

export class BasesPanel {
  readonly #options: BasesOptions
  readonly #dialog: HTMLDialogElement
  readonly #pick: HTMLFormElement
  readonly #which: HTMLSelectElement
  readonly #unit: HTMLInputElement
  readonly #preview = make('output', { className: 'basis-preview' })
  readonly #insert: HTMLButtonElement
  readonly #for = make('p', { className: 'muted small' })
  readonly #list = make('ul', { className: 'plain basis-list' })
  readonly #form: HTMLFormElement
  readonly #formTitle = make('h3')
  readonly #fields = new Map<BasisField, HTMLInputElement>()
  readonly #said = make('p', { className: 'small', role: 'status' })
  readonly #wrong = make('p', { className: 'error', role: 'alert' })
  readonly #copy: HTMLElement
  readonly #from: HTMLSelectElement
  #editing: string | null = null
  #at = 0

  constructor(options: BasesOptions) {
    this.#options = options
    const { say, doc } = options
    this.#which = make('select', { id: 'basis-which' })
    this.#unit = make('input', { id: 'basis-unit', maxLength: MAX_BASIS_TEXT, autocomplete: 'off', placeholder: '5.2.a' })
    this.#insert = make('button', { className: 'primary' }, say('bases.insert'))
    this.#pick = make(
      'form', { className: 'basis-pick' }, this.#for,
      labelled(say('bases.which'), this.#which), labelled(say('bases.unit'), this.#unit), this.#preview, make('p', { className: 'actions' }, this.#insert),
    )
    this.#form = this.#makeForm()
    this.#from = make('select', { id: 'bases-from' })
    const copy = make('button', { type: 'button' }, say('bases.copy'))
    this.#copy = make('details', {}, make('summary', {}, say('bases.copy_title')), labelled(say('bases.from'), this.#from), make('p', { className: 'actions' }, copy))
    const close = make('button', {}, say('room.close'))
    this.#dialog = make(
      'dialog', { className: 'bases' },
      make('div', { className: 'head' }, make('h2', { id: 'bases-title' }, say('bases.title')), make('form', { method: 'dialog' }, close)),
      this.#pick, make('h3', {}, say('bases.list')), this.#said, this.#list, this.#form, this.#copy,
    )
    this.#dialog.setAttribute('aria-labelledby', 'bases-title')
    document.body.append(this.#dialog)
    this.#which.addEventListener('change', () => this.#show())
    this.#unit.addEventListener('input', () => this.#show())
    this.#pick.addEventListener('submit', (event) => {
      event.preventDefault()
      this.#put()
    })
    copy.addEventListener('click', () => void this.#copied())
    const changed = (): void => {
      if (this.#dialog.open) this.#draw()
    }
    basesOf(doc).observe(changed)
    rationaleOf(doc).observeDeep(changed)
  }

  open(): void {
    if (this.#dialog.open) return
    // Where the caret was in the reason: there the citation goes.
    this.#at = this.#options.reason.selectionStart
    this.#said.textContent = ''
    this.#unit.value = ''
    this.#edit(null)
    this.#draw()
    this.#dialog.showModal()
    if (this.#which.disabled) this.#fields.get('kind')?.focus()
    else this.#which.focus()
    void this.#others()
  }

  #makeForm(): HTMLFormElement {
    const { say } = this.#options
    const form = make('form', { className: 'basis-form', noValidate: true }, this.#formTitle)
    for (const name of BASIS_FIELDS) {
      const input = make('input', { id: `basis-${name}`, maxLength: MAX_BASIS_TEXT, autocomplete: 'off', placeholder: say(`bases.hint.${name}`), lang: 'vi' })
      this.#fields.set(name, input)
      form.append(labelled(say(`bases.field.${name}`), input))
    }
    const cancel = make('button', { type: 'button' }, say('bases.cancel'))
    cancel.addEventListener('click', () => this.#edit(null))
    form.append(this.#wrong, make('p', { className: 'actions' }, make('button', {}, say('bases.save')), cancel))
    form.addEventListener('submit', (event) => {
      event.preventDefault()
      this.#keep()
    })
    return form
  }

  #draw(): void {
    const { doc, say, mayWrite, reasonOf, nameOf: where } = this.#options
    const all = readBases(doc)
    const [writes, provision, chosen] = [mayWrite(), reasonOf(), this.#which.value]
    this.#pick.hidden = !writes || all.length === 0
    this.#form.hidden = this.#copy.hidden = !writes
    this.#which.replaceChildren(...all.map((one) => make('option', { value: one.id }, nameOf(one))))
    this.#which.value = chosen
    if (this.#which.selectedIndex < 0) this.#which.selectedIndex = 0
    this.#which.disabled = this.#unit.disabled = this.#insert.disabled = this.#pick.hidden || provision === null
    this.#for.textContent = provision === null ? say('bases.no_provision') : say('bases.into', { name: where(provision) })
    const reasons = this.#options.order().map((id) => ({ id, reason: readRationale(doc, id) }))
    const held = document.activeElement instanceof HTMLElement ? document.activeElement.dataset['act'] : undefined
    this.#list.replaceChildren(...all.map((one, at) => this.#item(one, at, all.length, citing(one, reasons))))
    if (held !== undefined) this.#list.querySelector<HTMLElement>(`[data-act="${CSS.escape(held)}"]`)?.focus()
    if (all.length === 0) this.#list.append(make('li', { className: 'muted' }, say(writes ? 'bases.none' : 'bases.none_reader')))
    this.#show()
  }

  #item(one: Basis, at: number, count: number, cited: readonly string[]): HTMLElement {
    const { say, mayWrite, goTo, nameOf: where } = this.#options
    const name = nameOf(one)
    const item = make('li', {}, make('strong', {}, name))
    if (one.title !== '' && one.number !== '') item.append(make('span', { className: 'muted' }, ` ${one.title}`))
    const links = cited.map((id) => {
      const link = make('button', { type: 'button', className: 'quiet' }, where(id))
      link.addEventListener('click', () => {
        this.#dialog.close()
        goTo(id)
      })
      return link
    })
    item.append(make('p', { className: 'small cited' }, say(cited.length === 0 ? 'bases.cited_nowhere' : 'bases.cited_in'), ' ', ...links))
    if (!mayWrite()) return item
    const act = (key: string, words: string, off: boolean, does: () => void): HTMLButtonElement => {
      const button = make('button', { type: 'button', ariaLabel: say(`bases.${key}_of`, { name }), disabled: off }, words)
      button.dataset['act'] = `${key} ${one.id}`
      button.addEventListener('click', does)
      return button
    }
    item.append(
      make(
        'p', { className: 'basis-acts' },
        act('edit', say('bases.edit'), false, () => this.#edit(one)),
        act('up', '↑', at === 0, () => moveBasis(this.#options.doc, one.id, -1)),
        act('down', '↓', at === count - 1, () => moveBasis(this.#options.doc, one.id, 1)),
        act('remove', say('bases.remove'), false, () => {
          if (!window.confirm(say('bases.remove_sure', { name, n: cited.length }))) return
          removeBasis(this.#options.doc, one.id)
          if (this.#editing === one.id) this.#edit(null)
          this.#said.textContent = say('bases.removed', { name })
          this.#fields.get('kind')?.focus()
        }),
      ),
    )
    return item
  }

  #edit(one: Basis | null): void {
    this.#editing = one?.id ?? null
    this.#formTitle.textContent = this.#options.say(one === null ? 'bases.add' : 'bases.edit_title')
    this.#wrong.textContent = ''
    for (const [name, input] of this.#fields) input.value = (one ?? EMPTY)[name]
    if (one !== null) this.#fields.get('kind')?.focus()
  }

  #keep(): void {
    const { doc, say } = this.#options
    const typed = Object.fromEntries([...this.#fields].map(([name, input]) => [name, input.value.normalize('NFC').trim().replace(/\s+/g, ' ')])) as Record<BasisField, string>
    const date = dateOf(typed.date)
    const wrong = date === null ? 'bases.date_bad' : typed.number === '' && typed.title === '' ? 'bases.unnamed' : null
    this.#wrong.textContent = wrong === null ? '' : say(wrong)
    if (wrong !== null || date === null) {
      this.#fields.get(wrong === 'bases.date_bad' ? 'date' : 'number')?.focus()
      return
    }
    const words = { ...typed, date }
    const still = this.#editing !== null && readBases(doc).some(({ id }) => id === this.#editing)
    if (still && this.#editing !== null) setBasis(doc, this.#editing, words)
    else {
      const id = addBasis(doc, words)
      if (id === null) {
        this.#wrong.textContent = say('bases.too_many')
        return
      }
      this.#which.value = id
    }
    this.#said.textContent = say('bases.saved', { name: nameOf(words) })
    this.#edit(null)
    this.#fields.get('kind')?.focus()
  }

  #chosen(): Basis | undefined {
    return readBases(this.#options.doc).find(({ id }) => id === this.#which.value)
  }

  #show(): void {
    const one = this.#chosen()
    this.#preview.textContent = one === undefined ? '' : cite(one, this.#unit.value)
  }

  /** As if it were typed: what binds the field to the shared reason hears of it. */
  #put(): void {
    const { reason, say } = this.#options
    const one = this.#chosen()
    if (one === undefined || reason.disabled || reason.readOnly) return
    const at = Math.min(this.#at, reason.value.length)
    reason.setRangeText(joinedTo(reason.value.slice(0, at), cite(one, this.#unit.value)), at, at, 'end')
    reason.dispatchEvent(new Event('input', { bubbles: true }))
    this.#said.textContent = say('bases.inserted')
    this.#dialog.close()
    reason.focus()
  }

  /** The documents whose lists may be copied. */
  async #others(): Promise<void> {
    const answer = await fetch('/api/documents').catch(() => null)
    if (answer?.ok !== true) return
    const { documents } = (await answer.json()) as { documents: { id: string; title: string }[] }
    const others = documents.filter(({ id }) => id !== this.#options.document)
    this.#from.replaceChildren(...others.map(({ id, title }) => make('option', { value: id }, title)))
    this.#copy.hidden ||= others.length === 0
  }

  async #copied(): Promise<void> {
    const { doc, say } = this.#options
    const answer = await fetch(`/api/documents/${this.#from.value}/bases`).catch(() => null)
    if (answer?.ok !== true) {
      this.#said.textContent = say('bases.copy_failed')
      return
    }
    const { bases } = (await answer.json()) as { bases: BasisWords[] }
    const wanted = missing(bases, readBases(doc))
    const added = wanted.filter((one) => addBasis(doc, one) !== null)
    this.#said.textContent = say(bases.length === 0 ? 'bases.copied_empty' : 'bases.copied', { n: added.length, all: bases.length })
  }
}

const labelled = (words: string, field: HTMLElement): HTMLElement => make('p', { className: 'basis-field' }, make('label', { htmlFor: field.id }, words), field)
