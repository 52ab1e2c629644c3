import { describe, expect, it } from 'vitest'

import { changedLine, join, stopsOf, type Line, type Stretch } from '../../src/beside/lines'

const line = (id: string, kind: string, partner: string | null, ...stretches: Stretch[]): Line => ({
  digest: `d-${id}`, id, kind: 'clause', label: '', class: kind, said: kind, where: id, partner, stretches,
})

describe('join', () => {
  const first = line('a', 'unchanged', 'A', ['một', ''])
  const known = new Map([[first.digest, first]])

  it('takes known lines by their digest, new ones whole, in the order told', () => {
    const second = line('b', 'amended', 'B', ['hai', 'changed'])
    const told = { seq: 1, title: '', before: [second, { digest: 'd-a' }], after: [] }
    expect(join(told, known)).toEqual({ before: [second, first], after: [] })
  })

  it('knows when a line is not known', () => {
    expect(join({ seq: 1, title: '', before: [{ digest: 'other' }], after: [] }, known)).toBeNull()
  })
})

describe('changedLine', () => {
  it('marks what was put in, letters beyond the first plane and spelling told apart', () => {
    const found = changedLine(line('x', 'amended', 'y', ['𝄞 họp ', ''], ['hai', 'changed'], [' lần', ''], [' hoà', 'spelling']))
    expect(found).toEqual({
      id: 'x',
      text: '𝄞 họp hai lần hoà',
      look: '',
      marks: [{ from: 7, to: 10, look: 'inserted' }, { from: 14, to: 18, look: 'respelt' }],
    })
  })

  it('frames a new provision and does not underline each of its words', () => {
    expect(changedLine(line('x', 'added', null, ['mới', 'changed']))).toMatchObject({ look: 'is-added', marks: [] })
  })
})

describe('stopsOf', () => {
  const lines = {
    before: [
      line('gone0', 'repealed', null), line('a', 'unchanged', 'A'), line('gone1', 'repealed', null),
      line('b', 'amended', 'B'), line('c', 'renumbered', 'C'),
    ],
    after: [line('B', 'amended', 'b'), line('C', 'renumbered', 'c'), line('N', 'added', null)],
  }

  it('goes through the sheet in its order, what is gone between its neighbours, quiet changes passed over', () => {
    expect(stopsOf(lines, ['A', 'N', 'B', 'C']).map(({ key }) => key)).toEqual(['-gone0', '-gone1', 'N', 'B'])
  })

  it('counts a provision that was split once', () => {
    const parts = [line('P', 'split', 'p'), line('Q', 'split', 'p')]
    expect(stopsOf({ before: [line('p', 'split', 'P')], after: parts }, ['P', 'Q']).map(({ key }) => key)).toEqual(['P'])
  })

  it('leaves out what the sheet no longer has', () => {
    expect(stopsOf(lines, ['A', 'B']).map(({ key, after }) => [key, after])).toEqual([['-gone0', ''], ['-gone1', 'A'], ['B', 'B']])
  })
})
