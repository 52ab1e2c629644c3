import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { Pause } from '../../src/ui/pause'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

it('waits for a pause', () => {
  const act = vi.fn<() => void>()
  const pause = new Pause(act, 100, 1000)
  pause.tell()
  vi.advanceTimersByTime(90)
  pause.tell()
  vi.advanceTimersByTime(90)
  expect(act).not.toHaveBeenCalled()
  vi.advanceTimersByTime(10)
  expect(act).toHaveBeenCalledOnce()
})

it('does not wait for ever, and then begins anew', () => {
  const act = vi.fn<() => void>()
  const pause = new Pause(act, 100, 250)
  for (let ms = 0; ms < 500; ms += 50) {
    pause.tell()
    vi.advanceTimersByTime(50)
  }
  expect(act).toHaveBeenCalledTimes(2)
})

it('is stopped, and put off', () => {
  const act = vi.fn<() => void>()
  const pause = new Pause(act, 100, 250)
  pause.tell()
  pause.stop()
  vi.advanceTimersByTime(1000)
  expect(act).not.toHaveBeenCalled()
  pause.tell()
  pause.after(5000)
  vi.advanceTimersByTime(4999)
  expect(act).not.toHaveBeenCalled()
  vi.advanceTimersByTime(1)
  expect(act).toHaveBeenCalledOnce()
})
