import fc from 'fast-check'
import { expect, test } from 'vitest'

import { piecesOf, sharesOf, type Authorship } from '../../src/history/authors'

/** An answer from (words, person, moment) in order. */
function answer(...parts: (readonly [string, string, number])[]): Authorship {
  let at = 0
  const written = parts.map(([text, user, moment]) => {
    const start = at
    at += [...text].length
    return { start, end: at, user, at: moment }
  })
  return { seq: 1, text: parts.map(([text]) => text).join(''), written, people: [] }
}

test('a selection is cut in the letters the editor counts, whatever plane they are of', () => {
  const found = answer(['Ban 😀 ', 'an', 1], ['Thường vụ', 'binh', 2], [' họp', 'an', 3])
  const start = found.text.indexOf('😀')
  const part = { id: 'k', text: found.text, start, end: found.text.indexOf('vụ') }
  expect(piecesOf(found, part).map(({ text, user }) => [text, user])).toEqual([
    ['😀 ', 'an'],
    ['Thường ', 'binh'],
  ])
})

test('a text that is not what the server has is shown whole', () => {
  const found = answer(['Ban ', 'an', 1], ['Thường vụ', 'an', 5])
  expect(piecesOf(found, { id: 'k', text: 'Ban Thường vụ!', start: 0, end: 1 })).toEqual([
    { text: 'Ban Thường vụ', user: 'an', first: 1, last: 5 },
  ])
})

test('pieces spell the text, neighbours differ, and shares count every letter once', () => {
  const words = fc.tuple(fc.constantFrom('Ban ', '😀', 'họp', 'a'), fc.constantFrom('an', 'binh', 'chi'), fc.nat(9))
  fc.assert(
    fc.property(fc.array(words, { maxLength: 8 }), (parts) => {
      const found = answer(...parts)
      const pieces = piecesOf(found, { id: 'k', text: found.text })
      expect(pieces.map(({ text }) => text).join('')).toBe(found.text)
      pieces.slice(1).forEach((piece, at) => expect(piece.user).not.toBe(pieces[at]!.user))
      const shares = sharesOf(pieces)
      expect(shares.reduce((sum, { letters }) => sum + letters, 0)).toBe([...found.text].length)
      expect(new Set(shares.map(({ user }) => user)).size).toBe(shares.length)
    }),
  )
})
