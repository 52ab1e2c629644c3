// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { attentionOf, AttentionWatch, AWAY_MS, HIDDEN_MS, IDLE_MS, type Attention } from '../../src/presence/attention'

let told: Attention[]
let watch: AttentionWatch
let visibility: DocumentVisibilityState

beforeEach(() => {
  vi.useFakeTimers()
  visibility = 'visible'
  vi.spyOn(document, 'visibilityState', 'get').mockImplementation(() => visibility)
  told = []
  watch = new AttentionWatch((attention) => told.push(attention))
})
afterEach(() => {
  watch.end()
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const hand = (): boolean => document.dispatchEvent(new Event('keydown'))
const see = (state: DocumentVisibilityState): void => {
  visibility = state
  document.dispatchEvent(new Event('visibilitychange'))
}

it('tells idle, then away, and here again with the first move of a hand', () => {
  vi.advanceTimersByTime(IDLE_MS - 1)
  expect(told).toEqual([])
  vi.advanceTimersByTime(1)
  expect(told).toEqual(['idle'])
  vi.advanceTimersByTime(AWAY_MS - IDLE_MS)
  expect(told).toEqual(['idle', 'away'])
  vi.advanceTimersByTime(AWAY_MS)
  hand()
  expect(told).toEqual(['idle', 'away', 'here'])
})

it('tells nothing while hands move, however long', () => {
  for (let n = 0; n < 100; n++) {
    vi.advanceTimersByTime(IDLE_MS - 1000)
    hand()
  }
  expect(told).toEqual([])
})

it('is away when the page has been out of sight for a while, and here when it is seen', () => {
  see('hidden')
  vi.advanceTimersByTime(HIDDEN_MS - 1)
  expect(told).toEqual([])
  vi.advanceTimersByTime(1)
  expect(told).toEqual(['away'])
  see('visible')
  expect(told).toEqual(['away', 'here'])
})

it('hears nothing after its end', () => {
  watch.end()
  vi.advanceTimersByTime(AWAY_MS * 2)
  hand()
  expect(told).toEqual([])
})

it('reads what others tell with doubt', () => {
  expect([attentionOf('idle'), attentionOf('away'), attentionOf('asleep'), attentionOf(7), attentionOf(undefined)]).toEqual([
    'idle', 'away', 'here', 'here', 'here',
  ])
})
