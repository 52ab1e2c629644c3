import { describe, expect, it } from 'vitest'

import { sinceOf, type ToldLine } from '../../src/since/lines'

const line = (id: string, runs: ToldLine['runs'], more: Partial<ToldLine> = {}): ToldLine => ({
  id, before: '1.', after: '1.', moved: false, by: '', runs, cells: [], ...more,
})
const people = [{ id: 'an', name: 'An' }, { id: 'binh', name: 'Bình' }, { id: 'chi', name: 'Chi' }]

describe('sinceOf', () => {
  it('tells what others wrote, not what one wrote oneself', () => {
    const provisions = [
      line('a', [{ op: '=', text: 'Họp ' }, { op: '-', text: 'một', user: 'binh' }, { op: '+', text: 'hai', user: 'binh' }, { op: '=', text: ' lần' }]),
      line('b', [{ op: '+', text: 'của tôi', user: 'an' }]),
      line('c', [{ op: '=', text: 'như cũ' }]),
    ]
    expect(sinceOf({ provisions, people }, 'an')).toEqual({
      count: 1,
      people: ['Bình'],
      lines: [{ id: 'a', text: 'Họp hai lần', look: 'is-newer', marks: [{ from: 4, to: 7, look: 'newer' }] }],
    })
  })

  it('counts what others removed, moved or wrote in a cell, and marks what stands', () => {
    const provisions = [
      line('gone', [{ op: '-', text: 'bỏ', user: 'chi' }], { after: null, by: 'chi' }),
      line('moved', [{ op: '=', text: 'chuyển' }], { moved: true, by: 'binh' }),
      line('mine', [{ op: '=', text: 'chuyển' }], { moved: true, by: 'an' }),
      line('row', [], { cells: [[{ op: '+', text: '5', user: 'chi' }]] }),
    ]
    const found = sinceOf({ provisions, people }, 'an')
    expect([found.count, found.people, found.lines.map(({ id }) => id)]).toEqual([3, ['Bình', 'Chi'], ['moved', 'row']])
  })
})
