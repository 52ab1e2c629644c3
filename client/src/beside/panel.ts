/** Another text beside the sheet, the one in force first: in step, differences marked while people type. */

import type { DraftEditor } from '../editor/types'
import { make, need, type PageData, type Say } from '../ui/page'
import { Pause } from '../ui/pause'
import { changedLine, isQuiet, join, stopsOf, type BesideAnswer, type Line, type Lines, type Stop } from './lines'
import { bring, InStep, readingIn, settle } from './scrolling'

/** After a change the server is asked when the typing pauses, and at the latest after the second. */
const PAUSE_MS = 350
const LATEST_MS = 1500
const AGAIN_MS = 3000

export interface BesideOptions {
  readonly address: string
  readonly document: string
  readonly say: Say
  readonly editor: () => DraftEditor | null
  readonly desk: HTMLElement
  readonly sheet: HTMLElement
  readonly live: HTMLElement
  readonly versions: PageData['versions']
}

export class BesidePanel {
  readonly #pane = need('beside', HTMLElement)
  readonly #text = need('beside-text', HTMLElement)
  readonly #state = need('beside-state', HTMLElement)
  readonly #next = need('beside-next', HTMLButtonElement)
  readonly #previous = need('beside-previous', HTMLButtonElement)
  readonly #shown = new Map<string, HTMLElement>()
  #known = new Map<string, Line>()
  #lines: Lines = { before: [], after: [] }
  /** Ids of the draft's provisions by those of their partners, and the other way. */
  #toSheet: ReadonlyMap<string, string> = new Map()
  #fromSheet: ReadonlyMap<string, string> = new Map()
  #step: InStep | null = null
  #last: Stop | null = null
  #asking = false
  #again = false
  readonly #side = need('beside-side', HTMLSelectElement)
  readonly #pause = new Pause(() => void this.#ask(), PAUSE_MS, LATEST_MS)

  constructor(private readonly options: BesideOptions) {
    this.#next.addEventListener('click', () => this.step(1))
    this.#previous.addEventListener('click', () => this.step(-1))
    this.#text.addEventListener('click', (event) => this.#clicked(event))
    this.#side.addEventListener('change', () => this.#choose())
    for (const { id, name, in_force } of options.versions ?? []) if (!in_force) this.#side.append(new Option(name, id))
    void this.#offerModels()
  }

  /** The model regulations one may read, behind the versions; without them the panel works as well. */
  async #offerModels(): Promise<void> {
    try {
      const answer = await fetch('/api/models')
      const { models } = (await answer.json()) as { models: readonly { id: string; title: string; side: string }[] }
      const others = models.filter(({ id }) => id !== this.options.document)
      if (others.length === 0) return
      const group = make('optgroup')
      group.label = this.options.say('beside.models')
      group.append(...others.map(({ title, side }) => new Option(title, side)))
      this.#side.append(group)
    } catch {
      // As it is told nowhere else that there are models, nothing is missed.
    }
  }

  /** Another text stands here from now on: nothing of the one before is known of it. */
  #choose(): void {
    this.#known = new Map()
    this.#shown.clear()
    this.#text.replaceChildren()
    this.#text.scrollTop = 0
    this.#last = null
    this.#state.textContent = this.options.say('beside.loading')
    void this.#ask()
  }

  open(): void {
    this.#step = new InStep([this.options.desk, this.#text], (leader) => this.#follow(leader))
    this.#state.textContent = this.options.say('beside.loading')
    void this.#ask()
  }

  close(): void {
    this.#pause.stop()
    this.#step?.end()
    this.#step = null
    this.options.editor()?.markChanges([], 'beside')
  }

  /** The draft, or a pairing, changed. */
  changed(): void {
    if (this.#step !== null) this.#pause.tell()
  }

  async #ask(): Promise<void> {
    if (this.#asking) {
      this.#again = true
      return
    }
    this.#asking = true
    const side = this.#side.value
    try {
      const answer = await fetch(this.options.address, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ known: [...this.#known.keys()], ...(side === '' ? {} : { before: side }) }),
      })
      if (!answer.ok) throw new Error(String(answer.status))
      const told = (await answer.json()) as BesideAnswer
      // Another text was chosen meanwhile: it is asked for next.
      if (side === this.#side.value) this.#take(told)
    } catch {
      this.#state.textContent = this.options.say('beside.failed')
      if (this.#step !== null) this.#pause.after(AGAIN_MS)
    } finally {
      this.#asking = false
      if (this.#again) {
        this.#again = false
        this.changed()
      }
    }
  }

  #take(answer: BesideAnswer): void {
    if (this.#step === null) return
    const lines = join(answer, this.#known)
    if (lines === null) throw new Error('a line is not known')
    this.#lines = lines
    this.#toSheet = new Map(lines.before.map(({ id, partner }) => [id, partner ?? '']))
    // Of several that belong with one the first.
    this.#fromSheet = new Map(lines.before.toReversed().map(({ id, partner }) => [partner ?? '', id]))
    this.#known = new Map([...lines.before, ...lines.after].map((line) => [line.digest, line]))
    this.#pane.dataset['seq'] = String(answer.seq)
    need('beside-title', HTMLElement).textContent = answer.title
    this.#draw()
    this.options.editor()?.markChanges(lines.after.map(changedLine), 'beside')
    const count = this.#stops().length
    this.#next.disabled = this.#previous.disabled = count === 0
    this.#state.textContent = this.options.say(count === 0 ? 'beside.none' : 'beside.count', { count })
  }

  /** Touches only the lines that changed: what is read must not jump. */
  #draw(): void {
    const gone = new Set(this.#shown.keys())
    let before: Element | null = null
    for (const line of this.#lines.before) {
      gone.delete(line.id)
      let element = this.#shown.get(line.id)
      if (element?.dataset['digest'] !== line.digest) {
        const fresh = this.#drawn(line)
        element?.replaceWith(fresh)
        this.#shown.set(line.id, fresh)
        element = fresh
      }
      const place: Element | null = before === null ? this.#text.firstElementChild : before.nextElementSibling
      if (place !== element) this.#text.insertBefore(element, place)
      before = element
    }
    for (const id of gone) {
      this.#shown.get(id)?.remove()
      this.#shown.delete(id)
    }
  }

  #drawn(line: Line): HTMLElement {
    const words = line.stretches.map(([text, change]) =>
      change === '' || text.trim() === '' ? text : make('del', { className: change === 'spelling' ? 'respelt' : '' }, text),
    )
    const element = make('p', { className: 'provision' }, ...words)
    Object.assign(element.dataset, { id: line.id, kind: line.kind, label: line.label, digest: line.digest, class: line.class })
    if (!isQuiet(line)) element.title = line.said
    return element
  }

  #stops(): Stop[] {
    return stopsOf(this.#lines, this.options.editor()?.outline().map(({ id }) => id) ?? [])
  }

  get #provisions(): HTMLCollection {
    return this.options.sheet.querySelector('.ProseMirror')?.children ?? this.options.sheet.children
  }

  #inSheet(id: string): HTMLElement | null {
    return this.options.sheet.querySelector<HTMLElement>(`.provision[data-id="${CSS.escape(id)}"]`)
  }

  #follow(leader: HTMLElement): void {
    if (leader === this.options.desk) {
      const reading = readingIn(leader, this.#provisions)
      if (reading === null) return
      const at = nearest(reading.element, (id) => this.#shown.get(this.#fromSheet.get(id) ?? ''))
      if (at) bring(this.#text, { element: at.partner, share: at.own ? reading.share : 1 })
    } else {
      const reading = readingIn(leader, this.#text.children)
      if (reading === null) return
      const at = nearest(reading.element, (id) => this.#inSheet(this.#toSheet.get(id) ?? '') ?? undefined)
      if (at) bring(this.options.desk, { element: at.partner, share: at.own ? reading.share : 1 })
    }
  }

  /** To the next change below what is read, or the one above. */
  step(direction: 1 | -1): void {
    const editor = this.options.editor()
    if (editor === null || this.#step === null) return
    const order = editor.outline().map(({ id }) => id)
    const stops = stopsOf(this.#lines, order)
    const stop = stops[this.#from(stops, order, direction)]
    if (stop === undefined) return
    this.#last = stop
    if (stop.after !== '') editor.commands.scrollTo(stop.after)
    const target = stop.after === '' ? null : this.#inSheet(stop.after)
    const partner = this.#shown.get(stop.before ?? '')
    // Both are brought by us: neither follows the other meanwhile.
    this.#step.rest()
    // Where something is gone, what stood above it ends at the eye.
    if (target) settle(this.options.desk, { element: target, share: stop.line.class === 'repealed' ? 1 : 0 })
    if (partner) settle(this.#text, { element: partner, share: 0 })
    this.#light([target, partner])
    this.options.live.textContent = this.options.say('beside.said', {
      what: stop.line.said,
      where: stop.line.where,
    })
  }

  /** Which of the stops comes next: after the one just shown while it is still read, or from the eye on. */
  #from(stops: readonly Stop[], order: readonly string[], direction: 1 | -1): number {
    const reading = readingIn(this.options.desk, this.#provisions)?.element.dataset['id'] ?? ''
    const last = stops.findIndex(({ key }) => key === this.#last?.key)
    const eye = order.indexOf(reading)
    if (last >= 0 && Math.abs(order.indexOf(stops[last]?.after ?? '') - eye) <= 1) return last + direction
    const place = (stop: Stop): number => order.indexOf(stop.after)
    return direction === 1 ? stops.findIndex((stop) => place(stop) >= eye) : stops.findLastIndex((stop) => place(stop) <= eye)
  }

  #light(elements: readonly (HTMLElement | null | undefined)[]): void {
    for (const element of elements) {
      // The sheet's elements are the editor's: it must not see them changed.
      element?.animate([{ outline: '3px solid var(--focus)' }, { outline: '3px solid transparent' }], 1600)
    }
  }

  #clicked(event: MouseEvent): void {
    const line = (event.target as HTMLElement).closest<HTMLElement>('.provision')
    const partner = this.#lines.before.find(({ id }) => id === line?.dataset['id'])?.partner
    const target = this.#inSheet(partner ?? '')
    if (line === null || target === null || getSelection()?.isCollapsed === false) return
    this.options.editor()?.reveal(partner ?? '')
    settle(this.options.desk, { element: target, share: 0 })
    this.#light([target])
  }
}

interface Near {
  readonly partner: HTMLElement
  /** Whether it belongs with the element itself, and not with one above. */
  readonly own: boolean
}

/** What belongs with an element, or with the nearest one above that has anything. */
function nearest(element: HTMLElement, partnerOf: (id: string) => HTMLElement | undefined): Near | null {
  for (let at: Element | null = element; at !== null; at = at.previousElementSibling) {
    const partner = at instanceof HTMLElement ? partnerOf(at.dataset['id'] ?? '') : undefined
    if (partner !== undefined) return { partner, own: at === element }
  }
  return null
}
