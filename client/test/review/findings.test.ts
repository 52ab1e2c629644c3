import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { placeIn, repairsOf, type Finding } from '../../src/review/findings'

const AROUND = 24
const points = (text: string): string[] => [...text]

/** What the server would say of `from:to` (code points) of a text. */
export function told(text: string, from: number, to: number, more: Partial<Finding> = {}): Finding {
  const signs = points(text)
  return {
    key: `k${from}`,
    group: 'marks',
    code: 'spaces_double',
    severity: 'hint',
    provision: 'p1',
    where: 'khoản 1 Điều 1',
    start: from,
    end: to,
    quote: signs.slice(from, to).join(''),
    lead: signs.slice(Math.max(0, from - AROUND), from).join(''),
    trail: signs.slice(to, to + AROUND).join(''),
    message: 'Hai khoảng trắng liền nhau.',
    replacement: ' ',
    aside: null,
    ...more,
  }
}

const words = fc.string({ unit: fc.constantFrom('a', 'đ', 'ế', ' ', ',', '𝒳', 'Điều 5'), minLength: 1, maxLength: 60 })

describe('the place of a finding', () => {
  it('is where the server saw it, in the ruler of the browser', () => {
    fc.assert(
      fc.property(words, fc.nat(), fc.nat(), (text, a, b) => {
        const length = points(text).length
        const from = a % length
        const to = from + 1 + (b % (length - from))
        const place = placeIn(text, told(text, from, to))!
        expect(text.slice(place.from, place.to)).toBe(points(text).slice(from, to).join(''))
        expect(points(text.slice(0, place.from)).length).toBe(from)
      }),
    )
  })

  it('goes along when something is typed in front of it', () => {
    const text = 'Ban Thường vụ họp thường kỳ mỗi tháng một lần theo khoản 1 Điều 3; khi cần thì họp bất thường.'
    const at = text.indexOf('khoản 1')
    const finding = told(text, at, at + 'khoản 1 Điều 3'.length)
    const now = `Hằng tháng, ${text}`
    const place = placeIn(now, finding)!
    expect(now.slice(place.from, place.to)).toBe('khoản 1 Điều 3')
  })

  it('is lost when the words, or those right beside them, are others, or stand twice elsewhere', () => {
    const text = 'theo khoản 1 Điều 3;'
    const finding = told(text, 5, 19)
    expect(placeIn('theo khoản 2 Điều 3;', finding)).toBeNull()
    expect(placeIn('trái khoản 1 Điều 3;', finding)).toBeNull()
    expect(placeIn(`và ${text} ${text}`, finding)).toBeNull()
    expect(placeIn('', finding)).toBeNull()
  })

  it('never is another stretch of other words', () => {
    fc.assert(
      fc.property(words, words, fc.nat(), (text, now, a) => {
        const from = a % points(text).length
        const finding = told(text, from, points(text).length)
        const place = placeIn(now, finding)
        if (place !== null) expect(now.slice(place.from, place.to)).toBe(finding.quote)
      }),
    )
  })
})

describe('repairs', () => {
  const text = 'họp  hằng  tháng'

  it('are made of what still stands; the rest is counted', () => {
    const findings = [told(text, 3, 5), told('khác  hẳn', 4, 6), told(text, 9, 11), told(text, 0, 3, { replacement: null })]
    const { repairs, done, left } = repairsOf(findings, (id) => (id === 'p1' ? text : null))
    expect(repairs).toEqual([
      { id: 'p1', from: 3, to: 5, by: ' ' },
      { id: 'p1', from: 9, to: 11, by: ' ' },
    ])
    expect(done).toEqual([findings[0], findings[2]])
    expect(left).toBe(2)
  })

  it('are none for a provision that is gone, and never write over one another', () => {
    expect(repairsOf([told(text, 3, 5)], () => null)).toEqual({ repairs: [], done: [], left: 1 })
    const two = [told(text, 3, 5), told(text, 4, 6)]
    expect(repairsOf(two, () => text).repairs).toHaveLength(1)
  })
})
