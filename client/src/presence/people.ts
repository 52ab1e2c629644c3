/** Who is here: a list from awareness, told politely to screen readers. */

import type { Awareness } from 'y-protocols/awareness'

import { make, type Say } from '../ui/page'

interface Person {
  readonly id: string
  readonly name: string
  readonly color: string
  readonly provision: string | null
  readonly own: boolean
}

function read(awareness: Awareness): Person[] {
  const people = new Map<string, Person>()
  for (const [client, state] of awareness.getStates()) {
    const user = state['user'] as { id?: unknown; name?: unknown; color?: unknown } | undefined
    if (typeof user?.id !== 'string' || typeof user.name !== 'string') continue
    const own = client === awareness.clientID
    const known = people.get(user.id)
    if (known !== undefined && !own) continue
    const cursor = state['cursor'] as { provision?: unknown } | null | undefined
    people.set(user.id, {
      id: user.id,
      name: user.name,
      color: typeof user.color === 'string' ? user.color : '#5c4a3d',
      provision: typeof cursor?.provision === 'string' ? cursor.provision : null,
      own: own || (known?.own ?? false),
    })
  }
  return [...people.values()].toSorted((a, b) => Number(b.own) - Number(a.own) || a.name.localeCompare(b.name, 'vi'))
}

const initials = (name: string): string => {
  const words = name.split(/\s+/).filter((word) => word !== '')
  return ((words[0]?.[0] ?? '?') + (words.length > 1 ? (words.at(-1)?.[0] ?? '') : '')).toUpperCase()
}

/** Keeps `list` showing the people of `awareness`; `where` names a provision, `goTo` shows it. */
export function showPeople(
  list: HTMLElement,
  live: HTMLElement,
  awareness: Awareness,
  say: Say,
  where: (provision: string) => string,
  goTo: (provision: string) => void,
): () => void {
  let known: Set<string> | null = null
  const draw = (): void => {
    const people = read(awareness)
    list.replaceChildren(
      ...people.map((person) => {
        const badge = make('span', { className: `initials c${person.color.slice(1)}`, ariaHidden: 'true' }, initials(person.name))
        const name = make('span', {}, person.own ? say('presence.you', { name: person.name }) : person.name)
        const item = make('li', { className: 'person' }, badge, name)
        if (person.provision !== null && !person.own) {
          const provision = person.provision
          const place = make('button', { type: 'button', className: 'quiet small' }, where(provision) || say('presence.go'))
          place.title = say('presence.go')
          place.addEventListener('click', () => goTo(provision))
          item.append(place)
        }
        return item
      }),
    )
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
