/** What others changed in a draft since somebody last looked: the server's answer, read for the sheet. */

import { markedLine } from '../editor/marked'
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
  const standing = line.runs.filter(({ op }) => op !== '-')
  return markedLine(line.id, 'is-newer', standing.map(({ op, text, user }) => [text, op === '+' && user !== me ? 'newer' : '']))
}
