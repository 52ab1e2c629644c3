/** Choosing what a reference cites: by its number, or by its words without accents. */

import { fold } from '../comments/mentions'
import type { DraftEditor, OutlineItem } from '../editor/types'
import { obey, pressed } from '../keys/pressed'
import { make, type Say } from '../ui/page'
import { addressesOf } from './address'

const SHOWN = 30

export interface Target {
  readonly id: string
  readonly address: string
  readonly text: string
}

/** The units in whose address or words every word of `words` begins one; those found by their address first. */
export function targets(items: readonly OutlineItem[], words: string): Target[] {
  const addresses = addressesOf(items)
  const wanted = fold(words).split(/\s+/).filter((word) => word !== '')
  const begins = (where: string): boolean => {
    const there = fold(where).split(/[^\p{L}\p{N}]+/u)
    return wanted.every((word) => there.some((one) => (/^\d/.test(word) ? one === word : one.startsWith(word))))
  }
  const all = items.flatMap(({ id, text }) => {
    const address = addresses.get(id)
    return address === undefined ? [] : [{ id, address, text }]
  })
  const phrase = wanted.join(' ')
  const rank = ({ address }: Target): number => (` ${fold(address)} `.includes(` ${phrase} `) ? 0 : 1000) + address.length
  const byAddress = all.filter(({ address }) => begins(address)).toSorted((a, b) => rank(a) - rank(b))
  const found = new Set(byAddress)
  return [...byAddress, ...all.filter((one) => !found.has(one) && begins(`${one.address} ${one.text}`))].slice(0, SHOWN)
}

export interface PickerOptions {
  readonly say: Say
  readonly editor: () => DraftEditor | null
  readonly live: HTMLElement
  readonly main: HTMLElement
}

export class Picker {
  readonly #dialog: HTMLDialogElement
  readonly #field: HTMLInputElement
  readonly #list = make('ul', { className: 'reference-list', id: 'reference-list', role: 'listbox' })
  readonly #none: HTMLElement
  #found: readonly Target[] = []
  #chosen = 0

  constructor(private readonly options: PickerOptions) {
    const { say, main } = options
    this.#list.ariaLabel = say('references.found')
    this.#field = make('input', { type: 'text', id: 'reference-words', role: 'combobox', autocomplete: 'off', maxLength: 200 })
    this.#field.setAttribute('aria-controls', 'reference-list')
    this.#field.setAttribute('aria-expanded', 'true')
    this.#field.setAttribute('aria-autocomplete', 'list')
    this.#none = make('p', { className: 'muted', role: 'status' })
    const label = make('label', { htmlFor: 'reference-words' }, say('references.search'))
    const close = make('button', { type: 'button' }, say('room.close'))
    close.addEventListener('click', () => this.#close())
    const title = make('h2', { id: 'reference-title' }, say('references.title'))
    this.#dialog = make('dialog', { id: 'reference-picker' }, make('div', { className: 'head' }, title, close), make('p', { className: 'form-field' }, label, this.#field), this.#none, this.#list)
    this.#dialog.setAttribute('aria-labelledby', 'reference-title')
    main.append(this.#dialog)
    this.#field.addEventListener('input', () => this.#look())
    this.#field.addEventListener('keydown', (event) => this.#key(event))
    this.#dialog.addEventListener('close', () => options.editor()?.focus())
    this.#list.addEventListener('click', (event) => {
      const at = event.target instanceof Element ? event.target.closest<HTMLElement>('li')?.dataset['at'] : undefined
      if (at !== undefined) this.#take(Number(at))
    })
  }

  open(): void {
    if (this.#dialog.open) return
    if ((this.options.editor()?.place() ?? null) === null) {
      this.options.live.textContent = this.options.say('references.nowhere')
      return
    }
    this.#field.value = ''
    this.#dialog.showModal()
    this.#look()
    this.#field.focus()
  }

  #close(): void {
    this.#dialog.close()
  }

  #look(): void {
    this.#found = targets(this.options.editor()?.outline() ?? [], this.#field.value)
    this.#list.replaceChildren(
      ...this.#found.map(({ address, text }, at) => {
        const item = make('li', { id: `reference-${at}`, role: 'option' }, make('b', {}, address), ` ${text.slice(0, 90)}`)
        item.dataset['at'] = String(at)
        return item
      }),
    )
    this.#none.textContent = this.#found.length === 0 ? this.options.say('references.none') : ''
    this.#list.hidden = this.#found.length === 0
    this.#choose(0)
  }

  #choose(at: number): void {
    const count = this.#found.length
    this.#chosen = count === 0 ? 0 : (at + count) % count
    ;[...this.#list.children].forEach((item, index) => item.setAttribute('aria-selected', String(index === this.#chosen)))
    if (count === 0) this.#field.removeAttribute('aria-activedescendant')
    else this.#field.setAttribute('aria-activedescendant', `reference-${this.#chosen}`)
    this.#list.children.item(this.#chosen)?.scrollIntoView({ block: 'nearest' })
  }

  #key(event: KeyboardEvent): void {
    obey(event, [
      [pressed(event, 'targetAbove'), () => this.#choose(this.#chosen - 1)],
      [pressed(event, 'targetBelow'), () => this.#choose(this.#chosen + 1)],
      [pressed(event, 'target'), () => this.#take(this.#chosen)],
    ])
  }

  #take(at: number): void {
    const target = this.#found[at]
    if (target === undefined) return
    this.#close()
    const done = this.options.editor()?.commands.insertReference(target.id, target.address) === true
    this.options.live.textContent = done ? this.options.say('references.inserted', { words: target.address }) : this.options.say('references.nowhere')
  }
}
