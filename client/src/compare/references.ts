/** Beside the table: numbers old and new, and the references that the revision left behind. */

import { make, need, type Say } from '../ui/page'
import { fill, goTo, rowOf } from './panels'

/** docs/protocol/comparison.md, "Numbers and references". */
export interface Renumbered {
  readonly provision: string
  readonly before: string
  readonly after: string
  readonly before_cited: string
  readonly after_cited: string
}

export interface LeftBehind {
  readonly provision: string
  readonly where: string
  readonly quote: string
  readonly reason: 'renumbered' | 'moved' | 'repealed' | 'dangling'
  readonly repaired: string | null
}

export interface FollowedAnswer {
  readonly renumbered: readonly Renumbered[]
  readonly references: readonly LeftBehind[]
}

/** Lines of one panel; a text in which everything was renumbered has thousands. */
const SHOWN = 200
const PAUSE_MS = 1500
const AGAIN_MS = 5000

const parent = (path: string): string => path.slice(0, Math.max(path.lastIndexOf('/'), 0))
const own = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

/** Without those whose number is the same under a unit that was itself renumbered: it goes without saying. */
export function tellingOnes(all: readonly Renumbered[]): Renumbered[] {
  const moved = new Map(all.map(({ before, after }) => [before, after]))
  return all.filter(({ before, after }) => {
    const above = parent(before)
    return own(before) !== own(after) || above === '' || moved.get(above) !== parent(after)
  })
}

export class References {
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly body: HTMLElement,
    private readonly address: string,
    private readonly say: Say,
  ) {}

  /** Asks again when the changes pause. */
  soon(): void {
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => void this.load(), PAUSE_MS)
  }

  async load(): Promise<void> {
    clearTimeout(this.#timer)
    try {
      const answer = await fetch(this.address)
      if (!answer.ok) throw new Error(String(answer.status))
      this.#draw((await answer.json()) as FollowedAnswer)
    } catch {
      for (const panel of ['references', 'renumbered']) this.#tell(panel, this.say('room.references.failed'))
      this.#timer = setTimeout(() => void this.load(), AGAIN_MS)
    }
  }

  #draw({ renumbered, references }: FollowedAnswer): void {
    const numbers = tellingOnes(renumbered)
    this.#fill('references', references, 'room.references.none', (one) => this.#reference(one))
    this.#fill('renumbered', numbers, 'room.renumbered.none', (one) =>
      this.#line(one.provision, `${one.before_cited} → ${one.after_cited}`),
    )
  }

  #fill<T>(panel: string, all: readonly T[], none: string, line: (one: T) => HTMLElement): void {
    const items = all.slice(0, SHOWN).map(line)
    if (all.length > SHOWN) items.push(make('li', { className: 'muted' }, this.say('room.references.more', { count: all.length - SHOWN })))
    fill(panel, items, all.length)
    this.#tell(panel, all.length === 0 ? this.say(none) : '')
  }

  #tell(panel: string, words: string): void {
    const said = need(panel, HTMLElement).querySelector<HTMLElement>('.said')
    if (said === null) return
    said.hidden = words === ''
    if (said.textContent !== words) said.textContent = words
  }

  #reference({ provision, where, quote, reason, repaired }: LeftBehind): HTMLElement {
    const told = this.say(`room.references.${reason}`, { quote })
    const words = repaired === null ? told : `${told} ${this.say('room.references.repaired', { repaired })}`
    return this.#line(provision, `${where}: ${words}`)
  }

  #line(provision: string, words: string): HTMLElement {
    const link = make('button', { type: 'button', className: 'contents-link' }, words)
    link.addEventListener('click', () => {
      const row = rowOf(this.body, provision)
      if (row !== null) goTo(row)
    })
    return make('li', {}, link)
  }
}
