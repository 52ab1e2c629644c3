/** Who wrote which words of a provision: what the server answers, cut to what was asked for. */

export interface Person {
  readonly id: string
  readonly name: string
  readonly color: string
}

/** The answer of `/provisions/{id}/authors`; offsets count code points. */
export interface Authorship {
  readonly seq: number
  readonly text: string
  readonly written: readonly { readonly start: number; readonly end: number; readonly user: string; readonly at: number }[]
  readonly people: readonly Person[]
}

/** Part of a provision, in UTF-16 units as the editor counts; without offsets all of it. */
export interface Part {
  readonly id: string
  readonly text: string
  readonly start?: number
  readonly end?: number
}

/** Words of one person; `first` and `last` are when the oldest and newest of them were written. */
export interface Piece {
  readonly text: string
  readonly user: string
  readonly first: number
  readonly last: number
}

const lettersIn = (text: string): number => Array.from(text).length

/**
 * The words of a part, neighbours of one person joined. Where the server's text is not what the
 * editor shows (something is still on its way), offsets would point elsewhere: then all of it.
 */
export function piecesOf(found: Authorship, part: Part): Piece[] {
  const letters = [...found.text]
  const same = part.text === found.text
  const from = same && part.start !== undefined ? lettersIn(part.text.slice(0, part.start)) : 0
  const to = same && part.end !== undefined ? lettersIn(part.text.slice(0, part.end)) : letters.length
  const pieces: Piece[] = []
  for (const { start, end, user, at } of found.written) {
    const text = letters.slice(Math.max(start, from), Math.min(end, to)).join('')
    if (text === '') continue
    const last = pieces.at(-1)
    if (last?.user === user)
      pieces[pieces.length - 1] = { text: last.text + text, user, first: Math.min(last.first, at), last: Math.max(last.last, at) }
    else pieces.push({ text, user, first: at, last: at })
  }
  return pieces
}

export interface Share {
  readonly user: string
  readonly letters: number
  readonly first: number
  readonly last: number
}

/** What each person has in these pieces, who has most first. */
export function sharesOf(pieces: readonly Piece[]): Share[] {
  const found = new Map<string, Share>()
  for (const { user, text, first, last } of pieces) {
    const had = found.get(user)
    const letters = lettersIn(text)
    found.set(
      user,
      had === undefined
        ? { user, letters, first, last }
        : { user, letters: had.letters + letters, first: Math.min(had.first, first), last: Math.max(had.last, last) },
    )
  }
  return [...found.values()].sort((a, b) => b.letters - a.letters)
}
