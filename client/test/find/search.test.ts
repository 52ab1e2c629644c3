import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { ACCENTS, finder, indexOf, type Accents, type Wanted } from '../../src/find/search'

const wanted = (words: string, more: Partial<Wanted> = {}): Wanted => ({ words, accents: 'same', cases: false, whole: false, ...more })
const found = (text: string, words: string, more: Partial<Wanted> = {}): string[] => {
  const want = wanted(words, more)
  return finder(want)(text, indexOf(text, want)).map(({ from, to }) => text.slice(from, to))
}

describe('finding as it is meant', () => {
  it.each([
    ['Hội đồng và hội đồng', 'hội đồng', {}, ['Hội đồng', 'hội đồng']],
    ['Hội đồng và hội đồng', 'hội đồng', { cases: true }, ['hội đồng']],
    ['Hội đồng, hoi dong, hỏi đóng', 'hội đồng', {}, ['Hội đồng']],
    ['Hội đồng, hoi dong, hỏi đóng', 'hội đồng', { accents: 'any' }, ['Hội đồng', 'hoi dong', 'hỏi đóng']],
    ['Hội đồng, hoi dong', 'HOI DONG', { accents: 'any' }, ['Hội đồng', 'hoi dong']],
    ['Đảng đảng dang', 'dang', { accents: 'any', cases: true }, ['đảng', 'dang']],
    ['hoà giải, hòa giải, HOÀ', 'hòa', {}, ['hoà', 'hòa', 'HOÀ']],
    ['hoà giải, hòa giải', 'hòa', { accents: 'exact' }, ['hòa']],
    ['thuỷ lợi, thủy lợi, khoẻ, khỏe', 'thủy', {}, ['thuỷ', 'thủy']],
    ['uỷ ban, ủy ban, Ủy Ban', 'uỷ ban', {}, ['uỷ ban', 'ủy ban', 'Ủy Ban']],
    ['thủ tục thủy lợi', 'thủ', { whole: true }, ['thủ']],
    ['hoàn toàn', 'hòan', {}, ['hoàn']],
    ['cho ho, cò a', 'cò', {}, ['cò']],
    ['Điều 1, Điều 12', 'Điều 1', { whole: true }, ['Điều 1']],
    ['Điều 1, Điều 12', 'Điều 1', {}, ['Điều 1', 'Điều 1']],
    ['(mục) “mục” mục_a', 'mục', { whole: true }, ['mục', 'mục', 'mục']],
    ['theo “Quy chế”', '"quy chế"', {}, ['“Quy chế”']],
    ['theo “Quy chế”', '"quy chế"', { accents: 'exact' }, []],
    ['2020–2025', '2020-2025', {}, ['2020–2025']],
    ['aaaa', 'aa', {}, ['aa', 'aa']],
    ['một , hai', ' ,', { whole: true }, [' ,']],
    ['abc', '', {}, []],
    ['😀 và 😀', '😀', {}, ['😀', '😀']],
  ] as const)('%s: %s %j', (text, words, more, wantedWords) => {
    expect(found(text, words, more)).toEqual(wantedWords)
    const composed = (one: string): string => one.normalize('NFC')
    for (const form of ['NFC', 'NFD'] as const)
      expect(found(text.normalize('NFD'), words.normalize(form), more).map(composed)).toEqual(wantedWords.map(composed))
  })
})

describe('laws of finding', () => {
  const LETTERS = ['o', 'a', 'à', 'ò', 'u', 'y', 'ỷ', 'ủ', 'h', 'H', 'đ', 'd', 'Đ', 'ộ', 'ô', 'e', 'ẻ', 'ỏ', ' ', '1', '“', '"', '😀', 'i\u0307', '\u0323', 'İ', 'n']
  const text = fc.array(fc.constantFrom(...LETTERS), { maxLength: 40 }).chain((letters) =>
    fc.constantFrom('NFC', 'NFD', null).map((form) => (form === null ? letters.join('') : letters.join('').normalize(form))),
  )
  const words = fc.array(fc.constantFrom(...LETTERS), { maxLength: 3 }).map((letters) => letters.join(''))
  const options = fc.record({ accents: fc.constantFrom(...ACCENTS), cases: fc.boolean(), whole: fc.boolean() })
  const signs = (one: string, want: Wanted): string => indexOf(one, want).signs

  it('what is found is equal, in order, apart, and cut at whole signs', () => {
    fc.assert(
      fc.property(text, words, options, (here, what, more) => {
        const want = wanted(what, more)
        let last = 0
        for (const { from, to } of finder(want)(here, indexOf(here, want))) {
          expect(from).toBeGreaterThanOrEqual(last)
          expect(to).toBeGreaterThan(from)
          expect(signs(here.slice(from, to), want)).toBe(signs(what, want))
          expect(/^[\p{M}\udc00-\udfff]/u.test(here.slice(from)) && from > 0).toBe(false)
          expect(/^[\p{M}\udc00-\udfff]/u.test(here.slice(to))).toBe(false)
          last = to
        }
      }),
    )
  })

  it('a text that is wanted is found where it was put, whatever its form and the placing of its tones', () => {
    const syllable = fc.constantFrom('hoà', 'hòa', 'khoẻ', 'khỏe', 'thuỷ', 'thủy', 'đồng', 'HỘI', 'quỳ', 'hoàn')
    fc.assert(
      fc.property(fc.array(syllable, { minLength: 1, maxLength: 6 }), fc.nat(5), fc.constantFrom('NFC', 'NFD'), fc.constantFrom<Accents>('same', 'any'), (line, at, form, accents) => {
        const what = line[at % line.length]!
        const here = line.join(' ').normalize(form)
        const other: Readonly<Record<string, string>> = { hoà: 'hòa', hòa: 'hoà', khoẻ: 'khỏe', khỏe: 'khoẻ', thuỷ: 'thủy', thủy: 'thuỷ' }
        const more = { accents, whole: true }
        expect(found(here, what, more)).toEqual(found(here, other[what] ?? what, more))
        expect(found(here, what, more).length).toBe(line.filter((one) => one === what || one === other[what]).length)
      }),
    )
  })

  it('asking for less finds no less', () => {
    fc.assert(
      fc.property(text, words, fc.boolean(), (here, what, cases) => {
        const count = (more: Partial<Wanted>): number => found(here, what, { cases, ...more }).length
        expect(count({ accents: 'exact', whole: true })).toBeLessThanOrEqual(count({ accents: 'exact' }))
        expect(count({ accents: 'exact', cases: true })).toBeLessThanOrEqual(count({ accents: 'exact', cases: false }))
      }),
    )
  })

  it('finds the first of every place that a search by hand finds', () => {
    fc.assert(
      fc.property(text, words, options, (here, what, more) => {
        const want = wanted(what, { ...more, whole: false })
        const needle = signs(what, want)
        const all = indexOf(here, want)
        const begins = (at: number): boolean => all.starts === null || (all.starts[at] ?? -1) >= 0
        let at = 0
        let count = 0
        while (needle !== '' && at + needle.length <= all.signs.length) {
          const here_ = all.signs.startsWith(needle, at) && begins(at) && begins(at + needle.length)
          count += Number(here_)
          at += here_ ? needle.length : 1
        }
        expect(finder(want)(here, all).length).toBe(count)
      }),
    )
  })
})
