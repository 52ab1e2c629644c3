/** Several files on the page "Nhập văn bản": each is read, shown and saved by itself, one after the other. */

import { drawn } from './markup'
import { make, need } from './page'
import { send, type Told } from './sending'

type State = 'waiting' | 'reading' | 'ready' | 'saving' | 'saved' | 'bad'

interface Item {
  readonly file: File
  readonly part: number
  readonly box: HTMLLIElement
  readonly said: HTMLElement
  readonly place: HTMLElement
  readonly drop: HTMLButtonElement
  state: State
  stop: (() => void) | null
}

/** How many are still to be saved. */
export const unsaved = (items: readonly { readonly state: State }[]): number =>
  items.filter(({ state }) => state !== 'saved' && state !== 'bad').length

export class Files {
  readonly #place: HTMLElement
  readonly #form: HTMLFormElement
  readonly #words: DOMStringMap
  #items: Item[] = []

  /** `form` is what a file is sent with; `words` what is said of its way. */
  constructor(place: HTMLElement, form: HTMLFormElement, words: DOMStringMap) {
    this.#place = place
    this.#form = form
    this.#words = words
    need('import-save-all', HTMLButtonElement).addEventListener('click', () => void this.#saveAll())
    window.addEventListener('beforeunload', (event) => {
      if (unsaved(this.#items) > 0) event.preventDefault()
    })
  }

  /** Reads them one after the other: the server reads for others too. */
  async read(files: readonly File[]): Promise<void> {
    this.#items = files.map((file, at) => this.#item(file, at + 1))
    need('import-files', HTMLElement).append(...this.#items.map((item) => item.box))
    this.#tell()
    for (const item of this.#items) if (item.state === 'waiting') await this.#read(item)
  }

  #item(file: File, part: number): Item {
    const said = make('span', { className: 'muted', role: 'status' }, this.#said('waiting'))
    const drop = make('button', { type: 'button', className: 'quiet' }, this.#said('drop'))
    drop.append(make('span', { className: 'hidden' }, ` ${file.name}`))
    const place = make('div')
    const head = make('p', { className: 'import-file' }, make('strong', {}, file.name), ' ', said, ' ', drop)
    const item: Item = { file, part, box: make('li', {}, head, place), said, place, drop, state: 'waiting', stop: null }
    drop.addEventListener('click', () => this.#leave(item))
    return item
  }

  #said(name: string): string {
    return this.#place.dataset[name] ?? ''
  }

  #set(item: Item, state: State, words: string, bad = false): void {
    item.state = state
    item.said.textContent = words
    item.said.className = bad ? 'import-bad' : 'muted'
    item.drop.hidden = state === 'saved' || state === 'saving' || state === 'bad'
    this.#tell()
  }

  #tell(): void {
    const left = unsaved(this.#items)
    need('import-files-said', HTMLElement).textContent = left === 0 ? '' : this.#said('left').replace('{n}', String(left))
    const ready = this.#items.some(({ state }) => state === 'ready')
    need('import-save-all', HTMLButtonElement).disabled = !ready
  }

  #leave(item: Item): void {
    item.stop?.()
    item.place.replaceChildren()
    this.#set(item, 'bad', this.#said('stopped'))
  }

  /** Sends, and answers with the last line; `null` when it was stopped or the server did not answer. */
  #sent(item: Item, data: FormData, told: (words: string) => void): Promise<Told | null> {
    data.set('part', String(item.part))
    return new Promise((done) => {
      let last: Told | null = null
      const stop = send(this.#form.action, data, {
        sent: () => undefined,
        told: (line) => {
          if (line.step === undefined) last = line
          else told(line.step)
        },
        ended: () => {
          item.stop = null
          done(last)
        },
      })
      item.stop = () => {
        stop()
        item.stop = null
        done(null)
      }
    })
  }

  async #read(item: Item): Promise<void> {
    this.#set(item, 'reading', this.#words['sending'] ?? '')
    const data = new FormData(this.#form)
    data.set('file', item.file, item.file.name)
    const line = await this.#sent(item, data, (words) => {
      item.said.textContent = words
    })
    if (item.state !== 'reading') return
    if (line?.html !== undefined) this.#show(item, line.html)
    else this.#set(item, 'bad', line?.error?.message ?? this.#words['failed'] ?? this.#said('cannot'), true)
  }

  #show(item: Item, html: string): void {
    const details = make('details', {}, make('summary'))
    details.open = this.#items.length === 1 || (item.place.querySelector('details')?.open ?? false)
    const preview = make('div')
    preview.append(drawn(html))
    details.append(preview)
    item.place.replaceChildren(details)
    const form = preview.querySelector('form')
    const summary = form?.dataset['summary'] ?? ''
    details.querySelector('summary')?.append(summary)
    form?.addEventListener('submit', (event) => {
      event.preventDefault()
      void this.#answer(item, new FormData(form, event.submitter))
    })
    this.#set(item, 'ready', '')
  }

  /** A preview goes back: to be shown otherwise, or to be saved. */
  async #answer(item: Item, data: FormData): Promise<void> {
    if (item.state !== 'ready') return
    this.#set(item, 'saving', this.#said(data.has('save') ? 'saving' : 'waiting'))
    const line = await this.#sent(item, data, () => undefined)
    if (line?.html !== undefined) this.#show(item, line.html)
    else if (line?.saved) this.#saved(item, line.saved)
    else this.#set(item, 'ready', line?.error?.message ?? this.#words['failed'] ?? '', true)
  }

  #saved(item: Item, saved: readonly { readonly id: string; readonly title: string }[]): void {
    this.#set(item, 'saved', `${this.#said('saved')}:`)
    const links = saved.map(({ id, title }) => make('li', {}, make('a', { href: `/documents/${id}` }, title)))
    item.place.replaceChildren(make('ul', {}, ...links))
  }

  async #saveAll(): Promise<void> {
    for (const item of this.#items) {
      const form = item.place.querySelector('form')
      if (item.state !== 'ready' || form === null) continue
      const data = new FormData(form)
      data.set('save', '1')
      await this.#answer(item, data)
    }
  }
}
