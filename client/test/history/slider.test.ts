import fc from 'fast-check'
import { expect, test } from 'vitest'

import { dayOf, groups, led, momentOf, placeOf, type Stop } from '../../src/history/slider'

const KEYS = ['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown', 'PageUp', 'PageDown', 'Home', 'End']

/** Sittings of so many stops each, every stop ten rows after the last. */
function line(...sittings: number[]): Stop[] {
  const found: Stop[] = []
  let seq = 0
  for (const [at, count] of sittings.entries())
    for (let n = 0; n < count; n += 1) {
      const since = seq
      seq += 10
      found.push({ seq, since, at: seq * 1000, user: `u${at % 2}`, sitting: seq + (count - 1 - n) * 10 })
    }
  return found
}

const lines = fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 6 }).map((counts) => line(...counts))

test('arrows go stop by stop, pages sitting by sitting, Home and End to the ends', () => {
  const stops = line(1, 3, 2)
  expect(led(stops, 3, 'ArrowLeft')).toBe(2)
  expect(led(stops, 3, 'ArrowRight')).toBe(4)
  expect(led(stops, 5, 'ArrowRight')).toBe(5)
  expect(led(stops, 4, 'PageUp')).toBe(3)
  expect(led(stops, 2, 'PageUp')).toBe(0)
  expect(led(stops, 1, 'PageDown')).toBe(3)
  expect(led(stops, 3, 'PageDown')).toBe(5)
  expect(led(stops, 5, 'PageDown')).toBe(5)
  expect(led(stops, 4, 'Home')).toBe(0)
  expect(led(stops, 1, 'End')).toBe(5)
  expect(led(stops, 1, 'a')).toBeNull()
  expect(led([], -1, 'End')).toBeNull()
})

test('every key stays on the line, and its way is kept', () => {
  fc.assert(
    fc.property(lines, fc.nat(), fc.constantFrom(...KEYS), (stops, seed, key) => {
      const place = seed % stops.length
      const found = led(stops, place, key)!
      expect(stops[found]).toBeDefined()
      if (['ArrowLeft', 'ArrowDown', 'PageUp', 'Home'].includes(key)) expect(found).toBeLessThanOrEqual(place)
      else expect(found).toBeGreaterThanOrEqual(place)
    }),
  )
})

test('pages alone reach every sitting, from either end', () => {
  fc.assert(
    fc.property(lines, (stops) => {
      const ends = [...new Set(stops.map((stop) => stop.sitting))]
      const seen = new Set<number>()
      for (let place = 0; ; ) {
        if (stops[place]!.seq === stops[place]!.sitting) seen.add(stops[place]!.sitting)
        const next = led(stops, place, 'PageDown')!
        if (next === place) break
        place = next
      }
      expect([...seen]).toEqual(ends)
    }),
  )
})

test('a moment lies at the stop at or before it', () => {
  const stops = line(1, 2)
  expect([5, 10, 15, 29, 30, 99].map((seq) => placeOf(stops, seq))).toEqual([0, 0, 0, 1, 2, 2])
  expect(placeOf([], 1)).toBe(-1)
})

test('groups hold all stops in their order', () => {
  fc.assert(
    fc.property(lines, (stops) => {
      const found = groups(stops, (stop) => stop.sitting)
      expect(found.reduce((sum, { count }) => sum + count, 0)).toBe(stops.length)
      expect(found.map(({ key }) => key)).toEqual([...new Set(stops.map((stop) => stop.sitting))])
    }),
  )
})

test('moments are told in Vietnam, as the server writes them', () => {
  const at = Date.UTC(2026, 10, 24, 18, 5)
  expect(momentOf(at)).toBe('01:05 25/11/2026')
  expect(dayOf(at)).toBe('25/11/2026')
})
