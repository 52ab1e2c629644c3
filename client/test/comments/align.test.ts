import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { align, type Wish } from '../../src/comments/align'

const GAP = 8
const card = (id: string, at: number, height: number): Wish => ({ id, at, height })
const tops = (wishes: readonly Wish[], active: string | null = null): Record<string, number> => Object.fromEntries(align(wishes, active, GAP))

const wishes = fc
  .array(fc.record({ at: fc.integer({ min: 0, max: 2000 }), height: fc.integer({ min: 1, max: 300 }) }), { minLength: 1, maxLength: 30 })
  .map((all) => all.map(({ at, height }, index) => card(`c${index}`, at, height)))

describe('cards in a rail', () => {
  it('stand at their words when there is room', () => {
    expect(tops([card('a', 0, 50), card('b', 100, 50)])).toEqual({ a: 0, b: 100 })
  })

  it('push each other down', () => {
    expect(tops([card('a', 10, 50), card('b', 20, 50), card('c', 25, 10)])).toEqual({ a: 10, b: 68, c: 126 })
  })

  it('make room above the active one', () => {
    expect(tops([card('a', 100, 50), card('b', 120, 50), card('c', 130, 50)], 'c')).toEqual({ a: 14, b: 72, c: 130 })
  })

  it('leave the rail for it when they must', () => {
    expect(tops([card('a', 10, 50), card('b', 20, 50), card('c', 30, 50)], 'c')).toEqual({ a: -86, b: -28, c: 30 })
  })

  it('never overlap, keep their order, and the active one is exact', () => {
    fc.assert(
      fc.property(wishes, fc.nat(), (all, pick) => {
        const active = all[pick % all.length]!
        const found = align(all, active.id, GAP)
        const sorted = all.toSorted((a, b) => a.at - b.at)
        let free = -Infinity
        for (const { id, height } of sorted) {
          expect(found.get(id)).toBeGreaterThanOrEqual(free)
          free = found.get(id)! + height + GAP
        }
        expect(found.get(active.id)).toBe(active.at)
        for (const { id, at } of all) expect(align(all, null, GAP).get(id)).toBeGreaterThanOrEqual(at)
      }),
    )
  })

  it('leave alone all who have room', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100 }), { maxLength: 20 }), (gaps) => {
        let at = 0
        const all = gaps.map((gap, index) => {
          at += 40 + GAP + gap
          return card(`c${index}`, at, 40)
        })
        for (const active of [null, 'c0', 'c5']) expect([...align(all, active, GAP)]).toEqual(all.map((one) => [one.id, one.at]))
      }),
    )
  })
})
