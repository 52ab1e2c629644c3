/** Naming people in a comment: "@" and the beginning of a name. */

import type { Person } from '../ui/person'

/** Marks of tone and vowel are left away, and case: "nguyen" finds "Nguyễn". */
export const fold = (text: string): string => text.normalize('NFD').replace(/\p{M}/gu, '').replace(/đ/gi, 'd').toLowerCase()

/** What is being named before the caret: from its "@" on. */
export interface Naming {
  readonly from: number
  readonly words: string
}

/** No name is longer: what follows an "@" further back is a sentence. */
const LONGEST = 40

/** An "@" at the beginning of a word, and what stands between it and the caret. */
export function namingAt(text: string, caret: number): Naming | null {
  const from = text.lastIndexOf('@', caret - 1)
  if (from < 0 || caret - from > LONGEST) return null
  const words = text.slice(from + 1, caret)
  const before = text[from - 1] ?? ' '
  return /[\p{L}\p{N}]/u.test(before) || /[\n@]/.test(words) || words.startsWith(' ') ? null : { from, words }
}

/** Those in whose name each of the words begins a word, in its order; a given name, which stands last, first. */
export function found(people: readonly Person[], words: string): Person[] {
  const wanted = fold(words).split(/\s+/).filter(Boolean)
  const rank = (person: Person): number => {
    const name = fold(person.name).split(/\s+/)
    let at = 0
    for (const word of wanted) {
      const next = name.findIndex((part, index) => index >= at && part.startsWith(word))
      if (next < 0) return -1
      at = next + 1
    }
    return wanted.length > 0 && at === name.length ? 0 : 1
  }
  return people
    .map((person) => ({ person, rank: rank(person) }))
    .filter((one) => one.rank >= 0)
    .toSorted((a, b) => a.rank - b.rank || a.person.name.localeCompare(b.person.name, 'vi'))
    .map(({ person }) => person)
}

/** The text with the name in the place of what was being typed, and where the caret then stands. */
export function named(text: string, { from }: Naming, caret: number, person: Person): { text: string; caret: number } {
  const rest = text.slice(caret)
  const name = `@${person.name}${rest.startsWith(' ') ? '' : ' '}`
  return { text: text.slice(0, from) + name + rest, caret: from + name.length + (rest.startsWith(' ') ? 1 : 0) }
}

/** Of the people chosen those who are still named. */
export const stillNamed = (text: string, chosen: readonly Person[]): Person[] => chosen.filter(({ name }) => text.includes(`@${name}`))

/** A text in stretches, those that name somebody apart. */
export function stretches(text: string, people: readonly Person[]): { words: string; person: Person | null }[] {
  const parts: { words: string; person: Person | null }[] = []
  const longest = people.toSorted((a, b) => b.name.length - a.name.length)
  let plain = ''
  for (let at = 0; at < text.length; ) {
    const person = text[at] === '@' ? longest.find(({ name }) => name !== '' && text.startsWith(name, at + 1)) : undefined
    if (person === undefined) {
      plain += text[at] ?? ''
      at += 1
      continue
    }
    if (plain !== '') parts.push({ words: plain, person: null })
    plain = ''
    parts.push({ words: `@${person.name}`, person })
    at += person.name.length + 1
  }
  return plain === '' ? parts : [...parts, { words: plain, person: null }]
}
