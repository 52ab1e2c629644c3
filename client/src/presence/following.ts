/** Following somebody through the draft: their caret stays on the screen until one's own hands move. */

import type { Awareness } from 'y-protocols/awareness'

import { pressed } from '../keys/pressed'
import type { Say } from '../ui/page'
import { peopleOf, type Person } from './people'

export interface FollowingOptions {
  readonly awareness: Awareness
  readonly say: Say
  /** What scrolls. */
  readonly desk: HTMLElement
  /** Says whom one follows, with a button that ends it. */
  readonly strip: HTMLElement
  readonly live: HTMLElement
  /** Shows a provision that is folded away. */
  readonly reveal: (id: string) => void
}

/** Of the height of the desk: what is seen between these two is not moved. */
const TOP = 0.15
const BOTTOM = 0.8

export class Following {
  #person: Person | null = null
  #frame = 0

  constructor(private readonly options: FollowingOptions) {
    const { desk, strip, awareness } = options
    strip.querySelector('button')?.addEventListener('click', () => this.stop())
    // Whoever scrolls, clicks or types in the sheet wants to be there.
    for (const kind of ['wheel', 'touchmove', 'pointerdown', 'keydown'] as const)
      desk.addEventListener(kind, (event) => {
        if (!strip.contains(event.target as Node)) this.stop()
      }, { passive: true })
    document.addEventListener('keydown', (event) => {
      if (pressed(event, 'close')) this.stop()
    })
    awareness.on('change', () => {
      if (this.#person !== null) this.#soon()
    })
  }

  start(person: Person): void {
    this.#person = person
    this.#tell(this.options.say('presence.following', { name: person.name }))
    this.options.strip.hidden = false
    this.#soon()
  }

  stop(): void {
    if (this.#person === null) return
    this.#person = null
    this.options.strip.hidden = true
    this.options.live.textContent = this.options.say('presence.follow_ended')
  }

  #tell(words: string): void {
    const said = this.options.strip.querySelector('span')
    if (said !== null) said.textContent = words
  }

  #soon(): void {
    cancelAnimationFrame(this.#frame)
    // The caret is drawn a moment after it was told, and blocks above it may yet grow.
    this.#frame = requestAnimationFrame(() => {
      this.#bring()
      this.#frame = requestAnimationFrame(() => this.#bring())
    })
  }

  #bring(): void {
    const { awareness, say, desk } = this.options
    if (this.#person === null) return
    const id = this.#person.id
    const now = peopleOf(awareness).find((person) => person.id === id)
    if (now === undefined) {
      const name = this.#person.name
      this.stop()
      this.options.live.textContent = say('presence.follow_left', { name })
      return
    }
    if (now.provision === null) return
    this.options.reveal(now.provision)
    const caret = desk.querySelector(`.caret[data-user="${CSS.escape(id)}"]`)
    const place = caret ?? desk.querySelector(`.provision[data-id="${CSS.escape(now.provision)}"]`)
    if (place === null) return
    const frame = desk.getBoundingClientRect()
    const at = (place.getBoundingClientRect().top - frame.top) / (frame.height || 1)
    if (at < TOP || at > BOTTOM) place.scrollIntoView({ block: 'center' })
  }
}
