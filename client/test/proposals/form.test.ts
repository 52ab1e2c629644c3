// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { ProposalForm, type FormStart, type Refused, type Sent } from '../../src/proposals/form'
import type { Wording } from '../../src/proposals/types'
import { say, words } from './made'

Element.prototype.scrollIntoView = () => undefined

const START: FormStart = {
  act: 'replace', name: 'khoản 1 Điều 2', label: '1.', now: words('Họp mỗi tháng.'), start: words('Họp mỗi tháng.'), reason: '', below: 0,
  kind: 'clause', kinds: ['clause', 'point'],
}

describe('the form of a proposal', () => {
  let sent: Sent[]
  let answers: (Refused | null | Error)[]
  let now: Wording | null
  let closed: number
  let form: ProposalForm

  const open = (start: Partial<FormStart> = {}): void => {
    form = new ProposalForm({
      say, start: { ...START, ...start }, now: () => now,
      send: async (one) => {
        sent.push(one)
        const answer = answers.shift() ?? null
        if (answer instanceof Error) throw answer
        return answer
      },
      close: () => {
        closed += 1
      },
    })
    document.body.replaceChildren(form.element)
    form.open()
  }
  const area = (): HTMLTextAreaElement => document.querySelector<HTMLTextAreaElement>('.wording-field')!
  const reason = (): HTMLTextAreaElement => document.querySelector<HTMLTextAreaElement>('.reason-short')!
  const button = (): HTMLButtonElement => document.querySelector<HTMLButtonElement>('[type=submit]')!
  const told = (selector: string): string => document.querySelector(selector)?.textContent ?? ''
  const type = (text: string, target = area()): void => {
    target.value = text
    target.dispatchEvent(new Event('input', { bubbles: true }))
  }
  const submit = async (): Promise<void> => {
    button().click()
    await vi.advanceTimersByTimeAsync(20)
  }
  const key = (target: HTMLElement, name: string, more: KeyboardEventInit = {}): boolean =>
    !target.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true, ...more }))

  beforeEach(() => {
    vi.useFakeTimers()
    vi.stubGlobal('confirm', () => false)
    sent = []
    answers = []
    now = words('Họp mỗi tháng.')
    closed = 0
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })

  it('sends the wording, the reason and what was seen, and only when something new is said', async () => {
    open()
    expect(button().disabled).toBe(true)
    type('Họp mỗi quý.')
    type('Đỡ dày.', reason())
    await submit()
    expect(sent).toEqual([{ wording: words('Họp mỗi quý.'), madeOn: words('Họp mỗi tháng.'), reason: 'Đỡ dày.', kind: 'clause' }])
    expect(closed).toBe(1)
  })

  it('shows what is struck and inserted while one types', async () => {
    open()
    type('Họp mỗi quý.')
    await vi.advanceTimersByTimeAsync(500)
    expect([told('.wording-preview del'), told('.wording-preview ins')]).toEqual(['tháng', 'quý'])
  })

  it('loses nothing when it cannot be sent', async () => {
    open()
    type('Họp mỗi quý.')
    answers = [new Error('no line'), { message: 'Quá nhanh', moved: false }]
    await submit()
    expect(told('.form-said')).toBe('proposals.offline')
    await submit()
    expect(told('.form-said')).toBe('Quá nhanh')
    expect([area().value, closed]).toEqual(['Họp mỗi quý.', 0])
    await submit()
    expect(closed).toBe(1)
  })

  it('shows what stands there now when the words have moved, and then sends on that', async () => {
    open()
    type('Họp mỗi quý.')
    answers = [{ message: 'Đã đổi', moved: true }]
    now = words('Họp mỗi tuần.')
    await submit()
    expect(told('.form-told')).toContain('Họp mỗi tuần.')
    expect(told('.wording-preview del')).toBe('tuần')
    await submit()
    expect(sent.map(({ madeOn }) => madeOn.text)).toEqual(['Họp mỗi tháng.', 'Họp mỗi tuần.'])
  })

  it('goes on showing it while others write elsewhere, and when the provision is back', async () => {
    open()
    type('Họp mỗi quý.')
    answers = [{ message: 'Đã đổi', moved: true }]
    now = words('Họp mỗi tuần.')
    await submit()
    form.moved(now)
    expect(told('.form-told')).toContain('Họp mỗi tuần.')
    form.moved(null)
    expect(told('.form-told')).toBe('proposals.gone_beneath')
    form.moved(now)
    expect(told('.form-told')).toContain('Họp mỗi tuần.')
  })

  it('says when the draft changes beneath it and leaves alone what was typed', () => {
    open()
    type('Họp mỗi quý.')
    form.moved(words('Họp mỗi tháng một lần.'))
    expect(told('.form-told')).toBe('proposals.moved_beneath')
    form.moved(null)
    expect(told('.form-told')).toBe('proposals.gone_beneath')
    expect(area().value).toBe('Họp mỗi quý.')
  })

  it('leaves only when asked twice if something was typed', () => {
    open()
    key(area(), 'Escape')
    expect(closed).toBe(1)
    open()
    type('Họp mỗi quý.')
    key(area(), 'Escape')
    expect(closed).toBe(1)
    vi.stubGlobal('confirm', () => true)
    key(area(), 'Escape')
    expect(closed).toBe(2)
  })

  it('leaves Enter to an input method, and makes no line break otherwise', async () => {
    open()
    type('Họp mỗi quý.')
    expect(key(area(), 'Enter')).toBe(true)
    area().dispatchEvent(new CompositionEvent('compositionstart'))
    expect(key(area(), 'Enter')).toBe(false)
    expect(key(area(), 'Enter', { ctrlKey: true })).toBe(false)
    area().value = 'Họp\nmỗi'
    area().dispatchEvent(new Event('input', { bubbles: true }))
    expect(area().value).toBe('Họp\nmỗi')
    area().dispatchEvent(new CompositionEvent('compositionend'))
    expect(area().value).toBe('Họp mỗi')
    key(area(), 'Enter', { ctrlKey: true })
    await vi.advanceTimersByTimeAsync(20)
    expect(sent.map(({ wording }) => wording.text)).toEqual(['Họp mỗi'])
  })

  it('types a new provision of a kind', async () => {
    open({ act: 'insert', label: '', now: words(''), start: words('') })
    type('  ')
    expect(button().disabled).toBe(true)
    type('Khi cần thì họp trực tuyến.')
    document.querySelector('select')!.value = 'point'
    await submit()
    expect(sent[0]).toMatchObject({ kind: 'point', wording: { text: 'Khi cần thì họp trực tuyến.' } })
    form.moved(words('gì đó'))
    expect(told('.form-told')).toBe('')
  })

  it('removes with all below, for a reason', async () => {
    open({ act: 'remove', below: 3 })
    expect(told('.proposal-form')).toContain('proposals.with_below{"n":3}')
    expect(document.querySelector('.wording-field')).toBeNull()
    await submit()
    expect(sent).toHaveLength(1)
  })

  it('has a field for each cell of a row', async () => {
    const row = words('', ['Họp thường kỳ', '100.000 đồng'])
    open({ now: row, start: row, label: '' })
    const cells = [...document.querySelectorAll<HTMLTextAreaElement>('.wording-field')]
    expect(cells.map(({ value }) => value)).toEqual(row.cells)
    type('150.000 đồng', cells[1])
    await submit()
    expect(sent[0]?.wording).toEqual(words('', ['Họp thường kỳ', '150.000 đồng']))
  })
})
