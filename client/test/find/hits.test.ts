import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

import type { ReadProvision } from '../../src/editor/types'
import { capitalsOf, hitFrom, replacing, Search } from '../../src/find/hits'
import type { Wanted } from '../../src/find/search'

const WANTED: Wanted = { words: 'họp', accents: 'same', cases: false, whole: false }
const provision = (id: string, text: string, cells: readonly string[] = []): ReadProvision => ({ id, kind: 'clause', label: '', text, cells })
const DRAFT = [provision('a', 'Họp kín'), provision('b', 'nghị quyết'), provision('c', '', ['họp', 'x họp họp']), provision('d', 'cuộc họp')]

function hitsIn(draft: readonly ReadProvision[], wanted = WANTED, among: ReadonlySet<string> | null = null): Search {
  const search = new Search(draft, wanted, among)
  search.run(true)
  return search
}

describe('looking through a draft', () => {
  it('finds in provisions and cells, in reading order', () => {
    expect(hitsIn(DRAFT).hits.map(({ id, cell, from }) => [id, cell, from])).toEqual([
      ['a', undefined, 0], ['c', 0, 0], ['c', 1, 2], ['c', 1, 6], ['d', undefined, 5],
    ])
  })

  it('looks only where it is asked to', () => {
    expect(hitsIn(DRAFT, WANTED, new Set(['d', 'b'])).hits.map(({ id }) => id)).toEqual(['d'])
  })

  it('goes on slice by slice and comes to the same', () => {
    const many = Array.from({ length: 4000 }, (_, at) => provision(String(at), `Ban Thường vụ họp lần thứ ${at}, thuỷ lợi và hoà giải`))
    const search = new Search(many, WANTED, null)
    let slices = 0
    while (!search.done) {
      search.run()
      slices += 1
    }
    expect(search.hits).toEqual(hitsIn(many).hits)
    expect(slices).toBeGreaterThan(0)
  })

  it('begins at a place, and anew at the top when there is nothing behind it', () => {
    const { hits } = hitsIn(DRAFT)
    expect([hitFrom(hits, 0, 0), hitFrom(hits, 0, 1), hitFrom(hits, 2, 99), hitFrom(hits, 3, 6), hitFrom([], 0, 0)]).toEqual([0, 1, 1, 0, -1])
  })
})

describe('what is written instead', () => {
  it.each([
    ['Kiểm toán', 'kiểm tra', 'Kiểm tra'],
    ['KIỂM TOÁN', 'kiểm tra', 'KIỂM TRA'],
    ['kiểm toán', 'Kiểm tra', 'Kiểm tra'],
    ['Kiểm Toán', 'kiểm tra', 'Kiểm tra'],
    ['Điều 5', 'khoản 2', 'Khoản 2'],
    ['5', 'năm', 'năm'],
    ['A', 'b', 'B'],
    ['Ủy'.normalize('NFD'), 'ban', 'Ban'],
  ])('%s by %s is %s', (words, by, wanted) => expect(capitalsOf(words, by)).toBe(wanted))

  it('is left as it was typed where capitals are told apart', () => {
    expect(replacing(hitsIn(DRAFT).hits, 'gặp', true).map(({ by }) => by)).toEqual(Array.from({ length: 5 }, () => 'gặp'))
    expect(replacing(hitsIn(DRAFT).hits, 'gặp', false)[0]?.by).toBe('Gặp')
  })

  it('never differs but in capitals, and never outgrows one message', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.constantFrom('họp kín', 'đ', '', '5 ngày'), (words, by) => {
        expect(capitalsOf(words, by).toLowerCase()).toBe(by.toLowerCase())
      }),
    )
    const many = hitsIn([provision('a', 'họp '.repeat(50_000))]).hits
    expect(many.length).toBe(50_000)
    for (const by of ['', 'x'.repeat(500)]) {
      const edits = replacing(many, by, true)
      expect(edits.length).toBeGreaterThan(400)
      expect(edits.length * (by.length + 60)).toBeLessThanOrEqual(300_000)
    }
  })
})
