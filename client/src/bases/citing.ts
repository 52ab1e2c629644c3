/** How a source document is cited in a reason, and which reasons cite it. Pure. */

import type { Basis, BasisWords } from '../model'

/** An article as one types it in short, "5.2.a", as the citation has it: "điểm a khoản 2 Điều 5". Else the words as they are. */
export function unitOf(typed: string): string {
  const words = typed.trim().replace(/\s+/g, ' ')
  const [, article, clause, point] = /^(\d{1,3}[a-zđ]?)(?:\.(\d{1,3}[a-zđ]?))?(?:\.([a-zđ]\d?))?$/iu.exec(words) ?? []
  if (article === undefined) return words
  return [point && `điểm ${point.toLowerCase()}`, clause && `khoản ${clause}`, `Điều ${article}`].filter(Boolean).join(' ')
}

/** What the document is called: "Quy định số 24-QĐ/TW ngày 30/7/2021 của Ban Chấp hành Trung ương". */
export function nameOf({ kind, number, date, body, title }: BasisWords): string {
  const called = number === '' ? title : `số ${number}`
  return [kind, called, date && `ngày ${date}`, body && `của ${body}`].filter(Boolean).join(' ')
}

export const cite = (basis: BasisWords, unit: string): string => [unitOf(unit), nameOf(basis)].filter(Boolean).join(' ')

/** A date as written, with strokes; `null` when there is no such day. */
export function dateOf(typed: string): string | null {
  const words = typed.trim()
  if (words === '') return ''
  const [, y, mm, dd] = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(words) ?? []
  const [, d, m, year] = y === undefined ? (/^(\d{1,2})[-./](\d{1,2})[-./](\d{4})$/.exec(words) ?? []) : ['', dd, mm, y]
  if (d === undefined || m === undefined || year === undefined) return null
  const day = new Date(Date.UTC(Number(year), Number(m) - 1, Number(d)))
  return day.getUTCDate() === Number(d) && day.getUTCMonth() === Number(m) - 1 ? `${d}/${m}/${year}` : null
}

const fold = (words: string): string => words.normalize('NFC').toLocaleLowerCase('vi').replace(/\s+/g, ' ')
const LETTER = /[\p{L}\p{N}]/u

/** Whether a reason speaks of it: by its number, which stands in no other; without one, by its name. */
export function isCited(basis: BasisWords, reason: string): boolean {
  const sought = fold(basis.number === '' ? [basis.kind, basis.title].filter(Boolean).join(' ') : basis.number)
  if (sought === '') return false
  const words = fold(reason)
  for (let at = words.indexOf(sought); at >= 0; at = words.indexOf(sought, at + 1)) {
    const [before, after] = [words[at - 1] ?? '', words[at + sought.length] ?? '']
    if (!LETTER.test(before) && !LETTER.test(after)) return true
  }
  return false
}

/** The provisions that cite it, in the order given. */
export const citing = (basis: BasisWords, reasons: readonly { readonly id: string; readonly reason: string }[]): string[] =>
  reasons.filter(({ reason }) => isCited(basis, reason)).map(({ id }) => id)

/** Those of another list that this one has not yet: by number, or by name. */
export function missing(from: readonly BasisWords[], here: readonly Basis[]): BasisWords[] {
  const key = (one: BasisWords): string => fold(one.number === '' ? nameOf(one) : `${one.kind} ${one.number}`)
  const known = new Set(here.map(key))
  return from.filter((one) => !known.has(key(one)) && known.add(key(one)))
}

/** A citation at a place of a reason, with what parts it from the words before. */
export function joinedTo(before: string, citation: string): string {
  if (before === '' || /\s$/u.test(before)) return citation
  return /[,;:.(]$/u.test(before) ? ` ${citation}` : `; ${citation}`
}
