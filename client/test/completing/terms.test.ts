import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import { suggestionsAt, termsOf, toldBy, type HouseTerms } from '../../src/completing/terms'

const HOUSE: HouseTerms = {
  short: [['BCH', 'Ban Chấp hành'], ['BTV', 'Ban Thường vụ'], ['HĐND', 'Hội đồng nhân dân'], ['TW', 'Trung ương'], ['VPTU', 'Văn phòng Tỉnh ủy'], ['VPTU', 'Văn phòng Thành ủy']],
  names: ['Đảng ủy Các cơ quan Đảng tỉnh', 'Ban Thường vụ Tỉnh ủy'],
}
const NO_TERMS = termsOf([], { ...HOUSE, names: [] })

const at = (text: string, terms = NO_TERMS): string[] => suggestionsAt(text, text.length, terms).map(({ from, by }) => text.slice(0, from) + by)

describe('short forms', () => {
  it.each([
    ['Trình BCH', ['Trình Ban Chấp hành']],
    ['trình bch', ['trình Ban Chấp hành']],
    ['hđnd', ['Hội đồng nhân dân']],
    ['HDND', ['Hội đồng nhân dân']],
    ['gửi VPTU', ['gửi Văn phòng Tỉnh ủy', 'gửi Văn phòng Thành ủy']],
    ['TW', ['Trung ương']],
    ['tw', []],
    ['Bch', []],
    ['số 12-QĐ/TW', []],
    ['BCHX', []],
    ['', []],
  ])('%s', (text, wanted) => expect(at(text)).toEqual(wanted))

  it('are left alone inside a word, and where the draft has defined them', () => {
    expect(suggestionsAt('BCHa', 3, NO_TERMS)).toEqual([])
    const terms = termsOf([toldBy('Ban Chấp hành Đảng bộ tỉnh (viết tắt là BCH)')], HOUSE)
    expect([at('BCH', terms), at('BTV', terms)]).toEqual([[], ['Ban Thường vụ']])
  })
})

describe('names of the draft', () => {
  const used = 'Ban Thường vụ Tỉnh ủy họp. Ban Thường vụ Tỉnh ủy quyết định; Ban Thường vụ Tỉnh ủy giao Văn phòng.'
  const terms = termsOf([toldBy(used), toldBy('Ban Chấp hành Đảng bộ tỉnh (sau đây gọi tắt là Tỉnh ủy).')], { ...HOUSE, names: [] })

  it('are those it defines and those it keeps using, whole', () => {
    expect(terms.names).toEqual(['Tỉnh ủy', 'Ban Thường vụ Tỉnh ủy'])
  })

  it.each([
    ['Trình Ban Thường', ['Trình Ban Thường vụ Tỉnh ủy']],
    ['Ban Thường vụ Tỉnh ủ', ['Ban Thường vụ Tỉnh ủy']],
    ['Trình Ban', []],
    ['ban thường', []],
    ['Ban Thường vụ Tỉnh ủy', []],
    ['Tỉnh', []],
    ['Tỉnh ủ', ['Tỉnh ủy']],
  ])('%s', (text, wanted) => expect(at(text, terms)).toEqual(wanted))

  it('are also the house\'s, behind those of the draft', () => {
    const both = termsOf([toldBy(used)], HOUSE)
    expect(both.names).toEqual(['Ban Thường vụ Tỉnh ủy', 'Đảng ủy Các cơ quan Đảng tỉnh'])
    expect(at('Gửi Đảng ủy', both)).toEqual(['Gửi Đảng ủy Các cơ quan Đảng tỉnh'])
  })

  it('are never begun with other words than those typed, and nothing before them changes', () => {
    const piece = fc.constantFrom('Ban', ' ', 'Thường', 'vụ', 'Tỉnh', 'ủy', 'BTV', 'btv', ', ', 'họp', '/', 'ủ')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.nat(), (pieces, some) => {
        const text = pieces.join('')
        const caret = some % (text.length + 1)
        for (const { from, by } of suggestionsAt(text, caret, terms)) {
          const typed = text.slice(from, caret)
          expect(typed.length).toBeGreaterThan(0)
          const short = HOUSE.short.some(([form, long]) => form === typed.toUpperCase() && long === by)
          expect(short || (by.startsWith(typed) && by !== typed)).toBe(true)
          expect(text.slice(0, from)).not.toMatch(/[\p{L}\p{N}]$/u)
        }
      }),
    )
  })
})
