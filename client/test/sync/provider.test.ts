import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'

import { Provider, type Socket } from '../../src/sync/provider'
import type { SyncState } from '../../src/sync/state'

/** Mulberry32: one seed, one schedule. */
const seeded = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}

const frame = (...parts: (number | Uint8Array)[]): Uint8Array => {
  const encoder = encoding.createEncoder()
  for (const part of parts)
    if (typeof part === 'number') encoding.writeVarUint(encoder, part)
    else encoding.writeVarUint8Array(encoder, part)
  return encoding.toUint8Array(encoder)
}

/** The server of the protocol: `disk` is what is stored, in order; a line may lose its end. */
class House {
  readonly disk = new Y.Doc()
  readonly lines = new Set<Line>()
  constructor(readonly chance: () => number) {}

  open = (): Socket => {
    const line = new Line(this)
    this.lines.add(line)
    return line
  }

  store(update: Uint8Array, from: Line): void {
    Y.applyUpdate(this.disk, update)
    for (const line of this.lines) if (line !== from) line.tell(frame(0, 2, update))
  }
}

class Line implements Socket {
  binaryType = ''
  readyState = 0
  onopen: (() => void) | null = null
  onmessage: ((event: { data: ArrayBuffer }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null
  #updates = 0
  #at = 0

  constructor(readonly house: House) {
    this.#later(() => {
      this.readyState = 1
      this.onopen?.()
      this.tell(frame(0, 0, Y.encodeStateVector(house.disk)))
    })
  }

  /** In order, each a while after the one before. */
  #later(then: () => void): void {
    this.#at = Math.max(this.#at, Date.now()) + Math.floor(this.house.chance() * 40)
    setTimeout(() => {
      if (this.readyState < 2) then()
    }, this.#at - Date.now())
  }

  tell(bytes: Uint8Array): void {
    this.#later(() => this.onmessage?.({ data: bytes.slice().buffer as ArrayBuffer }))
  }

  send(data: Uint8Array<ArrayBuffer>): void {
    const bytes = data.slice()
    this.#later(() => this.#hear(bytes))
  }

  #hear(bytes: Uint8Array): void {
    const decoder = decoding.createDecoder(bytes)
    if (decoding.readVarUint(decoder) !== 0) return
    const step = decoding.readVarUint(decoder)
    const body = decoding.readVarUint8Array(decoder)
    if (step === 0) {
      this.tell(frame(0, 1, Y.encodeStateAsUpdate(this.house.disk, body)))
      return
    }
    this.#updates += 1
    this.house.store(body, this)
    this.tell(frame(100, this.#updates))
  }

  close(): void {
    this.cut()
  }

  cut(code = 1006): void {
    if (this.readyState > 1) return
    this.readyState = 3
    this.house.lines.delete(this)
    this.onclose?.({ code })
  }
}

class Person {
  readonly doc = new Y.Doc()
  readonly provider: Provider
  states: SyncState[] = []
  constructor(readonly house: House, chance: () => number, readonly name: string) {
    this.provider = new Provider({
      doc: this.doc,
      awareness: new Awareness(this.doc),
      receive: (update, origin) => Y.applyUpdate(this.doc, update, origin),
      address: 'ws://house',
      generation: 'g',
      onState: (state) => {
        this.states.push(state)
        this.honest(state)
      },
      onEvent: () => {},
      open: house.open,
      chance,
    })
  }

  /** What it calls saved stands on the disk. */
  honest(state: SyncState): void {
    if (state.unsaved || !state.loaded) return
    const mine = Y.decodeStateVector(Y.encodeStateVector(this.doc)).get(this.doc.clientID) ?? 0
    const stored = Y.decodeStateVector(Y.encodeStateVector(this.house.disk)).get(this.doc.clientID) ?? 0
    expect(stored, `${this.name} was told saved too early`).toBeGreaterThanOrEqual(mine)
  }

  type(word: string, chance: () => number): void {
    const text = this.doc.getText('t')
    text.insert(Math.floor(chance() * (text.length + 1)), word)
  }
}

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test.each(Array.from({ length: 40 }, (_, seed) => seed + 1))(
  'schedule %i of delays and cuts: all converge, nothing is lost, saved is never said early',
  async (seed) => {
    const chance = seeded(seed)
    const house = new House(chance)
    const people = ['An', 'Bình', 'Chi'].map((name) => new Person(house, chance, name))
    const words: string[] = []
    for (let step = 0; step < 60; step += 1) {
      const person = people[Math.floor(chance() * 3)]!
      if (chance() < 0.7) {
        const word = `<${person.name}${step}>`
        words.push(word)
        person.type(word, () => 1)
      }
      if (chance() < 0.1) [...house.lines][Math.floor(chance() * house.lines.size)]?.cut()
      await vi.advanceTimersByTimeAsync(Math.floor(chance() * 120))
      for (const one of people) one.honest(one.provider.state)
    }
    await vi.advanceTimersByTimeAsync(60_000)
    const texts = people.map((person) => person.doc.getText('t').toString())
    const stored = house.disk.getText('t').toString()
    for (const person of people) expect(person.provider.state).toMatchObject({ phase: 'live', unsaved: false })
    expect(texts).toEqual([stored, stored, stored])
    expect(stored.length).toBe(words.join('').length)
    for (const person of people) person.provider.destroy()
  },
)

test('the schedules are bad enough: lines were cut while something was unsaved', async () => {
  const chance = seeded(7)
  const house = new House(chance)
  const person = new Person(house, chance, 'An')
  await vi.advanceTimersByTimeAsync(1_000)
  person.type('một', chance)
  for (const line of house.lines) line.cut()
  expect(person.provider.state).toMatchObject({ phase: 'waiting', unsaved: true })
  expect(house.disk.getText('t').toString()).toBe('')
  await vi.advanceTimersByTimeAsync(5_000)
  expect(person.provider.state).toMatchObject({ phase: 'live', unsaved: false, offlineSince: null })
  expect(house.disk.getText('t').toString()).toBe('một')
  person.provider.destroy()
})

test('a person without access is not asked again', async () => {
  const chance = seeded(3)
  const house = new House(chance)
  const person = new Person(house, chance, 'An')
  await vi.advanceTimersByTimeAsync(1_000)
  for (const line of house.lines) line.cut(4403)
  await vi.advanceTimersByTimeAsync(60_000)
  expect(house.lines.size).toBe(0)
  expect(person.provider.state.phase).toBe('stopped')
  person.provider.destroy()
})
