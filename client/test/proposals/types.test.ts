import { describe, expect, it } from 'vitest'

import { choicesOf, groupsOf, passes, sameWords, wordsNow, type Filter } from '../../src/proposals/types'
import { clean, proposal, words } from './made'

const ALL: Filter = { state: 'all', person: '', article: '' }

describe('a list of proposals', () => {
  const ones = [
    proposal('p1', 'gop'), proposal('p2', 'khac', { where: 'Điều 3', article: { id: 'a3', where: 'Điều 3' } }),
    proposal('p1', 'khac', { state: 'declined', outlook: null }), proposal('p9', 'gop', { article: null, state: 'accepting' }),
  ]

  it('is gathered by provision in the order told', () => {
    expect(groupsOf(ones).map(({ provision, proposals }) => [provision, proposals.length])).toEqual([['p1', 2], ['p2', 1], ['p9', 1]])
  })

  it('is filtered by state, person and article', () => {
    const count = (filter: Partial<Filter>): number => ones.filter((one) => passes(one, { ...ALL, ...filter })).length
    expect([count({}), count({ state: 'open' }), count({ state: 'answered' })]).toEqual([4, 3, 1])
    expect([count({ person: 'gop' }), count({ article: 'a3' }), count({ person: 'gop', article: 'a3' })]).toEqual([2, 1, 0])
  })

  it('offers every person and every article once', () => {
    const { people, articles } = choicesOf(ones)
    expect(people.map(({ id }) => id)).toEqual(['gop', 'khac'])
    expect(articles.map(({ id }) => id)).toEqual(['a2', 'a3'])
  })

  it('knows what stands there now as far as it is told', () => {
    expect(wordsNow(ones[0]!)?.text).toBe('Họp mỗi tháng.')
    expect(wordsNow(proposal('p1', 'gop', { outlook: clean({ now: [{ id: 'p1', ...words('Họp mỗi năm.') }] }) }))?.text).toBe('Họp mỗi năm.')
    expect(wordsNow(proposal('p1', 'gop', { outlook: clean({ standing: 'gone' }) }))).toBeNull()
    expect(sameWords(words('', ['a', 'b']), words('', ['a', 'b']))).toBe(true)
    expect(sameWords(words('', ['a', 'b']), words('', ['a']))).toBe(false)
  })
})
