import { afterEach, beforeEach, expect, it, vi } from 'vitest'

import { fetched } from '../../src/ui/fetched'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

const SAID = [
  'Failed to fetch dynamically imported module: /static/panel.js',
  'error loading dynamically imported module: /static/panel.js',
  'Importing a module script failed.',
  'Unable to preload CSS for /static/panel.css',
]

it('asks again with growing pauses until the part comes, whatever the browser says', async () => {
  const load = vi.fn<() => Promise<string>>()
  for (const words of SAID) load.mockRejectedValueOnce(new TypeError(words))
  load.mockResolvedValue('the pane')
  const found = fetched(load)
  await vi.advanceTimersByTimeAsync(1000 + 2000 + 4000)
  expect(load).toHaveBeenCalledTimes(4)
  await vi.advanceTimersByTimeAsync(8000)
  await expect(found).resolves.toBe('the pane')
})

it('hides no mistake of a part that came', async () => {
  const load = vi.fn<() => Promise<string>>().mockRejectedValue(new TypeError('x is undefined'))
  await expect(fetched(load)).rejects.toThrow('x is undefined')
  expect(load).toHaveBeenCalledTimes(1)
})
