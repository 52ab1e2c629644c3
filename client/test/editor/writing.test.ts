// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { applyAwarenessUpdate, Awareness, encodeAwarenessUpdate } from 'y-protocols/awareness'
import * as Y from 'yjs'

import { provisionText } from '../../src/model'
import { screen } from './screen'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const DUNG = { id: 'dung', name: 'Dũng', color: '#1f6b2c' }

function two() {
  const here = screen([{ kind: 'article', text: 'Chế độ họp' }, { kind: 'article', text: 'Chế độ báo cáo' }])
  const other = new Awareness(new Y.Doc())
  other.on('update', ({ added, updated }: Record<'added' | 'updated', number[]>) =>
    applyAwarenessUpdate(here.awareness, encodeAwarenessUpdate(other, [...added, ...updated]), 'wire'),
  )
  other.setLocalStateField('user', DUNG)
  const signs = (): string[] => [...here.sheet.querySelectorAll<HTMLElement>('.being-written')].map((block) => `${block.dataset['id'] ?? ''} ${block.title}`)
  return { ...here, other, signs }
}

it('shows in which provision somebody else writes, and when they stop', () => {
  const { ids, other, signs } = two()
  other.setLocalStateField('writing', ids[1])
  expect(signs()).toEqual([`${ids[1]} editor.writing{"names":"Dũng"}`])
  other.setLocalStateField('writing', ids[0])
  expect(signs()).toEqual([`${ids[0]} editor.writing{"names":"Dũng"}`])
  other.setLocalStateField('writing', null)
  expect(signs()).toEqual([])
})

it('keeps the sign while the words change under it', () => {
  const { ids, doc, other, signs } = two()
  other.setLocalStateField('writing', ids[1])
  const theirs = new Y.Doc()
  Y.applyUpdate(theirs, Y.encodeStateAsUpdate(doc))
  provisionText(theirs, ids[1]!)?.insert(0, 'Từ xa: ')
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(theirs))
  expect(signs()).toHaveLength(1)
})

it('tells the others while one writes, and a moment after the last letter that one has stopped', () => {
  const { ids, awareness, caret, key } = two()
  const writing = (): unknown => awareness.getLocalState()?.['writing'] ?? null
  caret(1, 3)
  expect(writing()).toBeNull()
  key('Enter')
  expect(typeof writing()).toBe('string')
  expect(writing()).not.toBe(ids[0])
  vi.advanceTimersByTime(2900)
  expect(writing()).not.toBeNull()
  vi.advanceTimersByTime(200)
  expect(writing()).toBeNull()
})

it('does not say that one writes when others do', () => {
  const { ids, doc, awareness } = two()
  const theirs = new Y.Doc()
  Y.applyUpdate(theirs, Y.encodeStateAsUpdate(doc))
  provisionText(theirs, ids[0]!)?.insert(0, 'Từ xa: ')
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(theirs))
  expect(awareness.getLocalState()?.['writing'] ?? null).toBeNull()
})

it('says once that somebody begins to write where one is', () => {
  const { ids, other, notices, caret, editor } = two()
  caret(0, 2)
  editor.focus()
  other.setLocalStateField('writing', ids[1])
  expect(notices).toEqual([])
  other.setLocalStateField('writing', ids[0])
  other.setLocalStateField('cursor', null)
  expect(notices).toEqual([{ key: 'editor.writing_here', values: { name: 'Dũng' } }])
})

it('passes over what is no sign', () => {
  const { other, signs } = two()
  for (const nonsense of [7, {}, 'nowhere', ['x']]) other.setLocalStateField('writing', nonsense)
  expect(signs()).toEqual([])
})
