// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { References, tellingOnes, type FollowedAnswer, type Renumbered } from '../../src/compare/references'

const panel = (id: string): string => `<details id="${id}"><summary><span class="count">…</span></summary><p class="said"></p><ul></ul></details>`
const moved = (before: string, after: string): Renumbered => ({
  provision: `p-${after}`, before, after, before_cited: before, after_cited: after,
})

describe('numbers and references beside the table', () => {
  let status: number
  let answer: FollowedAnswer
  const body = (): HTMLElement => document.querySelector('tbody')!
  const words = (id: string): string[] => [...document.querySelectorAll(`#${id} li`)].map((line) => line.textContent ?? '')
  const said = (id: string): string => document.querySelector(`#${id} .said`)?.textContent ?? ''
  const made = (): References => new References(body(), '/references', (key, values) => `${key}${values ? JSON.stringify(values) : ''}`)

  beforeEach(() => {
    vi.useFakeTimers()
    Object.assign(globalThis.CSS ?? (globalThis.CSS = {} as typeof CSS), { escape: (text: string) => text })
    Element.prototype.scrollIntoView = () => undefined
    document.body.innerHTML = `<table><tbody><tr data-before="a" data-after="a"></tr><tr hidden data-before="" data-after="b"></tr></tbody></table>${panel('references')}${panel('renumbered')}`
    status = 200
    answer = { renumbered: [], references: [] }
    vi.stubGlobal('fetch', async () => ({ ok: status === 200, status, json: async () => answer }) as Response)
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })

  it('leave out what goes without saying', () => {
    const all = [
      moved('dieu:5', 'dieu:6'), moved('dieu:5/khoan:1', 'dieu:6/khoan:1'), moved('dieu:5/khoan:2', 'dieu:6/khoan:3'),
      moved('dieu:5/khoan:2/diem:a', 'dieu:6/khoan:3/diem:a'), moved('dieu:7/khoan:1', 'dieu:9/khoan:1'),
    ]
    expect(tellingOnes(all).map(({ after }) => after)).toEqual(['dieu:6', 'dieu:6/khoan:3', 'dieu:9/khoan:1'])
  })

  it('are listed with the way to their row, filtered away or not', async () => {
    answer = {
      renumbered: [moved('dieu:5', 'dieu:6')],
      references: [
        { provision: 'b', where: 'khoản 1 Điều 2', quote: 'Điều 5', reason: 'renumbered', repaired: 'Điều 6' },
        { provision: 'a', where: 'Điều 1', quote: 'Điều 9', reason: 'repealed', repaired: null },
      ],
    }
    await made().load()
    expect(words('renumbered')).toEqual(['dieu:5 → dieu:6'])
    expect(words('references')).toEqual([
      'khoản 1 Điều 2: room.references.renumbered{"quote":"Điều 5"} room.references.repaired{"repaired":"Điều 6"}',
      'Điều 1: room.references.repealed{"quote":"Điều 9"}',
    ])
    expect(document.querySelector('#references .count')?.textContent).toBe('2')
    expect(said('references')).toBe('')
    document.querySelector<HTMLElement>('#references button')?.click()
    expect(document.activeElement).toBe(body().lastElementChild)
    expect((body().lastElementChild as HTMLElement).hidden).toBe(false)
  })

  it('say that there are none, and that it could not be known: never the one for the other', async () => {
    status = 503
    await made().load()
    expect(said('references')).toBe('room.references.failed')
    status = 200
    await vi.advanceTimersByTimeAsync(6000)
    expect(said('references')).toBe('room.references.none')
    expect(said('renumbered')).toBe('room.renumbered.none')
  })

  it('are bounded on the screen', async () => {
    answer = { renumbered: Array.from({ length: 500 }, (_, n) => moved(`dieu:${n}`, `dieu:${n + 1}`)), references: [] }
    await made().load()
    expect(words('renumbered')).toHaveLength(201)
    expect(words('renumbered').at(-1)).toBe('room.references.more{"count":300}')
    expect(document.querySelector('#renumbered .count')?.textContent).toBe('500')
  })
})
