/** Struck and inserted words while somebody types: whole syllables, nearly as the server will tell them. */

import type { Span } from './types'

/** Pairs of words looked at; a longer text is replaced between its common ends. */
const MAX_PAIRS = 250_000

const WORDS = /\s+|[\p{L}\p{M}\p{N}]+|[^\s\p{L}\p{M}\p{N}]/gu

/** The words between two texts, kept, struck and inserted; "=" and "-" give `before`, "=" and "+" `after`. */
export function spansOf(before: string, after: string): Span[] {
  const old = before.match(WORDS) ?? []
  const now = after.match(WORDS) ?? []
  let head = 0
  while (head < Math.min(old.length, now.length) && old[head] === now[head]) head += 1
  let tail = 0
  while (tail < Math.min(old.length, now.length) - head && old[old.length - 1 - tail] === now[now.length - 1 - tail]) tail += 1
  const spans: Span[] = []
  put(spans, '=', old.slice(0, head))
  between(spans, old.slice(head, old.length - tail), now.slice(head, now.length - tail))
  put(spans, '=', old.slice(old.length - tail))
  return tidy(spans)
}

function put(spans: Span[], op: Span[0], words: readonly string[]): void {
  const text = words.join('')
  if (text === '') return
  const last = spans.at(-1)
  if (last?.[0] === op) spans[spans.length - 1] = [op, last[1] + text]
  else spans.push([op, text])
}

function between(spans: Span[], old: readonly string[], now: readonly string[]): void {
  if (old.length * now.length > MAX_PAIRS) {
    put(spans, '-', old)
    put(spans, '+', now)
    return
  }
  // The longest common run, from the end, so that the walk goes forward.
  const width = now.length + 1
  const best = new Uint16Array((old.length + 1) * width)
  for (let i = old.length - 1; i >= 0; i -= 1)
    for (let j = now.length - 1; j >= 0; j -= 1)
      best[i * width + j] =
        old[i] === now[j] ? best[(i + 1) * width + j + 1]! + 1 : Math.max(best[(i + 1) * width + j]!, best[i * width + j + 1]!)
  let [i, j] = [0, 0]
  while (i < old.length || j < now.length) {
    if (i < old.length && j < now.length && old[i] === now[j]) {
      put(spans, '=', [old[i]!])
      i += 1
      j += 1
    } else if (j >= now.length || (i < old.length && best[(i + 1) * width + j]! >= best[i * width + j + 1]!)) {
      put(spans, '-', [old[i]!])
      i += 1
    } else {
      put(spans, '+', [now[j]!])
      j += 1
    }
  }
}

/** A space kept alone between two changes makes neither easier to read: what is struck stands before what comes. */
function tidy(spans: readonly Span[]): Span[] {
  const found: Span[] = []
  let [struck, come] = ['', '']
  const flush = (): void => {
    if (struck !== '') found.push(['-', struck])
    if (come !== '') found.push(['+', come])
    ;[struck, come] = ['', '']
  }
  spans.forEach(([op, text], at) => {
    if (op === '-') struck += text
    else if (op === '+') come += text
    else if (text.trim() === '' && at > 0 && at < spans.length - 1 && struck !== '' && come !== '') {
      struck += text
      come += text
    } else {
      flush()
      found.push([op, text])
    }
  })
  flush()
  return found
}
