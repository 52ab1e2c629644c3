// @vitest-environment jsdom
import { afterEach, expect, it, vi } from 'vitest'

import { copyText } from '../../src/ui/copying'

afterEach(() => {
  vi.unstubAllGlobals()
  document.body.replaceChildren()
})

/** The old way, as browsers have it: what is selected is copied. */
function oldWay(works: boolean): string[] {
  const taken: string[] = []
  document.execCommand = () => {
    if (works) taken.push((document.activeElement as HTMLTextAreaElement).value)
    return works
  }
  return taken
}

it('takes the way browsers offer to secure pages', async () => {
  const taken: string[] = []
  vi.stubGlobal('navigator', { clipboard: { writeText: async (text: string) => void taken.push(text) } })
  expect([await copyText('Điều 5'), taken]).toEqual([true, ['Điều 5']])
})

it('takes the old way where there is no other, and gives the keys back', async () => {
  vi.stubGlobal('navigator', {})
  const taken = oldWay(true)
  const button = document.createElement('button')
  document.body.append(button)
  button.focus()
  expect([await copyText('Điều 5'), taken]).toEqual([true, ['Điều 5']])
  expect(document.activeElement).toBe(button)
  expect(document.querySelector('textarea')).toBeNull()
})

it('says when nothing was copied', async () => {
  vi.stubGlobal('navigator', { clipboard: { writeText: async () => Promise.reject(new Error('denied')) } })
  oldWay(false)
  expect(await copyText('Điều 5')).toBe(false)
})
