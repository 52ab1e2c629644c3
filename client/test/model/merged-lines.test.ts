import { describe, expect, it } from 'vitest'

import { mergedLines } from '../../src/model/merged-lines'

const merged = (base: string, mine: string, now: string): string => mergedLines([...base], [...mine], [...now]).join('')

describe('mergedLines', () => {
  it.each([
    ['nothing done by them: mine', 'abc', 'xbcd', 'abc', 'xbcd'],
    ['nothing done by me: theirs', 'abc', 'abc', 'bxc', 'bxc'],
    ['the same done by both', 'abc', 'axc', 'axc', 'axc'],
    ['the same added by both at different places', 'ab', 'xab', 'abx', 'abx'],
    ['each rewrote another line', 'ab', 'xb', 'ay', 'xy'],
    ['both rewrote one line', 'abc', 'axc', 'ayc', 'axyc'],
    ['I took away what they left', 'abc', 'ac', 'abcd', 'acd'],
    ['they took away what I left', 'abc', 'abcd', 'ac', 'acd'],
    ['I took away what they rewrote', 'abc', 'ac', 'ayc', 'ayc'],
    ['they took away what I rewrote', 'abc', 'axc', 'ac', 'axc'],
    ['I moved a line, they added one', 'abc', 'bca', 'abcd', 'bcad'],
    ['both began the list', '', 'ab', 'cd', 'abcd'],
    ['I emptied the list, they added to it', 'ab', '', 'abc', 'c'],
    ['they emptied the list, I added to it', 'ab', 'abc', '', 'c'],
    ['lines that stand there twice', 'aab', 'aabx', 'aaab', 'aaabx'],
  ])('%s', (_, base, mine, now, expected) => {
    expect(merged(base, mine, now)).toBe(expected)
  })

  it('keeps every line that only one of both touched, whoever did what', () => {
    const shuffled = (seed: number, lines: string[]): string[] => {
      let state = seed
      const roll = (most: number): number => (state = (state * 1103515245 + 12345) % 2147483648) % most
      const made = lines.filter(() => roll(4) > 0)
      for (let count = roll(3); count > 0; count--) made.splice(roll(made.length + 1), 0, `${seed}-${count}`)
      return made
    }
    const base = [...'abcdefgh']
    for (let seed = 1; seed < 400; seed++) {
      const [mine, now] = [shuffled(seed, base), shuffled(seed + 1000, base)]
      const both = mergedLines(base, mine, now)
      const kept = base.filter((line) => mine.includes(line) && now.includes(line))
      const fresh = [...mine, ...now].filter((line) => !base.includes(line))
      expect(both.toSorted()).toEqual([...kept, ...fresh].toSorted())
      expect(mergedLines(base, mine, base)).toEqual(mine)
      expect(mergedLines(base, base, now)).toEqual(now)
    }
  })
})
