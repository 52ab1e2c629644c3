// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { getFront, provisionText, readProvisions, setFront, setRemoved, type Seed } from '../../src/model'
import { frontPart } from '../../src/model/front-parts'
import { watchNumbers, type Finding } from '../../src/review/findings'
import { ReviewPanel } from '../../src/review/panel'
import { screen, type Screen } from '../editor/screen'

const DRAFT: readonly Seed[] = [
  { kind: 'article', text: 'Chế độ họp' },
  { kind: 'clause', text: 'Họp theo khoản 2 Điều 3 và Điều 4.' },
  { kind: 'clause', text: 'Họp  kín.' },
]
const PANEL = `<button id="show-review" aria-expanded="false">Rà soát <span id="review-count" hidden></span></button>
<aside id="review" hidden><h2 id="review-title" tabindex="-1"></h2><button id="review-next"></button><button id="review-close"></button>
<p id="review-state"></p><p id="review-said"></p><button id="review-again" hidden></button><div id="review-groups"></div>
<details id="review-set-aside" hidden><summary></summary><ul></ul></details></aside>`

describe('the review beside the draft', () => {
  let here: Screen
  let panel: ReviewPanel
  let server: { findings: Finding[]; status: number; asked: string[] }
  let stored: boolean
  let writing: boolean
  let shown: string[]

  const finding = (index: number, quote: string, replacement: string | null, more: Partial<Finding> = {}): Finding => {
    const text = DRAFT[index]!.text ?? ''
    const start = text.indexOf(quote)
    return {
      key: `${index}-${start}`, group: 'references', code: 'stale_renumbered', severity: 'error', provision: here.ids[index]!,
      where: `khoản ${index} Điều 1`, start, end: start + quote.length, quote, lead: text.slice(Math.max(0, start - 24), start),
      trail: text.slice(start + quote.length, start + quote.length + 24), message: `Viện dẫn ${quote}`, replacement, aside: null, ...more,
    }
  }
  const texts = (): string[] => readProvisions(here.doc).map(({ text }) => text)
  const by = (selector: string): HTMLElement => document.querySelector<HTMLElement>(selector)!
  const lines = (): string[] => [...document.querySelectorAll('#review-groups li .review-message')].map((one) => one.textContent ?? '')
  const answered = async (): Promise<void> => {
    await vi.advanceTimersByTimeAsync(20)
  }

  beforeEach(() => {
    vi.useFakeTimers()
    vi.stubGlobal('matchMedia', () => ({ matches: false }))
    Object.assign(globalThis.CSS ?? (globalThis.CSS = {} as typeof CSS), { escape: (text: string) => text })
    here = screen(DRAFT)
    document.body.insertAdjacentHTML('beforeend', PANEL)
    stored = true
    writing = true
    shown = []
    server = {
      findings: [finding(1, 'khoản 2 Điều 3', 'khoản 2 Điều 4'), finding(1, 'Điều 4', 'Điều 5'), finding(2, '  ', ' ', { group: 'marks' })],
      status: 200,
      asked: [],
    }
    vi.stubGlobal('fetch', async (address: string, init?: RequestInit) => {
      server.asked.push(`${init?.method ?? 'GET'} ${address}`)
      const { status, findings } = server
      const body = status === 200 ? { seq: 1, cut: false, findings } : { error: { message: 'máy chủ bận' } }
      return { ok: status === 200, status, json: async () => body } as Response
    })
    panel = new ReviewPanel({
      address: '/review', say: (key, values) => `${key}${values ? JSON.stringify(values) : ''}`, language: 'vi',
      editor: () => here.editor, writing: () => writing, stored: () => stored,
      part: (name) => frontPart(here.doc, name), showPart: (name) => shown.push(name),
    })
    watchNumbers(here.doc, () => panel.renumbered())
  })
  afterEach(() => {
    here.editor.destroy()
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })

  const open = async (): Promise<void> => {
    panel.toggle(true)
    await answered()
  }

  it('asks when it is opened, not before, and counts what is to be looked at', async () => {
    panel.changed()
    await vi.advanceTimersByTimeAsync(5000)
    expect(server.asked).toEqual([])
    await open()
    expect(by('#review-count').textContent).toBe('3')
    expect(by('#review-state').textContent).toBe('room.review.count{"count":3}')
    expect(lines()).toEqual(['Viện dẫn khoản 2 Điều 3', 'Viện dẫn Điều 4', 'Viện dẫn   '])
    expect(by('#show-review').getAttribute('aria-expanded')).toBe('true')
    server.findings = []
    panel.changed()
    await vi.advanceTimersByTimeAsync(5000)
    expect(by('#review-state').textContent).toBe('room.review.none{"count":0}')
    expect(by('#review-count').hidden).toBe(false)
    panel.toggle(false)
    panel.changed()
    expect(by('#review-count').hidden).toBe(true)
  })

  it('repairs one as a step of its own, and Ctrl+Z in the list takes it back', async () => {
    await open()
    by('#review-groups li .review-fix').click()
    await answered()
    expect(texts()[1]).toBe('Họp theo khoản 2 Điều 4 và Điều 4.')
    expect(lines()).toHaveLength(2)
    expect(document.activeElement?.textContent).toContain('Điều 4')
    expect(by('#review-said').textContent).toContain('room.review.done{')
    by('#review').dispatchEvent(new KeyboardEvent('keydown', { key: 'z', ctrlKey: true, bubbles: true }))
    expect(texts()[1]).toBe(DRAFT[1]!.text)
  })

  it('repairs all references at once, and one undo takes all back', async () => {
    await open()
    by('.review-all').click()
    await answered()
    expect(texts()[1]).toBe('Họp theo khoản 2 Điều 4 và Điều 5.')
    expect(texts()[2]).toBe(DRAFT[2]!.text)
    here.editor.commands.undo()
    expect(texts()).toEqual(DRAFT.map(({ text }) => text))
  })

  it('writes nothing where the words have changed, says so and asks anew', async () => {
    await open()
    provisionText(here.doc, here.ids[2]!)!.insert(4, 'x')
    by('[data-key="2-3"] .review-fix').click()
    await answered()
    expect(texts()[2]).toBe('Họp x kín.')
    expect(by('#review-said').textContent).toBe('room.review.gone')
    await vi.advanceTimersByTimeAsync(5000)
    expect(server.asked).toHaveLength(2)
  })

  it('repairs a reference while others type elsewhere: only numbers can make it wrong', async () => {
    await open()
    provisionText(here.doc, here.ids[2]!)!.insert(0, 'X')
    by('#review-groups li .review-fix').click()
    await answered()
    expect(texts()[1]).toBe('Họp theo khoản 2 Điều 4 và Điều 4.')
    expect(server.asked).toHaveLength(1)
  })

  it('repairs a reference only as the numbers are now: the server must know them first', async () => {
    await open()
    setRemoved(here.doc, here.ids[2]!)
    stored = false
    by('#review-groups li .review-fix').click()
    await vi.advanceTimersByTimeAsync(500)
    expect(texts()[1]).toBe(DRAFT[1]!.text)
    expect(by('#review-said').textContent).toBe('room.review.wait')
    server.findings = [finding(1, 'khoản 2 Điều 3', 'khoản 2 Điều 9', { key: 'another' })]
    stored = true
    await vi.advanceTimersByTimeAsync(500)
    expect(texts()[1]).toBe(DRAFT[1]!.text)
    expect(by('#review-said').textContent).toBe('room.review.gone')
    by('[data-key="another"] .review-fix').click()
    await answered()
    expect(texts()[1]).toBe('Họp theo khoản 2 Điều 9 và Điều 4.')
  })

  it('gives up on a reference when the server does not come to know the numbers', async () => {
    await open()
    setRemoved(here.doc, here.ids[2]!)
    stored = false
    by('#review-groups li .review-fix').click()
    await vi.advanceTimersByTimeAsync(9000)
    expect(texts()[1]).toBe(DRAFT[1]!.text)
    expect(by('#review-said').textContent).toBe('room.review.gone')
  })

  it('jumps to the words, and from one to the next', async () => {
    await open()
    by('[data-key="1-9"] .review-jump').click()
    expect(here.editor.selection().provisionId).toBe(here.ids[1])
    expect(here.sheet.querySelector('.spotlit')?.textContent).toBe('khoản 2 Điều 3')
    panel.step(1)
    expect(here.sheet.querySelector('.spotlit')?.textContent).toBe('Điều 4')
    panel.step(1)
    panel.step(1)
    panel.step(-1)
    expect(here.editor.selection().provisionId).toBe(here.ids[2])
  })

  it('shows a reader what there is, without a way to change it', async () => {
    writing = false
    await open()
    expect(lines()).toHaveLength(3)
    expect(document.querySelector('.review-fix, .review-aside, .review-all:not([hidden])')).toBeNull()
  })

  it('puts a finding aside and takes it back', async () => {
    await open()
    const aside = { by: { id: 'an', name: 'Ông An' }, at: 0 }
    const [first] = server.findings
    server.findings[0] = { ...first!, aside }
    by('#review-groups li .review-aside').click()
    await answered()
    expect(server.asked.slice(1)).toEqual(['PUT /review/aside/1-9', 'GET /review'])
    expect(by('#review-count').textContent).toBe('2')
    expect(by('#review-set-aside summary').textContent).toBe('room.review.aside_count{"count":1}')
    server.findings[0] = first!
    by('#review-set-aside .review-back').click()
    await answered()
    expect(by('#review-count').textContent).toBe('3')
    expect(by('#review-set-aside').hidden).toBe(true)
  })

  it('says when it could not be done, tries again by itself, and keeps what it knew', async () => {
    server.status = 503
    await open()
    expect(by('#review-state').textContent).toBe('room.review.failed')
    expect(by('#review-again').hidden).toBe(false)
    server.status = 200
    await vi.advanceTimersByTimeAsync(6000)
    expect(by('#review-count').textContent).toBe('3')
    expect(by('#review-again').hidden).toBe(true)
    server.status = 404
    panel.changed()
    await vi.advanceTimersByTimeAsync(5000)
    expect(by('#review-state').textContent).toBe('room.review.failed_why{"message":"máy chủ bận"}')
    expect(lines()).toHaveLength(3)
  })

  it('mends a field of the front matter, which is taken back by the same key', async () => {
    setFront(here.doc, { date: 'ngày 5 tháng 3 năm 2026', bases: ['Căn cứ một.', 'Dự thảo', 'Căn cứ hai.'] })
    const about = (part: string, start: number, quote: string, replacement: string): Finding => ({
      key: part, group: 'form', code: 'form_date_zero', severity: 'warning', provision: '', part, where: part, start, end: start + quote.length,
      quote, lead: '', trail: '', message: part, replacement, aside: null,
    })
    server.findings = [about('date', 5, '5', '05'), about('bases.0', 10, '.', ';'), about('bases.1', 0, 'Dự thảo', '')]
    await open()
    by('#review-form ~ ul .review-jump').click()
    expect(shown).toEqual(['date'])
    by('#review-form + .review-all').click()
    await answered()
    expect(getFront(here.doc)).toMatchObject({ date: 'ngày 05 tháng 3 năm 2026', bases: ['Căn cứ một;', 'Căn cứ hai.'] })
    here.editor.commands.undo()
    expect(getFront(here.doc)).toMatchObject({ date: 'ngày 5 tháng 3 năm 2026', bases: ['Căn cứ một.', 'Dự thảo', 'Căn cứ hai.'] })
  })
})
