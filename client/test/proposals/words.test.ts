import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { spansOf } from '../../src/proposals/words'

const WORDS = fc.array(fc.constantFrom('Ban', 'Thường', 'vụ', 'họp', 'quý', 'tháng', ',', '.', '05', '(năm)', 'ngày'), { maxLength: 14 }).map((words) => words.join(' '))
const ANY = fc.oneof(WORDS, fc.string({ maxLength: 20 }))

describe('words struck and inserted', () => {
  it('spell both texts, whatever they are', () => {
    fc.assert(
      fc.property(ANY, ANY, (before, after) => {
        const spans = spansOf(before, after)
        const joined = (left: string): string => spans.filter(([op]) => op !== left).map(([, text]) => text).join('')
        expect(joined('+')).toBe(before)
        expect(joined('-')).toBe(after)
        expect(spans.every(([, text]) => text !== '')).toBe(true)
        for (const [at, [op]] of spans.entries()) expect(op).not.toBe(spans[at + 1]?.[0])
      }),
    )
  })

  it('are whole syllables, what goes before what comes', () => {
    expect(spansOf('họp mỗi tháng một lần', 'họp mỗi quý một lần')).toEqual([
      ['=', 'họp mỗi '], ['-', 'tháng'], ['+', 'quý'], ['=', ' một lần'],
    ])
    expect(spansOf('mỗi tháng một', 'hằng quý một')).toEqual([['-', 'mỗi tháng'], ['+', 'hằng quý'], ['=', ' một']])
  })

  it('of a long text written anew are found without looking at every pair', () => {
    const long = (word: string): string => Array.from({ length: 3000 }, (_, at) => `${word}${at}`).join(' ')
    expect(spansOf(long('a'), long('b')).length).toBeLessThan(4)
  })
})
