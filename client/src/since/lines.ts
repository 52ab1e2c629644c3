/** What others changed in a draft since somebody last looked: the server's answer, read for the sheet. */

import type { ChangedLine } from '../editor/types'

interface Run {
  readonly op: '=' | '-' | '+'
  readonly text: string
  readonly user?: string
}

/** One provision of `/at/{seq}?since=…` (docs/protocol/http.md). */
export interface ToldLine {
  readonly id: string
  readonly before: string | null
  readonly after: string | null
  readonly moved: boolean
  readonly by: string
  readonly runs: readonly Run[]
  readonly cells: readonly (readonly Run[])[]
}

export interface ChangesAnswer {
  readonly provisions: readonly ToldLine[]
  readonly people: readonly { readonly id: string; readonly name: string }[]
}

/** Who else changed a provision: its words, its place, or that it is there at all. */
export function othersIn(line: ToldLine, me: string): string[] {
  const writers = [...line.runs, ...line.cells.flat()].filter(({ op }) => op !== '=').map(({ user }) => user ?? '')
  const gone = line.before === null || line.after === null || line.moved
  return [...new Set(gone ? [...writers, line.by] : writers)].filter((id) => id !== '' && id !== me)
}

export interface Since {
  /** How many provisions others changed, those that are gone among them. */
  readonly count: number
  readonly people: readonly string[]
  /** Those that stand in the sheet, in its order. */
  readonly lines: readonly ChangedLine[]
}

export function sinceOf(answer: ChangesAnswer, me: string): Since {
  const changed = answer.provisions.map((line) => ({ line, others: othersIn(line, me) })).filter(({ others }) => others.length > 0)
  const ids = new Set(changed.flatMap(({ others }) => others))
  return {
    count: changed.length,
    people: answer.people.filter(({ id }) => ids.has(id)).map(({ name }) => name),
    lines: changed.filter(({ line }) => line.after !== null).map(({ line }) => marked(line, me)),
  }
}

function marked(line: ToldLine, me: string): ChangedLine {
  const marks: { from: number; to: number; look: string }[] = []
  let at = 0
  for (const { op, text, user } of line.runs) {
    if (op === '-') continue
    if (op === '+' && user !== me) marks.push({ from: at, to: at + text.length, look: 'newer' })
    at += text.length
  }
  const text = line.runs.filter(({ op }) => op !== '-').map((run) => run.text).join('')
  return { id: line.id, text, look: 'is-newer', marks }
}
