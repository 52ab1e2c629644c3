// @vitest-environment jsdom
import { beforeEach, expect, it, vi } from 'vitest'
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate, removeAwarenessStates } from 'y-protocols/awareness'
import * as Y from 'yjs'

import { Following } from '../../src/presence/following'
import { peopleOf, showPeople, type Person } from '../../src/presence/people'

const DUNG = { id: 'dung', name: 'Trần Quốc Dũng', color: '#1f6b2c' }
const HANH = { id: 'hanh', name: 'Lê Thị Hạnh', color: '#9c1c1c' }

let mine: Awareness
let list: HTMLElement
let live: HTMLElement
let desk: HTMLElement
let strip: HTMLElement
const followed: Person[] = []

beforeEach(() => {
  mine = new Awareness(new Y.Doc())
  mine.setLocalStateField('user', HANH)
  list = document.createElement('ul')
  live = document.createElement('p')
  desk = document.createElement('div')
  strip = document.createElement('p')
  strip.hidden = true
  strip.append(document.createElement('span'), document.createElement('button'))
  desk.append(strip)
  document.body.replaceChildren(list, live, desk)
  followed.length = 0
})

/** Another window, whose every state is heard here. */
function window_(user: typeof DUNG): Awareness {
  const other = new Awareness(new Y.Doc())
  other.on('update', ({ added, updated, removed }: Record<'added' | 'updated' | 'removed', number[]>) =>
    applyAwarenessUpdate(mine, encodeAwarenessUpdate(other, [...added, ...updated, ...removed]), 'wire'),
  )
  other.setLocalStateField('user', user)
  return other
}

const show = (): (() => void) =>
  showPeople({
    list, live, awareness: mine, say: (key, values) => `${key}${values ? ` ${Object.values(values).join(' ')}` : ''}`,
    where: (id) => (id === 'p1' ? 'Điều 1' : ''), goTo: () => undefined, follow: (person) => followed.push(person),
  })

const lines = (): string[] => [...list.children].map((line) => [...line.children].filter((part) => !(part as HTMLElement).hidden).map((part) => part.textContent).filter(Boolean).join(' | '))

it('shows each once, oneself first, where they attend to most', () => {
  show()
  const phone = window_(DUNG)
  phone.setLocalStateField('attention', 'away')
  const desktop = window_(DUNG)
  desktop.setLocalStateField('cursor', { provision: 'p1' })
  expect(peopleOf(mine).map(({ id, attention, provision }) => [id, attention, provision])).toEqual([['hanh', 'here', null], ['dung', 'here', 'p1']])
  expect(lines()).toEqual(['LH | presence.you Lê Thị Hạnh', 'TD | Trần Quốc Dũng | Điều 1 | presence.follow'])
  desktop.setLocalStateField('attention', 'idle')
  expect(lines()[1]).toBe('TD | Trần Quốc Dũng | presence.idle | Điều 1 | presence.follow')
  desktop.destroy()
  removeAwarenessStates(mine, [desktop.clientID], 'gone')
  expect(lines()[1]).toBe('TD | Trần Quốc Dũng | presence.away')
})

it('keeps the buttons of those whose place changes, and says who came', () => {
  const other = window_(DUNG)
  other.setLocalStateField('cursor', { provision: 'p1' })
  show()
  const button = [...list.querySelectorAll('button')].find((one) => one.textContent === 'presence.follow')
  button?.focus()
  other.setLocalStateField('cursor', { provision: 'p2' })
  expect(document.activeElement).toBe(button)
  expect(lines()[1]).toContain('presence.go')
  button?.click()
  expect(followed.map(({ id, provision }) => [id, provision])).toEqual([['dung', 'p2']])
  window_({ id: 'lan', name: 'Phạm Lan', color: '#005f87' })
  expect(live.textContent).toBe('presence.came Phạm Lan')
})

it('follows until a hand moves, a key is pressed or they leave', async () => {
  vi.stubGlobal('requestAnimationFrame', (act: () => void) => setTimeout(act, 0))
  vi.stubGlobal('cancelAnimationFrame', clearTimeout)
  // jsdom has none.
  vi.stubGlobal('CSS', { escape: (id: string) => id })
  const brought: string[] = []
  Element.prototype.scrollIntoView = function (this: HTMLElement) {
    brought.push(this.dataset['id'] ?? '')
  }
  const frame = { top: 0, height: 100 } as DOMRect
  vi.spyOn(desk, 'getBoundingClientRect').mockReturnValue(frame)
  for (const [id, top] of [['p1', 50], ['p2', 300]] as const) {
    const block = document.createElement('p')
    block.className = 'provision'
    block.dataset['id'] = id
    vi.spyOn(block, 'getBoundingClientRect').mockReturnValue({ top } as DOMRect)
    desk.append(block)
  }
  const other = window_(DUNG)
  const following = new Following({ awareness: mine, say: (key) => key, desk, strip, live, reveal: () => undefined })
  const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 20))
  const follow = (): void => following.start(peopleOf(mine).find(({ id }) => id === 'dung')!)

  other.setLocalStateField('cursor', { provision: 'p1' })
  follow()
  await settled()
  expect([strip.hidden, brought]).toEqual([false, []])
  other.setLocalStateField('cursor', { provision: 'p2' })
  await settled()
  expect(new Set(brought)).toEqual(new Set(['p2']))

  desk.dispatchEvent(new Event('wheel'))
  expect([strip.hidden, live.textContent]).toEqual([true, 'presence.follow_ended'])
  brought.length = 0
  other.setLocalStateField('cursor', { provision: 'p1' })
  other.setLocalStateField('cursor', { provision: 'p2' })
  await settled()
  expect(brought).toEqual([])

  follow()
  document.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape' }))
  expect(strip.hidden).toBe(true)
  follow()
  await settled()
  removeAwarenessStates(mine, [other.clientID], 'gone')
  await settled()
  expect([strip.hidden, live.textContent]).toEqual([true, 'presence.follow_left'])
})
