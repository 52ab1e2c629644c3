/** Who is here: a list from awareness, told politely to screen readers. */

import type { Awareness } from 'y-protocols/awareness'

import { make, type Say } from '../ui/page'
import { initials } from '../ui/person'
import { attentionOf, type Attention } from './attention'

export interface Person {
  readonly id: string
  readonly name: string
  readonly color: string
  readonly attention: Attention
  readonly provision: string | null
  readonly own: boolean
}

const RANK: Readonly<Record<Attention, number>> = { here: 0, idle: 1, away: 2 }

/** Each person once, however many windows they have: where they are in the one they attend to most; oneself first. */
export function peopleOf(awareness: Awareness): Person[] {
  const people = new Map<string, Person>()
  for (const [client, state] of awareness.getStates()) {
    const user = state['user'] as { id?: unknown; name?: unknown; color?: unknown } | undefined
    if (typeof user?.id !== 'string' || typeof user.name !== 'string') continue
    const cursor = state['cursor'] as { provision?: unknown } | null | undefined
    const known = people.get(user.id)
    const person: Person = {
      id: user.id,
      name: user.name,
      color: typeof user.color === 'string' ? user.color : '#5c4a3d',
      attention: attentionOf(state['attention']),
      provision: typeof cursor?.provision === 'string' ? cursor.provision : null,
      own: client === awareness.clientID || (known?.own ?? false),
    }
    if (known === undefined || better(person, known)) people.set(user.id, person)
    else if (person.own !== known.own) people.set(user.id, { ...known, own: person.own })
  }
  return [...people.values()].toSorted((a, b) => Number(b.own) - Number(a.own) || a.name.localeCompare(b.name, 'vi'))
}

const better = (a: Person, b: Person): boolean =>
  RANK[a.attention] < RANK[b.attention] || (a.attention === b.attention && a.provision !== null && b.provision === null)

export interface PeopleOptions {
  readonly list: HTMLElement
  readonly live: HTMLElement
  readonly awareness: Awareness
  readonly say: Say
  /** Names a provision; "" for one that is not there. */
  readonly where: (provision: string) => string
  readonly goTo: (provision: string) => void
  readonly follow: (person: Person) => void
}

/** One line of the list: only what changes of it is touched, so that a button under a finger stays. */
class Line {
  readonly element: HTMLElement
  readonly #state = make('span', { className: 'small muted' })
  readonly #place: HTMLButtonElement
  readonly #follow: HTMLButtonElement
  #person: Person

  constructor(
    person: Person,
    private readonly options: PeopleOptions,
  ) {
    const { say } = options
    this.#person = person
    const badge = make('span', { className: `initials c${person.color.slice(1)}`, ariaHidden: 'true' }, initials(person.name))
    this.#place = make('button', { type: 'button', className: 'quiet small', title: say('presence.go') })
    this.#place.addEventListener('click', () => options.goTo(this.#person.provision ?? ''))
    const name = say('presence.follow_name', { name: person.name })
    this.#follow = make('button', { type: 'button', className: 'quiet small', title: name, ariaLabel: name }, say('presence.follow'))
    this.#follow.addEventListener('click', () => options.follow(this.#person))
    const named = make('span', {}, person.own ? say('presence.you', { name: person.name }) : person.name)
    const others = person.own ? [] : [this.#place, this.#follow]
    this.element = make('li', { className: 'person' }, badge, named, this.#state, ...others)
  }

  draw(person: Person): void {
    const { say, where } = this.options
    this.#person = person
    this.element.dataset['attention'] = person.attention
    put(this.#state, person.attention === 'here' ? '' : say(`presence.${person.attention}`))
    const placed = person.provision !== null
    this.#place.hidden = this.#follow.hidden = !placed
    put(this.#place, placed ? where(person.provision) || say('presence.go') : '')
  }
}

function put(element: HTMLElement, words: string): void {
  if (element.textContent !== words) element.textContent = words
}

/** Keeps the list showing the people of the awareness. */
export function showPeople(options: PeopleOptions): () => void {
  const { list, live, awareness, say } = options
  const lines = new Map<string, Line>()
  let known: Set<string> | null = null
  const draw = (): void => {
    const people = peopleOf(awareness)
    const names = new Map(people.map((person) => [`${person.id} ${person.name} ${person.color} ${person.own}`, person]))
    for (const [key, line] of lines)
      if (!names.has(key)) {
        line.element.remove()
        lines.delete(key)
      }
    let at: Element | null = list.firstElementChild
    for (const [key, person] of names) {
      const line = lines.get(key) ?? new Line(person, options)
      lines.set(key, line)
      line.draw(person)
      if (line.element === at) at = at.nextElementSibling
      else list.insertBefore(line.element, at)
    }
    const now = new Set(people.map((person) => person.id))
    if (known !== null) {
      const before = known
      const came = people.filter((person) => !before.has(person.id)).map((person) => person.name)
      if (came.length > 0) live.textContent = say('presence.came', { names: came.join(', ') })
    }
    known = now
  }
  awareness.on('change', draw)
  draw()
  return () => awareness.off('change', draw)
}
