/** Pairings corrected by hand: the dialog, the doubtful ones, the list of what was corrected. */

import { make, need, type Resting, type Say } from '../ui/page'
import { moment } from '../ui/person'
import { betweenTexts } from './contents'
import { fill, goTo } from './panels'

export interface Correction {
  readonly id: string
  readonly verdict: 'together' | 'apart'
  readonly before: string
  readonly after: string
  readonly by: { readonly id: string; readonly name: string }
  readonly at: number
}

type Side = 'before' | 'after'
/** A text of the table, as the rows name their provisions' ids; `last` is the third of three. */
type Text = Side | 'last'
const FOUND = 30

const idsOf = (row: HTMLElement, side: Side): string[] => (row.dataset[side] ?? '').split(' ').filter((id) => id !== '')
const textOf = (row: HTMLElement, side: Text): string =>
  [...row.querySelectorAll(`td.${side === 'last' ? 'third' : side} p:not(.note, .kind)`)].map((line) => line.textContent?.trim() ?? '').join(' ')

/** What a row says on a side; a division says it on all. */
const labelOf = (row: HTMLElement, side: Text): string =>
  row.classList.contains('division') ? (row.textContent?.trim() ?? '') : textOf(row, side)

export class Pairing {
  #row: HTMLElement | null = null
  #choosing: Side | null = null
  #corrections: readonly Correction[] = []
  #resting: readonly Resting[] = []
  readonly #dialog = need('pair', HTMLDialogElement)
  readonly #search = need('pair-search', HTMLInputElement)

  constructor(
    private readonly body: HTMLElement,
    private readonly address: string,
    private readonly say: Say,
    private readonly writes: boolean,
    private readonly tell: (words: string) => void,
    private readonly language: string,
    private readonly titles: readonly string[] = [],
  ) {
    document.body.classList.toggle('can-correct', writes)
    body.addEventListener('click', (event) => {
      const button = (event.target as HTMLElement).closest('.pair-button')
      const row = button?.closest<HTMLElement>('tr')
      if (row !== null && row !== undefined) this.open(row)
    })
    this.#search.addEventListener('input', () => this.#find())
    void this.load()
  }

  /** Asks for the corrections again: somebody changed them. */
  async load(): Promise<void> {
    const answer = await fetch(this.address)
    if (!answer.ok) return
    this.#corrections = ((await answer.json()) as { corrections: Correction[] }).corrections
    this.draw()
  }

  /** Draws both panels from the rows as they stand; `resting` when they are of a newer comparison. */
  draw(resting: readonly Resting[] = this.#resting): void {
    this.#resting = resting
    this.#drawDoubts()
    this.#drawCorrections()
  }

  open(row: HTMLElement): void {
    this.#row = row
    this.#choosing = null
    for (const side of ['before', 'after'] as const)
      need(`pair-${side}`, HTMLElement).textContent = textOf(row, side) || this.say('room.pair.none')
    need('pair-error', HTMLElement).textContent = ''
    need('pair-choose', HTMLElement).hidden = true
    const both = idsOf(row, 'before').length > 0 && idsOf(row, 'after').length > 0
    const verdicts: HTMLElement[] = []
    if (both) {
      verdicts.push(this.#button('room.pair.yes', () => void this.#judge(row, 'together')))
      verdicts.push(this.#button('room.pair.apart', () => void this.#judge(row, 'apart')))
    }
    for (const side of ['before', 'after'] as const)
      if (idsOf(row, side === 'before' ? 'after' : 'before').length > 0)
        verdicts.push(this.#button(`room.pair.choose_${side}`, () => this.#choose(side)))
    need('pair-verdicts', HTMLElement).replaceChildren(...verdicts)
    this.#dialog.showModal()
  }

  #button(key: string, act: () => void): HTMLButtonElement {
    const button = make('button', { type: 'button' }, this.say(key))
    button.addEventListener('click', act)
    return button
  }

  #choose(side: Side): void {
    this.#choosing = side
    need('pair-choose', HTMLElement).hidden = false
    need('pair-search-label', HTMLElement).textContent = this.say(`room.pair.search_${side}`)
    const standing = this.#row !== null && idsOf(this.#row, side).length > 0
    need('pair-add-line', HTMLElement).hidden = !standing
    need('pair-add', HTMLInputElement).checked = false
    this.#search.value = ''
    this.#search.focus()
    this.#find()
  }

  #find(): void {
    const side = this.#choosing
    if (side === null) return
    const words = this.#search.value.trim().toLocaleLowerCase('vi')
    const found: HTMLElement[] = []
    for (const row of this.body.querySelectorAll<HTMLElement>('tr')) {
      if (found.length >= FOUND) break
      const ids = idsOf(row, side)
      const text = labelOf(row, side)
      if (ids.length === 0 || row === this.#row || !text.toLocaleLowerCase('vi').includes(words)) continue
      const pick = make('button', { type: 'button', className: 'found' }, text.slice(0, 200))
      pick.addEventListener('click', () => void this.#pair(ids[0]!, side))
      found.push(make('li', { role: 'option' }, pick))
    }
    need('pair-found', HTMLElement).replaceChildren(
      ...(found.length > 0 ? found : [make('li', { className: 'muted' }, this.say('room.pair.nothing'))]),
    )
  }

  async #pair(id: string, side: Side): Promise<void> {
    const row = this.#row
    const own = row === null ? undefined : idsOf(row, side === 'before' ? 'after' : 'before')[0]
    if (own === undefined) return
    const add = need('pair-add', HTMLInputElement).checked
    const other = row === null ? undefined : idsOf(row, side)[0]
    // Added to a pair that was found, not said: it has to be said too, or the new one would take its place.
    if (add && other !== undefined) await this.#say('together', side === 'before' ? other : own, side === 'before' ? own : other, true)
    await this.#say('together', side === 'before' ? id : own, side === 'before' ? own : id, add)
  }

  async #judge(row: HTMLElement, verdict: 'together' | 'apart'): Promise<void> {
    const befores = idsOf(row, 'before')
    const afters = idsOf(row, 'after')
    for (const before of befores)
      for (const after of afters)
        if (!(await this.#say(verdict, before, after, verdict === 'together' && befores.length + afters.length > 2))) return
  }

  async #say(verdict: 'together' | 'apart', before: string, after: string, add: boolean): Promise<boolean> {
    const answer = await fetch(this.address, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ verdict, before, after, add }),
    })
    if (!answer.ok) {
      const refused = (await answer.json()) as { error: { message: string } }
      need('pair-error', HTMLElement).textContent = this.say('room.pair.failed', { message: refused.error.message })
      return false
    }
    this.#dialog.close()
    this.tell(this.say('room.pair.done'))
    await this.load()
    return true
  }

  async #undo(id: string): Promise<void> {
    await fetch(`${this.address}/${id}`, { method: 'DELETE' })
    await this.load()
  }

  #drawDoubts(): void {
    const settled = new Set(this.#corrections.map(({ before, after }) => `${before} ${after}`))
    const rows = [...this.body.querySelectorAll<HTMLElement>('tr[data-doubt]')].filter(
      (row) => !settled.has(`${idsOf(row, 'before')[0] ?? ''} ${idsOf(row, 'after')[0] ?? ''}`),
    )
    const items = rows.map((row) => {
      const item = make(
        'li',
        {},
        make('p', { className: 'muted small' }, this.say(`room.doubt.${row.dataset['doubt'] ?? ''}`)),
        make('p', { className: 'side' }, textOf(row, 'before').slice(0, 120)),
        make('p', { className: 'side' }, `→ ${textOf(row, 'after').slice(0, 120)}`),
      )
      const acts = make('p', { className: 'actions' })
      acts.append(this.#button('room.doubt.see', () => goTo(row, 'center')))
      if (this.writes) {
        acts.append(this.#button('room.doubt.yes', () => void this.#judge(row, 'together')))
        acts.append(this.#button('room.doubt.no', () => void this.#judge(row, 'apart')))
        acts.append(this.#button('room.pair.button', () => this.open(row)))
      }
      item.append(acts)
      return item
    })
    fill('doubts', items)
  }

  #drawCorrections(): void {
    const words = (side: Text, id: string): string | null => {
      const row = this.body.querySelector<HTMLElement>(`tr[data-${side}~="${CSS.escape(id)}"]`)
      if (row === null) return null
      return labelOf(row, side).slice(0, 90)
    }
    const items = this.#corrections.map((one) => {
      // Of three texts a correction may speak of the first two, or of the last two.
      const here = [words('before', one.before), words('after', one.after)] as const
      const there = [words('after', one.before), words('last', one.after)] as const
      const gone = [here, there].every((pair) => pair.includes(null))
      const [before, after] = here.includes(null) && !gone ? there : here
      const rests = this.#resting.filter((other) => other.verdict === one.verdict && other.before === one.before && other.after === one.after)
      const at = moment(one.at, this.language)
      const item = make(
        'li',
        { className: gone || rests.length > 0 ? 'resting' : '' },
        make('p', { className: 'side' }, `${before ?? '…'}`),
        make('p', { className: 'side' }, `${this.say(`room.corrections.${one.verdict}`)}: ${after ?? '…'}`),
        make('p', { className: 'muted small' }, this.say('room.corrections.by', { name: one.by.name, at })),
      )
      if (gone) item.append(make('p', { className: 'muted small' }, this.say('room.corrections.resting')))
      for (const { why, later } of gone ? [] : rests) {
        const between = this.titles.length > 2 ? `${betweenTexts(this.titles, later === true, this.say)}: ` : ''
        item.append(make('p', { className: 'muted small' }, `${between}${this.say(`room.corrections.rests.${why}`)}`))
      }
      if (this.writes) item.append(this.#button('room.corrections.undo', () => void this.#undo(one.id)))
      return item
    })
    fill('corrections', items)
  }
}
