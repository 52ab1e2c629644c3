/** A textarea bound to a Y.Text: the smallest deltas, the caret kept, compositions undisturbed. */

import * as Y from 'yjs'

import { cleanText } from '../model'

/** The change between two texts as one replacement: where, how much goes, what comes. */
export function difference(before: string, after: string): { at: number; remove: number; insert: string } {
  const shortest = Math.min(before.length, after.length)
  let start = 0
  while (start < shortest && before[start] === after[start]) start += 1
  let end = 0
  while (end < shortest - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1
  return { at: start, remove: before.length - start - end, insert: after.slice(start, after.length - end) }
}

const shifted = (position: number, change: { at: number; remove: number; insert: string }): number =>
  position <= change.at ? position : Math.max(change.at, position - change.remove) + change.insert.length

/** Binds `area` to what `read` gives (made on the first word) by edits of that origin; returns how to unbind. */
export function bindText(
  area: HTMLTextAreaElement,
  doc: Y.Doc,
  read: () => Y.Text | null,
  create: () => Y.Text,
  origin: object = {},
): () => void {
  let composing = false
  let shown = read()?.toString() ?? ''
  area.value = shown

  let pushing = false
  const write = (at: number, length: number, words: string): void => {
    pushing = true
    const text = create()
    doc.transact(() => {
      const remove = Math.min(length, Math.max(0, text.length - at))
      if (remove > 0) text.delete(at, remove)
      if (words !== '') text.insert(at, cleanLines(words))
    }, origin)
    pushing = false
  }
  const push = (): void => {
    if (composing) return
    const wanted = area.value
    if (wanted === shown) return
    const change = difference(shown, wanted)
    write(change.at, change.remove, change.insert)
    pull()
  }
  const pull = (): void => {
    if (composing) return
    const now = read()?.toString() ?? ''
    if (now === area.value) {
      shown = now
      return
    }
    const change = difference(area.value, now)
    const { selectionStart, selectionEnd } = area
    area.value = now
    shown = now
    if (document.activeElement === area)
      area.setSelectionRange(shifted(selectionStart, change), shifted(selectionEnd, change))
  }
  const started = (): void => {
    composing = true
  }
  const ended = (): void => {
    composing = false
    // What others wrote while composing is in the document but not in the area: ours goes in first.
    const theirs = read()?.toString() ?? ''
    if (theirs !== shown) {
      const mine = difference(shown, area.value)
      write(shifted(mine.at, difference(shown, theirs)), mine.remove, mine.insert)
      shown = area.value
      pull()
    } else push()
  }
  const changed = (): void => {
    if (!pushing) pull()
  }
  area.addEventListener('input', push)
  area.addEventListener('compositionstart', started)
  area.addEventListener('compositionend', ended)
  doc.on('update', changed)
  return () => {
    area.removeEventListener('input', push)
    area.removeEventListener('compositionstart', started)
    area.removeEventListener('compositionend', ended)
    doc.off('update', changed)
  }
}

const cleanLines = (text: string): string => text.split(/\r\n?|\n/).map(cleanText).join('\n')
