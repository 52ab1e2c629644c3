// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { provisionText, readProvisions, setRemoved, type Seed } from '../../src/model'
import { ProposalsPanel } from '../../src/proposals/panel'
import type { Proposal } from '../../src/proposals/types'
import { screen, type Screen } from '../editor/screen'
import { clean, proposal, say, words } from './made'

const DRAFT: readonly Seed[] = [
  { kind: 'article', text: 'Chế độ họp' },
  { kind: 'clause', text: 'Họp mỗi tháng.' },
  { kind: 'point', text: 'họp kín;' },
]
const PAGE = `<button id="propose" hidden></button><span id="proposals-count" hidden></span>
<aside id="proposals"><h2 id="proposals-title" tabindex="-1"></h2>
<select id="proposals-filter-state"><option value="open"></option><option value="answered"></option><option value="all"></option></select>
<select id="proposals-filter-person"><option value=""></option></select><select id="proposals-filter-article"><option value=""></option></select>
<p id="proposals-state"></p><p id="proposals-said"></p>
<p id="proposals-bulk" hidden><button id="proposals-accept-all"></button><button id="proposals-decline-all"></button></p>
<p id="proposals-empty" hidden></p><div id="proposals-list"></div></aside>
<dialog id="proposals-answer-all"><h2 id="proposals-answer-title"></h2><textarea id="proposals-answer-words"></textarea></dialog>
<p id="live"></p>`

describe('proposals beside the draft', () => {
  let here: Screen
  let panel: ProposalsPanel
  let told: Proposal[]
  let asked: { method: string; path: string; body: Record<string, unknown> | null }[]
  let refusal: { code: string; message: string } | null
  let role: 'writes' | 'proposes' | 'reads'
  let clause: string

  const by = <T extends HTMLElement>(selector: string): T => document.querySelector<T>(selector)!
  const all = (selector: string): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(selector)]
  const card = (one: Proposal): HTMLElement => by(`.proposal-card[data-id="${one.id}"]`)
  const settle = async (): Promise<void> => {
    await vi.advanceTimersByTimeAsync(60)
  }
  const click = async (selector: string, inside: ParentNode = document): Promise<void> => {
    inside.querySelector<HTMLElement>(selector)!.click()
    await settle()
  }
  const posts = (): typeof asked => asked.filter(({ method }) => method !== 'GET')

  const start = async (as: typeof role = 'writes'): Promise<void> => {
    role = as
    here = screen(DRAFT, as === 'writes')
    clause = here.ids[1]!
    document.body.insertAdjacentHTML('beforeend', PAGE)
    told = [proposal(clause, 'gop'), proposal(clause, 'khac', { wording: words('Họp mỗi năm.') })]
    told[0] = { ...told[0]!, collide: [told[1]!.id] }
    panel = new ProposalsPanel({
      address: '/q', say, language: 'vi', me: 'gop', editor: () => here.editor, nameOf: (id) => `tên ${here.ids.indexOf(id)}`,
      order: () => readProvisions(here.doc).map(({ id }) => id), mayPropose: () => role !== 'reads', mayWrite: () => role === 'writes',
      sheet: here.sheet, live: by('#live'), show: () => panel.open(),
      onMode: (on) => here.editor.setEditable(role === 'writes' && !on), onComment: () => undefined,
    })
    panel.open()
    await settle()
  }

  beforeEach(() => {
    vi.useFakeTimers()
    vi.stubGlobal('confirm', () => true)
    Object.assign(globalThis.CSS ?? (globalThis.CSS = {} as typeof CSS), { escape: (text: string) => text })
    HTMLDialogElement.prototype.showModal = function showModal() {
      this.open = true
    }
    HTMLDialogElement.prototype.close = function close(value?: string) {
      this.open = false
      if (value !== undefined) this.returnValue = value
      this.dispatchEvent(new Event('close'))
    }
    document.elementFromPoint = () => null
    asked = []
    refusal = null
    vi.stubGlobal('fetch', async (path: string, init?: RequestInit) => {
      const method = init?.method ?? 'GET'
      asked.push({ method, path, body: init?.body === undefined ? null : (JSON.parse(String(init.body)) as Record<string, unknown>) })
      if (method === 'GET') return { ok: true, status: 200, json: async () => ({ seq: 1, proposals: told }) } as Response
      if (refusal !== null) return { ok: false, status: 409, json: async () => ({ error: refusal }) } as Response
      const decided = told.map(({ id }, at) => ({ id, left: at === 1 ? { message: 'vướng' } : null }))
      return { ok: true, status: 200, json: async () => ({ id: 'q99', edition: 1, decided }) } as Response
    })
  })
  afterEach(() => {
    here.editor.destroy()
    document.body.replaceChildren()
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })

  it('shows words, people, reasons and collisions, counts the open ones and marks their provisions', async () => {
    await start()
    expect(by('#proposals-count').textContent).toBe('2')
    const first = card(told[0]!)
    expect([first.querySelector('del')?.textContent, first.querySelector('ins')?.textContent]).toEqual(['tháng', 'quý'])
    expect(first.textContent).toContain('Ông gop')
    expect(first.textContent).toContain('vì thực tiễn')
    expect(first.querySelector('.note-collide')?.textContent).toContain('Ông khac')
    expect(here.sheet.querySelectorAll('.has-proposals')).toHaveLength(1)
    expect(here.sheet.querySelector('.has-proposals')?.textContent).toBe('Họp mỗi tháng.')
  })

  it('offers each what they may do', async () => {
    await start()
    const acts = (one: Proposal): string[] => [...card(one).querySelectorAll('.proposal-acts button')].map((button) => button.textContent ?? '')
    expect(acts(told[0]!)).toEqual(['accept', 'adapt', 'decline', 'amend', 'withdraw'].map((key) => `proposals.${key}`))
    expect(acts(told[1]!)).toEqual(['accept', 'adapt', 'decline'].map((key) => `proposals.${key}`))
    role = 'proposes'
    panel.redraw()
    expect(acts(told[0]!)).toEqual(['proposals.amend', 'proposals.withdraw'])
    expect(acts(told[1]!)).toEqual([])
    expect(by('#proposals-bulk').hidden).toBe(true)
    role = 'reads'
    panel.redraw()
    expect(by('#propose').hidden).toBe(true)
  })

  it('accepts the edition that was seen, and says so or why not', async () => {
    await start()
    await click('.act-accept', card(told[1]!))
    expect(posts()).toEqual([{ method: 'POST', path: `/q/${told[1]!.id}/accept`, body: { edition: 1 } }])
    expect(by('#proposals-said').textContent).toContain('proposals.accepted_said')
    refusal = { code: 'proposal_changed', message: 'vừa đổi' }
    await click('.act-accept', card(told[0]!))
    expect(by('#proposals-said').textContent).toBe('vừa đổi')
  })

  it('accepts another wording, written over what was shown, and keeps it when the draft has gone on', async () => {
    await start()
    await click('.act-adapt', card(told[1]!))
    const area = card(told[1]!).querySelector<HTMLTextAreaElement>('.wording-field')!
    expect(area.value).toBe('Họp mỗi quý.')
    area.value = 'Họp mỗi quý, mỗi năm.'
    area.dispatchEvent(new Event('input', { bubbles: true }))
    refusal = { code: 'proposal_conflict', message: 'dự thảo đã khác' }
    told = [told[0]!, { ...told[1]!, outlook: clean({ standing: 'conflict', now: [{ id: clause, ...words('Họp mỗi tuần.') }] }) }]
    await click('[type=submit]', card(told[1]!))
    expect(posts().at(-1)?.body).toMatchObject({ text: 'Họp mỗi quý, mỗi năm.', made_on: { text: 'Họp mỗi tháng.' } })
    expect(card(told[1]!).querySelector('.form-said')?.textContent).toBe('dự thảo đã khác')
    expect(card(told[1]!).querySelector<HTMLTextAreaElement>('.wording-field')?.value).toBe('Họp mỗi quý, mỗi năm.')
    refusal = null
    await click('[type=submit]', card(told[1]!))
    expect(posts().at(-1)?.body).toMatchObject({ made_on: { text: 'Họp mỗi tuần.' } })
    expect(card(told[1]!).querySelector('.deciding-form')).toBeNull()
  })

  it('answers with a reason, never without', async () => {
    await start()
    await click('.act-decline', card(told[0]!))
    await click('[type=submit]', card(told[0]!))
    expect([posts().length, card(told[0]!).querySelector('.form-said')?.textContent]).toEqual([0, 'proposals.answer_missing'])
    card(told[0]!).querySelector<HTMLTextAreaElement>('.reason-short')!.value = 'Giữ theo Quy định 22.'
    await click('[type=submit]', card(told[0]!))
    expect(posts().at(-1)).toEqual({ method: 'POST', path: `/q/${told[0]!.id}/decline`, body: { edition: 1, answer: 'Giữ theo Quy định 22.' } })
  })

  it('keeps a form that stands open while the list goes on, whatever is filtered', async () => {
    await start()
    await click('.act-decline', card(told[1]!))
    card(told[1]!).querySelector<HTMLTextAreaElement>('.reason-short')!.value = 'Đang viết'
    told = [told[0]!, { ...told[1]!, state: 'withdrawn', outlook: null, edition: 2 }]
    await panel.ask()
    expect(card(told[1]!).querySelector<HTMLTextAreaElement>('.reason-short')?.value).toBe('Đang viết')
    expect(card(told[1]!).querySelector('.form-said')?.textContent).toBe('proposals.decided_meanwhile')
    by<HTMLSelectElement>('#proposals-filter-person').value = 'gop'
    by('#proposals-filter-person').dispatchEvent(new Event('change'))
    expect(all('.proposal-card')).toHaveLength(2)
    await click('.form-acts button[type=button]', card(told[1]!))
    expect(all('.proposal-card')).toHaveLength(1)
  })

  it('removes what has changed only as it was seen', async () => {
    await start()
    told = [proposal(clause, 'khac', { act: 'remove', wording: words(''), spans: [[['-', 'Họp mỗi tháng.']]], changes: null, outlook: clean({ standing: 'conflict', seen: 'abc', merged: null, now: [{ id: clause, ...words('Họp mỗi tuần.') }] }) })]
    await panel.ask()
    vi.stubGlobal('confirm', () => false)
    await click('.act-accept', card(told[0]!))
    expect(posts()).toEqual([])
    vi.stubGlobal('confirm', () => true)
    await click('.act-accept', card(told[0]!))
    expect(posts()[0]?.body).toEqual({ edition: 1, seen: 'abc' })
  })

  it('decides many at once and says what was left', async () => {
    await start()
    await click('#proposals-accept-all')
    expect(posts()[0]).toEqual({ method: 'POST', path: '/q/decide', body: { proposals: told.map(({ id }) => ({ id, edition: 1 })) } })
    expect(by('#proposals-said').textContent).toBe('proposals.decided_some{"n":1,"left":1,"why":"vướng"}')
    await click('#proposals-decline-all')
    const dialog = by<HTMLDialogElement>('#proposals-answer-all')
    by<HTMLTextAreaElement>('#proposals-answer-words').value = 'Đã rõ.'
    dialog.close('send')
    await settle()
    expect(posts()[1]?.body).toMatchObject({ answer: 'Đã rõ.' })
  })

  it('shows the proposals for one provision side by side', async () => {
    await start()
    await click('.show-sides')
    const sides = by<HTMLDialogElement>('#sides')
    expect(sides.open).toBe(true)
    expect([...sides.querySelectorAll('.side h3')].map((one) => one.textContent)).toEqual([
      'proposals.now', expect.stringContaining('Ông gop'), expect.stringContaining('Ông khac'),
    ])
    told = []
    await panel.ask()
    expect(sides.open).toBe(false)
  })

  it('tells of a new one, of somebody else', async () => {
    await start()
    told = [...told, proposal(clause, 'gop'), proposal(clause, 'moi')]
    await panel.ask()
    expect(by('#live').textContent).toBe('proposals.came{"name":"Ông moi","where":"khoản 1 Điều 2"}')
  })

  it('proposes at the provision that was chosen, by keys alone, and the text stays as it is', async () => {
    await start('proposes')
    panel.choosing.toggle(undefined, true)
    expect(by('.slot-bar').ariaLabel).toContain('tên 0')
    by('.slot-bar button').dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true, cancelable: true }))
    expect(by('.slot-bar').ariaLabel).toContain('tên 1')
    expect(by('#live').textContent).toContain('Họp mỗi tháng.')
    by('.slot-bar [data-act=replace]').click()
    const area = by<HTMLTextAreaElement>('.proposal-form .wording-field')
    expect([area.value, document.activeElement]).toEqual(['Họp mỗi tháng.', area])
    expect(here.sheet.querySelectorAll('.is-slotted')).toHaveLength(1)
    area.value = 'Họp mỗi quý.'
    area.dispatchEvent(new Event('input', { bubbles: true }))
    area.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', ctrlKey: true, bubbles: true, cancelable: true }))
    await settle()
    expect(posts()).toEqual([
      { method: 'POST', path: '/q', body: { act: 'replace', provision: clause, reason: '', text: 'Họp mỗi quý.', cells: [], made_on: { text: 'Họp mỗi tháng.', cells: [] } } },
    ])
    expect(here.sheet.querySelector('.proposal-form')).toBeNull()
    expect(readProvisions(here.doc).map(({ text }) => text)).toEqual(['Chế độ họp', 'Họp mỗi tháng.', 'họp kín;'])
    expect(here.editor.differences()).toEqual([])
  })

  it('keeps the form where its provision goes, and what is typed in it, while others write', async () => {
    await start('proposes')
    panel.choosing.propose('replace', clause)
    const area = by<HTMLTextAreaElement>('.proposal-form .wording-field')
    area.value = 'Họp mỗi quý.'
    area.dispatchEvent(new Event('input', { bubbles: true }))
    provisionText(here.doc, here.ids[0]!)!.insert(0, 'Về ')
    provisionText(here.doc, clause)!.insert(0, 'Nay ')
    panel.textChanged()
    expect(by('.proposal-form .wording-field')).toBe(area)
    expect(area.value).toBe('Họp mỗi quý.')
    expect(by('.form-told').textContent).toBe('proposals.moved_beneath')
    setRemoved(here.doc, clause, true)
    panel.textChanged()
    expect(here.shown()).toHaveLength(3)
    expect(by('.proposal-form .wording-field')).toBe(area)
    expect(by('.form-told').textContent).toBe('proposals.gone_beneath')
    setRemoved(here.doc, clause, false)
    panel.textChanged()
    expect(by<HTMLTextAreaElement>('.proposal-form .wording-field').value).toBe('Họp mỗi quý.')
    expect(here.editor.differences()).toEqual([])
  })

  it('counts what stands below one that is to be removed', async () => {
    await start('proposes')
    panel.choosing.propose('remove', here.ids[0]!)
    expect(by('.proposal-form').textContent).toContain('proposals.with_below{"n":2}')
  })
})
