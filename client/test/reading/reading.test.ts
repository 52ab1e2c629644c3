import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import type { ReadProvision } from '../../src/editor/types'
import { hiddenAround, rulesFor } from '../../src/editor/hiding'
import { KINDS, subtreeEnd } from '../../src/model'
import { countsOf, wordsIn } from '../../src/reading/counts'
import { keepZoom, keptZoom, STEPS, stepped } from '../../src/reading/zoom'

describe('one unit alone', () => {
  it('hides what is not the unit, all of it and nothing else', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...KINDS), { minLength: 1, maxLength: 30 }), fc.nat(), (kinds, some) => {
        const index = some % kinds.length
        const hidden = hiddenAround(kinds, index)
        const shown = kinds.map((_, at) => !hidden.some(({ start, end }) => at >= start && at < end))
        expect(shown).toEqual(kinds.map((_, at) => at >= index && at < subtreeEnd(kinds, index)))
      }),
    )
  })

  it('is told to the browser by places among the provisions, and on paper everything stands', () => {
    expect(rulesFor([])).toBe('')
    expect(rulesFor([{ start: 0, end: 3 }])).toBe(
      '@media screen { .sheet-text > .provision:nth-child(n + 1 of .provision):nth-child(-n + 3 of .provision) { display: none } }',
    )
  })
})

describe('how much there is', () => {
  it.each([
    ['Ban Thường vụ họp, quyết định.', 6],
    ['  5 ngày – 1/2024 ; “Điều 3” ', 5],
    ['', 0],
    ['Đảng ủy'.normalize('NFD'), 2],
  ])('%s: %i words', (text, count) => expect(wordsIn(text)).toBe(count))

  it('counts cells too, and articles', () => {
    const one = (kind: ReadProvision['kind'], text: string, cells: readonly string[] = []): ReadProvision => ({ id: text, kind, label: '', text, cells })
    expect(countsOf([one('article', 'Họp kín'), one('clause', 'a b'), one('row', '', ['c', 'd e'])])).toEqual({ words: 7, articles: 1 })
  })

  it('counts as many words as a text without its signs has', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('họp', 'Điều', '5', '–', ';', 'a,b'), { maxLength: 12 }), (parts) => {
        expect(wordsIn(parts.join(' '))).toBe(parts.filter((part) => /[\p{L}\p{N}]/u.test(part)).length)
      }),
    )
  })
})

describe('the size of the sheet', () => {
  const kept = new Map<string, string>()
  beforeEach(() => vi.stubGlobal('localStorage', { getItem: (name: string) => kept.get(name) ?? null, setItem: (name: string, value: string) => kept.set(name, value) }))
  afterEach(() => vi.unstubAllGlobals())

  it('goes up and down by steps and stays at the ends', () => {
    expect([stepped(100, 1), stepped(100, -1), stepped(300, 1), stepped(60, -1), stepped(104, 1)]).toEqual([110, 90, 300, 60, 110])
  })

  it('is kept for each person, and nonsense is the usual size', () => {
    keepZoom('hạnh', 150)
    kept.set('duthao.zoom.dũng', '9999')
    expect([keptZoom('hạnh'), keptZoom('dũng'), keptZoom('lan')]).toEqual([150, 100, 100])
    for (const step of STEPS) expect(stepped(stepped(step, 1), -1)).toBe(step === 300 ? 250 : step)
  })

  it('holds where nothing may be kept', () => {
    vi.stubGlobal('localStorage', { getItem: () => { throw new Error('no') }, setItem: () => { throw new Error('no') } })
    keepZoom('hạnh', 150)
    expect(keptZoom('hạnh')).toBe(100)
  })
})
