// @vitest-environment jsdom

import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { keepFresh, show, somethingHappened } from '../../src/ui/bell'

let bell: HTMLElement
let asked: ReturnType<typeof vi.fn>

beforeEach(() => {
  vi.useFakeTimers()
  document.body.innerHTML = '<a id="bell" data-label="Thông báo, {n} chưa đọc"><span class="bell-count" hidden>0</span></a>'
  bell = document.getElementById('bell')!
  asked = vi.fn(() => Promise.resolve(Response.json({ unread: 3 })))
  vi.stubGlobal('fetch', asked)
})

afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

const said = (): [string | null, boolean, string | null] => {
  const count = bell.querySelector<HTMLElement>('.bell-count')!
  return [count.textContent, count.hidden === true, bell.getAttribute('aria-label')]
}

test('the bell says how many wait, and nothing when none do', () => {
  show(bell, 7)
  expect(said()).toEqual(['7', false, 'Thông báo, 7 chưa đọc'])
  show(bell, 120)
  expect(said()).toEqual(['99+', false, 'Thông báo, 120 chưa đọc'])
  show(bell, 0)
  expect(said()).toEqual(['0', true, 'Thông báo, 0 chưa đọc'])
})

test('it looks every minute, and soon after something happened, once for several', async () => {
  keepFresh(bell)
  await vi.advanceTimersByTimeAsync(59_000)
  expect(asked).toHaveBeenCalledTimes(0)
  await vi.advanceTimersByTimeAsync(1_000)
  expect(asked).toHaveBeenCalledTimes(1)
  expect(said()[0]).toBe('3')
  somethingHappened()
  somethingHappened()
  await vi.advanceTimersByTimeAsync(1_500)
  expect(asked).toHaveBeenCalledTimes(2)
})

test('what cannot be asked leaves the count as it was', async () => {
  show(bell, 2)
  keepFresh(bell)
  asked.mockImplementationOnce(() => Promise.reject(new Error('away')))
  await vi.advanceTimersByTimeAsync(60_000)
  asked.mockImplementationOnce(() => Promise.resolve(new Response('', { status: 401 })))
  await vi.advanceTimersByTimeAsync(60_000)
  expect(asked).toHaveBeenCalledTimes(2)
  expect(said()[0]).toBe('2')
})
