// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { CommentForm, type Written } from '../../src/comments/form'
import { PEOPLE, say } from './made'

Element.prototype.scrollIntoView = () => undefined

describe('the form of a comment', () => {
  let sent: Written[]
  let kept: Written[]
  let answers: (string | null)[]
  let closed: number
  let form: CommentForm

  const area = (): HTMLTextAreaElement => document.querySelector('textarea')!
  const button = (): HTMLButtonElement => document.querySelector<HTMLButtonElement>('[type=submit]')!
  const offered = (): string[] => [...document.querySelectorAll('[role=option]')].map((item) => item.textContent ?? '')
  const type = (text: string): void => {
    area().value = text
    area().setSelectionRange(text.length, text.length)
    area().dispatchEvent(new Event('input', { bubbles: true }))
  }
  const key = (name: string, more: KeyboardEventInit = {}): boolean =>
    !area().dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true, ...more }))
  const settle = async (): Promise<void> => {
    await vi.advanceTimersByTimeAsync(20)
  }

  beforeEach(() => {
    vi.useFakeTimers()
    vi.stubGlobal('confirm', () => false)
    ;[sent, kept, answers, closed] = [[], [], [], 0]
    form = new CommentForm({
      say, label: 'lời', sending: 'gửi', people: () => PEOPLE, start: { text: '', mentions: [] },
      send: async (written) => {
        sent.push(written)
        return answers.shift() ?? null
      },
      close: () => {
        closed += 1
      },
      keep: (written) => kept.push(written),
    })
    document.body.replaceChildren(form.element)
    form.focus()
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })

  it('sends with Ctrl+Enter what was written, and nothing that is blank', async () => {
    type('   ')
    expect(button().disabled).toBe(true)
    key('Enter', { ctrlKey: true })
    type(' Nên ghi rõ. ')
    expect(key('Enter')).toBe(false)
    key('Enter', { ctrlKey: true })
    await settle()
    expect(sent).toEqual([{ text: 'Nên ghi rõ.', mentions: [] }])
    expect(closed).toBe(1)
    expect(kept.at(-1)).toEqual({ text: '', mentions: [] })
    expect(form.element.classList.contains('is-written')).toBe(false)
  })

  it('keeps what was typed while it was being sent', async () => {
    type('Ý kiến')
    button().click()
    type('Ý kiến, và thêm')
    await settle()
    expect([area().value, closed, button().disabled]).toEqual(['Ý kiến, và thêm', 0, false])
  })

  it('names people with the keys, accents or not', async () => {
    type('Nhờ @thi')
    expect(offered()).toEqual(['Nguyễn Thị Hạnh Chánh Văn phòng', 'Phạm Thị Lan'])
    expect(area().getAttribute('aria-activedescendant')).toBe(document.querySelector('[aria-selected=true]')?.id)
    key('ArrowDown')
    expect(document.querySelector('[aria-selected=true]')?.textContent).toBe('Phạm Thị Lan')
    expect(key('Enter')).toBe(true)
    expect(area().value).toBe('Nhờ @Phạm Thị Lan ')
    expect(offered()).toEqual([])
    type(`${area().value}xem`)
    key('Enter', { ctrlKey: true })
    await settle()
    expect(sent[0]).toMatchObject({ text: 'Nhờ @Phạm Thị Lan xem', mentions: [{ id: 'lan' }] })
  })

  it('names with a press, and Escape closes the list before the form', () => {
    type('@du')
    document.querySelector<HTMLElement>('[role=option]')!.click()
    expect(area().value).toBe('@Trần Quốc Dũng ')
    type('@du')
    key('Escape')
    expect([offered(), closed]).toEqual([[], 0])
  })

  it('leaves the keys to an input method', () => {
    type('@du')
    expect(key('Enter', { isComposing: true })).toBe(false)
    expect(key('Enter', { keyCode: 229 })).toBe(false)
    expect(offered()).toHaveLength(1)
  })

  it('keeps the words when it is refused', async () => {
    type('Ý kiến')
    answers = ['mất kết nối']
    button().click()
    await settle()
    expect([document.querySelector('.form-said')?.textContent, area().value, closed]).toEqual(['mất kết nối', 'Ý kiến', 0])
    expect(kept.at(-1)).toEqual({ text: 'Ý kiến', mentions: [] })
  })

  it('is left only when asked twice if something was typed', () => {
    type('Ý kiến')
    key('Escape')
    expect(closed).toBe(0)
    vi.stubGlobal('confirm', () => true)
    key('Escape')
    expect(closed).toBe(1)
  })
})
