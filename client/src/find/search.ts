/**
 * Finding words in a text as people mean them: an index of each text in which what counts as equal is
 * equal, and the way back to the places of the text. All pure; places are UTF-16 units.
 */

/** `same`: hoà is hòa; `exact`: it is not; `any`: hội is hoi, đ is d. */
export const ACCENTS = ['same', 'exact', 'any'] as const
export type Accents = (typeof ACCENTS)[number]

export interface Wanted {
  readonly words: string
  readonly accents: Accents
  /** Capitals are told from small letters. */
  readonly cases: boolean
  /** Only whole words: whole syllables, whole numbers. */
  readonly whole: boolean
}

/** A text as it is searched; `starts` are the places of its signs in the text, `null` where they are the same. */
export interface Index {
  readonly signs: string
  readonly starts: Int32Array | null
}

export interface Place {
  readonly from: number
  readonly to: number
}

const MARKS = /[\u0300-\u036f]/g
const MARKED = /\p{M}/u
const LETTER = /[\p{L}\p{M}\p{N}]/u
/** Grave, acute, tilde, hook above, dot below. */
const TONES = /[\u0300\u0301\u0303\u0309\u0323]/g
/** The pairs of vowels whose tone is written on either. */
const PAIRS: Readonly<Record<string, string>> = { o: 'ae', u: 'y' }
/** Signs that are written for one another; who wants them exactly asks for `exact`. */
const ALIKE: Readonly<Record<string, string>> = { '“': '"', '”': '"', '„': '"', '‘': "'", '’': "'", '–': '-', '—': '-' }

/** Most texts are of single signs. */
const COMPOUND = /[\p{M}\u{10000}-\u{10ffff}]/u
const MOVABLE = /[òóõỏọùúũủụ][aey]/i

/** A base and the marks behind it are one sign: where each begins. */
function clusters(text: string): number[] {
  if (!COMPOUND.test(text)) return Array.from(text, (_sign, at) => at)
  const starts: number[] = []
  for (let at = 0; at < text.length; ) {
    starts.push(at)
    at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1
    while (at < text.length && MARKED.test(text[at] ?? '')) at += 1
  }
  return starts
}

const toneOf = (sign: string): string => sign.normalize('NFD').match(TONES)?.[0] ?? ''
const toneless = (sign: string): string => sign.normalize('NFD').replace(TONES, '').normalize('NFC')

/** Where the tone stands on the first of two vowels that may both bear it, it goes to the second. */
function settleTones(signs: string[]): void {
  for (let at = 0; at + 1 < signs.length; at += 1) {
    const [first = '', second = ''] = signs.slice(at, at + 2)
    if (first.length > 1 || second.length > 1 || !/[òóõỏọùúũủụ]/i.test(first)) continue
    const partners = PAIRS[toneless(first).toLowerCase()]
    if (second === '' || partners?.includes(second.toLowerCase()) !== true) continue
    signs[at] = toneless(first)
    signs[at + 1] = (second + toneOf(first)).normalize('NFC')
  }
}

const KNOWN = new Map<string, Map<string, string>>()

/** One sign as it is searched; what was worked out for a sign is kept. */
function folder(accents: Accents, cases: boolean): (sign: string) => string {
  const name = `${accents}${String(cases)}`
  const known = KNOWN.get(name) ?? new Map<string, string>()
  KNOWN.set(name, known)
  return (sign) => {
    const found = known.get(sign)
    if (found !== undefined) return found
    let made = sign.normalize('NFC')
    if (accents !== 'exact') made = ALIKE[made] ?? made
    if (accents === 'any') made = made.normalize('NFD').replace(MARKS, '').replace('đ', 'd').replace('Đ', 'D')
    if (!cases) made = made.toLowerCase().normalize('NFC')
    if (known.size < 20_000) known.set(sign, made)
    return made
  }
}

/** The index of a text for such a search; what is wanted itself is indexed alike. */
export function indexOf(text: string, { accents, cases }: Pick<Wanted, 'accents' | 'cases'>): Index {
  const starts = clusters(text)
  const fold = folder(accents, cases)
  const single = starts.length === text.length
  const signs = single
    ? Array.from(text)
    : starts.map((start, at) => text.slice(start, starts[at + 1] ?? text.length).normalize('NFC'))
  if (accents === 'same' && (!single || MOVABLE.test(text))) settleTones(signs)
  const folded = signs.map(fold)
  const joined = folded.join('')
  if (single && joined.length === text.length) return { signs: joined, starts: null }
  const places = new Int32Array(joined.length + 1).fill(-1)
  let at = 0
  folded.forEach((sign, index) => {
    // Where a sign was folded into several, it begins at the first of them only.
    if (sign.length > 0) places[at] = starts[index] ?? 0
    at += sign.length
  })
  places[at] = text.length
  return { signs: joined, starts: places }
}

const signBefore = (text: string, at: number): string =>
  at > 1 && /[\udc00-\udfff]/.test(text[at - 1] ?? '') ? text.slice(at - 2, at) : (text[at - 1] ?? '')

/** Whether a word goes on over this place. */
function within(text: string, at: number): boolean {
  return LETTER.test(signBefore(text, at)) && LETTER.test(String.fromCodePoint(text.codePointAt(at) ?? 0x20))
}

/** Tells of any text, with its index, where what is wanted stands: from left to right, none over another. */
export function finder(wanted: Wanted): (text: string, index: Index) => Place[] {
  const needle = indexOf(wanted.words, wanted).signs
  if (needle === '') return () => []
  return (text, { signs, starts }) => {
    const found: Place[] = []
    for (let at = signs.indexOf(needle); at >= 0; ) {
      const [from = -1, to = -1] = starts ? [starts[at], starts[at + needle.length]] : [at, at + needle.length]
      const taken = from >= 0 && to >= 0 && !(wanted.whole && (within(text, from) || within(text, to)))
      if (taken) found.push({ from, to })
      at = signs.indexOf(needle, taken ? at + needle.length : at + 1)
    }
    return found
  }
}
