/** What can be completed: the house's short forms and names, and the names the draft itself defines or keeps using. */

/** The house's list, as the page brings it: short forms, each with one thing it stands for, and names of bodies. */
export interface HouseTerms {
  readonly short: readonly (readonly [short: string, long: string])[]
  readonly names: readonly string[]
}

/** Without case, and as a keyboard without "đ" writes it. */
const keyOf = (short: string): string => short.toUpperCase().replaceAll('Đ', 'D')

type Short = ReadonlyMap<string, readonly string[]>

function shortOf({ short }: HouseTerms): Short {
  const found = new Map<string, string[]>()
  for (const [form, long] of short) found.set(keyOf(form), [...(found.get(keyOf(form)) ?? []), long])
  return found
}

/** What one provision tells. */
export interface Told {
  /** Names it defines: "(sau đây gọi tắt là Tỉnh ủy)". */
  readonly defined: readonly string[]
  /** Names of bodies it uses, once for each use. */
  readonly used: readonly string[]
}

const DEFINES = /(?:gọi|viết)\s+(?:tắt\s+|chung\s+)?là:?\s*[“"']?([^;,.()”"'\n]{2,60})/giu
/** Pairs of a capitalised syllable and at most one small one: "Ban | Thường vụ | Tỉnh ủy". */
const NAME = /(?<![\p{L}\p{N}])\p{Lu}\p{Ll}+(?: \p{Ll}+)?(?: \p{Lu}\p{Ll}+(?: \p{Ll}+)?){1,5}(?![\p{L}\p{N}])/gu

/** A name, and the same without a last small syllable, which may belong to what follows. */
const ways = (name: string): string[] => (/ \p{Ll}+$/u.test(name) ? [name, name.slice(0, name.lastIndexOf(' '))] : [name])

export function toldBy(text: string): Told {
  const defined = [...text.matchAll(DEFINES)].map((match) => (match[1] ?? '').trim()).filter((name) => name !== '')
  return { defined, used: [...text.matchAll(NAME)].flatMap(([name]) => ways(name)) }
}

export interface Terms {
  readonly short: Short
  /** Names, those the draft uses most first, then the house's. */
  readonly names: readonly string[]
  /** Short forms the draft has defined for itself: they are right as they stand. */
  readonly own: ReadonlySet<string>
}

/** A name used less often is no name yet. */
const OFTEN = 3
const MOST = 400

export function termsOf(all: readonly Told[], house: HouseTerms): Terms {
  const counts = new Map<string, number>()
  const defined = new Set<string>()
  for (const told of all) {
    for (const name of told.used) counts.set(name, (counts.get(name) ?? 0) + 1)
    for (const name of told.defined) defined.add(name)
  }
  const own = new Set([...defined].filter((name) => /^[A-ZĐ]{2,10}$/.test(name)).map(keyOf))
  const often = [...counts].filter(([name, count]) => count >= OFTEN && name.includes(' '))
  // The beginning of a longer name that is used just as often says nothing more.
  const whole = often.filter(([name, count]) => !often.some(([other, more]) => more === count && other.length > name.length && other.startsWith(`${name} `)))
  const names = [...new Set([...[...defined].filter((name) => name.includes(' ')), ...whole.toSorted(([, a], [, b]) => b - a).map(([name]) => name)])]
  return { short: shortOf(house), names: [...new Set([...names.slice(0, MOST), ...house.names])], own }
}

/** What might be meant: instead of the words from `from` to the caret stands `by`. */
export interface Suggestion {
  readonly from: number
  readonly by: string
}

const SUGGESTED = 5
/** Fewer letters of a name are too little to guess from. */
const BEGUN = 5
/** Small letters that are also a word are no short form. */
const SMALL = 3

/** What might be meant by the words before the caret at `caret`; none inside a word. */
export function suggestionsAt(text: string, caret: number, { short: forms, names, own }: Terms): Suggestion[] {
  if (/^[\p{L}\p{N}]/u.test(text.slice(caret))) return []
  const before = text.slice(0, caret)
  const [word = ''] = /[\p{L}\p{N}]+$/u.exec(before) ?? []
  const glued = /[/.\-@]$/.test(before.slice(0, before.length - word.length))
  if (word === '' || glued) return []
  const key = keyOf(word)
  const capitals = word === word.toUpperCase()
  const long = own.has(key) || (!capitals && (word !== word.toLowerCase() || word.length < SMALL)) ? [] : (forms.get(key) ?? [])
  const short = long.map((by) => ({ from: caret - word.length, by }))
  return [...short, ...begun(before, names)].slice(0, SUGGESTED)
}

/** Names of which the last words before the caret are the beginning; the longest beginning first. */
function begun(before: string, names: readonly string[]): Suggestion[] {
  const starts = [...before.matchAll(/(?<![\p{L}\p{N}])\p{Lu}/gu)].map(({ index }) => index).slice(-6)
  const found: Suggestion[] = []
  for (const from of starts) {
    const words = before.slice(from)
    if (words.length < BEGUN || !words.includes(' ')) continue
    for (const by of names)
      if (by.length > words.length && by.startsWith(words) && !found.some((one) => one.by === by)) found.push({ from, by })
    if (found.length > 0) break
  }
  return found
}
