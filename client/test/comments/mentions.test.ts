import { describe, expect, it } from 'vitest'

import { fold, found, named, namingAt, stillNamed, stretches } from '../../src/comments/mentions'
import { PEOPLE } from './made'

const names = (words: string): string[] => found(PEOPLE, words).map(({ id }) => id)

describe('naming people', () => {
  it('leaves accents and case away', () => {
    expect(fold('Đỗ Thị Hạnh')).toBe('do thi hanh')
    expect(names('han')).toEqual(['hanh'])
    expect(names('DŨNG')).toEqual(['dung'])
    expect(names('do')).toEqual(['ha'])
  })

  it('finds by the beginnings of words in their order, a given name first', () => {
    expect(names('thi')).toEqual(['hanh', 'lan'])
    expect(names('nguyen h')).toEqual(['hanh'])
    expect(names('h nguyen')).toEqual([])
    expect(names('ha')).toEqual(['ha', 'hanh'])
    expect(names('')).toHaveLength(4)
    expect(names('xyz')).toEqual([])
  })

  it('begins with "@" at the beginning of a word', () => {
    expect(namingAt('nhờ @ha', 7)).toEqual({ from: 4, words: 'ha' })
    expect(namingAt('nhờ @', 5)).toEqual({ from: 4, words: '' })
    expect(namingAt('(@do thu', 8)).toEqual({ from: 1, words: 'do thu' })
    expect(namingAt('a@b.vn', 6)).toBeNull()
    expect(namingAt('@ ha', 4)).toBeNull()
    expect(namingAt('@ha\nvà', 6)).toBeNull()
    expect(namingAt(`@${'x'.repeat(60)}`, 61)).toBeNull()
    expect(namingAt('ha', 2)).toBeNull()
  })

  it('puts the whole name in and the caret behind it', () => {
    const hanh = PEOPLE[0]!
    expect(named('nhờ @han xem', { from: 4, words: 'han' }, 8, hanh)).toEqual({ text: 'nhờ @Nguyễn Thị Hạnh xem', caret: 21 })
    expect(named('@', { from: 0, words: '' }, 1, hanh)).toEqual({ text: '@Nguyễn Thị Hạnh ', caret: 17 })
  })

  it('forgets whose name was taken out again', () => {
    expect(stillNamed('nhờ @Trần Quốc Dũng', PEOPLE).map(({ id }) => id)).toEqual(['dung'])
  })

  it('tells names from other words', () => {
    expect(stretches('@Đỗ Thu Hà, xem @ai', PEOPLE)).toEqual([
      { words: '@Đỗ Thu Hà', person: PEOPLE[3] },
      { words: ', xem @ai', person: null },
    ])
    expect(stretches('', PEOPLE)).toEqual([])
  })
})
