// @vitest-environment jsdom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

import { CommentsPanel } from '../../src/comments/panel'
import type { Rights, Thread } from '../../src/comments/types'
import { provisionText, type Seed } from '../../src/model'
import { screen, type Screen } from '../editor/screen'
import { anchor, comment, PEOPLE, person, say, thread } from './made'

const DRAFT: readonly Seed[] = [
  { kind: 'article', text: 'Chế độ họp' },
  { kind: 'clause', text: 'Họp mỗi tháng 🙂 một lần.' },
  { kind: 'clause', text: 'Thường trực họp hằng tuần.' },
]
const PAGE = `<span id="comments-count" hidden></span><aside id="comments"><h2 id="comments-title" tabindex="-1"></h2>
<button id="comments-previous"></button><button id="comments-next"></button>
<select id="comments-filter-state"><option value="open"></option><option value="mine"></option><option value="resolved"></option><option value="all"></option></select>
<select id="comments-filter-person"><option value=""></option></select><select id="comments-filter-article"><option value=""></option></select>
<p id="comments-state"></p><p id="comments-said"></p><p id="comments-empty" hidden></p>
<div id="comments-scroll"><div id="comments-list"></div></div></aside><p id="live"></p>`

class Watch {
  observe = (): void => undefined
  unobserve = (): void => undefined
  disconnect = (): void => undefined
}

describe('comments beside the draft', () => {
  let here: Screen
  let panel: CommentsPanel
  let told: Thread[]
  let asked: { method: string; path: string; body: Record<string, unknown> | null }[]
  let refusal: { code: string; message: string } | null
  let rights: Rights
  let shown: number
  let clause: string

  const by = <T extends HTMLElement = HTMLElement>(selector: string, inside: ParentNode = document): T => inside.querySelector<T>(selector)!
  const all = (selector: string): HTMLElement[] => [...document.querySelectorAll<HTMLElement>(selector)]
  const card = (one: Thread): HTMLElement => by(`.comment-card[data-id="${one.id}"]`)
  const unsent = (): string => all('.comment-of-unsent').map(({ textContent }) => textContent).join('')
  const settle = async (ms = 60): Promise<void> => {
    await vi.advanceTimersByTimeAsync(ms)
  }
  const posts = (): typeof asked => asked.filter(({ method }) => method !== 'GET')
  const type = (area: HTMLTextAreaElement, text: string): void => {
    area.value = text
    area.dispatchEvent(new Event('input', { bubbles: true }))
  }
  const send = async (form: HTMLElement): Promise<void> => {
    by('[type=submit]', form).click()
    await settle()
  }
  const act = async (one: Thread, name: string): Promise<void> => {
    by(`[data-act="${name}"]`, card(one)).click()
    await settle()
  }
  const activate = async (one: Thread): Promise<void> => {
    card(one).click()
    await settle()
  }
  const filter = async (name: string, value: string): Promise<void> => {
    const select = by<HTMLSelectElement>(`#comments-filter-${name}`)
    select.value = value
    select.dispatchEvent(new Event('change'))
    await settle()
  }

  const start = async (more: Partial<Rights> = {}): Promise<void> => {
    rights = { me: 'lan', comments: true, writes: false, leads: false, ...more }
    here = screen(DRAFT, rights.writes)
    clause = here.ids[1]!
    document.body.insertAdjacentHTML('beforeend', PAGE)
    const on = (provision: string, begin: number, end: number): Thread['anchor'] => anchor({ provision, start: begin, end })
    told = [thread('lan', 'Nên hằng quý.', { anchor: on(clause, 8, 15) }), thread('dung', 'Xem lại.', { anchor: on(here.ids[2]!, 0, 11), where: 'khoản 2 Điều 2' })]
    panel = new CommentsPanel({
      address: '/c', document: 'd1', say, language: 'vi', editor: () => here.editor, nameOf: (id) => `tên ${here.ids.indexOf(id)}`,
      rights: () => rights, sheet: here.sheet.parentElement!, desk: document.body, live: by('#live'),
      show: () => {
        shown += 1
        panel.open()
      },
    })
    panel.open()
    await settle()
  }

  beforeEach(() => {
    vi.useFakeTimers()
    vi.stubGlobal('confirm', () => true)
    vi.stubGlobal('ResizeObserver', Watch)
    vi.stubGlobal('matchMedia', () => ({ matches: true }))
    sessionStorage.clear()
    document.getSelection()?.removeAllRanges()
    ;[asked, refusal, shown] = [[], null, 0]
    vi.stubGlobal('fetch', async (path: string, init?: RequestInit) => {
      const method = init?.method ?? 'GET'
      asked.push({ method, path, body: init?.body === undefined ? null : (JSON.parse(String(init.body)) as Record<string, unknown>) })
      if (method === 'GET') return { ok: true, status: 200, json: async () => ({ seq: 1, people: PEOPLE, threads: told }) } as Response
      if (refusal !== null) return { ok: false, status: 409, json: async () => ({ error: refusal }) } as Response
      return { ok: true, status: 200, json: async () => ({ id: 't99', comment: 'w99', edition: 1 }) } as Response
    })
  })
  afterEach(() => {
    here.editor.destroy()
    document.body.replaceChildren()
    vi.unstubAllGlobals()
    vi.useRealTimers()
  })

  it('shows who says what of which words, counts the open ones and marks them', async () => {
    await start()
    expect(by('#comments-count').textContent).toBe('2')
    expect(card(told[0]!).textContent).toContain('Phạm Thị Lan')
    expect(card(told[0]!).textContent).toContain('Nên hằng quý.')
    expect(by('.comment-jump', card(told[1]!)).textContent).toBe('khoản 2 Điều 2')
    expect(all('.commented').map(({ textContent }) => textContent)).toEqual(['tháng 🙂', 'Thường trực'])
  })

  it('sends a comment on the selected words as they stand by then, whoever typed meanwhile', async () => {
    await start()
    here.caret(1, 4, 13)
    panel.compose(here.editor.chosen())
    await settle()
    expect(shown).toBe(1)
    expect(unsent()).toBe('mỗi tháng')
    const form = by('.comment-card.is-new')
    expect([...by<HTMLSelectElement>('select', form).options].map(({ value }) => value)).toEqual(['words', 'provision', 'document'])
    type(by('textarea', form), 'Nên ghi “mỗi quý”.')
    provisionText(here.doc, clause)!.insert(0, '🙂 Ban ')
    by<HTMLSelectElement>('label:last-of-type select', form).value = 'dung'
    await send(form)
    expect(posts()).toEqual([
      {
        method: 'POST', path: '/c',
        body: {
          text: 'Nên ghi “mỗi quý”.', mentions: [], assigned: 'dung',
          anchor: { on: 'words', provision: clause, start: 10, end: 19, made_on: '🙂 Ban Họp mỗi tháng 🙂 một lần.' },
        },
      },
    ])
    expect(all('.is-new')).toEqual([])
    expect(by('#comments-said').textContent).toBe('comments.sent{}')
    expect(sessionStorage).toHaveLength(0)
  })

  it('comments on a provision or on the whole document', async () => {
    await start()
    here.caret(2, 3)
    panel.compose(here.editor.chosen())
    type(by('.is-new textarea'), 'Cả khoản này.')
    await send(by('.is-new'))
    panel.compose(null)
    type(by('.is-new textarea'), 'Nói chung tốt.')
    await send(by('.is-new'))
    expect(posts().map(({ body }) => body?.['anchor'])).toEqual([{ on: 'provision', provision: here.ids[2] }, { on: 'document' }])
  })

  it('keeps what is begun when it is closed, and when the page is left', async () => {
    await start()
    here.caret(1, 4, 13)
    panel.compose(here.editor.chosen())
    type(by('.is-new textarea'), 'Đang nghĩ')
    panel.close()
    expect(all('.is-new, .comment-of-unsent')).toEqual([])
    panel.open()
    expect(by<HTMLTextAreaElement>('.is-new textarea').value).toBe('Đang nghĩ')
    expect(unsent()).toBe('mỗi tháng')
    // Another is not begun over it.
    panel.compose(null)
    expect(by<HTMLTextAreaElement>('.is-new textarea').value).toBe('Đang nghĩ')
    expect(by('.is-new .form-said').textContent).toBe('comments.one_form')
  })

  it('answers, with the names of people, and keeps the words when the line is broken', async () => {
    await start()
    await activate(told[1]!)
    const form = by('.card-form form', card(told[1]!))
    const area = by<HTMLTextAreaElement>('textarea', form)
    type(area, 'Nhờ @ha')
    area.setSelectionRange(7, 7)
    area.dispatchEvent(new Event('input'))
    area.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true }))
    expect(area.value).toBe('Nhờ @Đỗ Thu Hà ')
    refusal = { code: 'comments_too_often', message: 'Chậm lại.' }
    await send(form)
    expect([by('.form-said', form).textContent, area.value]).toEqual(['Chậm lại.', 'Nhờ @Đỗ Thu Hà '])
    refusal = null
    await send(form)
    expect(posts().at(-1)).toEqual({ method: 'POST', path: `/c/${told[1]!.id}/replies`, body: { text: 'Nhờ @Đỗ Thu Hà', mentions: ['ha'] } })
    expect(by<HTMLTextAreaElement>('textarea', card(told[1]!)).value).toBe('')
  })

  it('offers each what they may do', async () => {
    await start()
    const acts = (one: Thread): string[] => [...card(one).querySelectorAll<HTMLElement>('[data-act]')].map(({ dataset }) => dataset['act']!.split(' ')[0]!)
    expect(acts(told[0]!)).toEqual(['jump', 'edit', 'remove', 'assign', 'settle', 'link'])
    expect(acts(told[1]!)).toEqual(['jump', 'link'])
    rights = { ...rights, writes: true, leads: true }
    panel.redraw()
    expect(acts(told[1]!)).toEqual(['jump', 'remove', 'assign', 'settle', 'link'])
    rights = { ...rights, comments: false, writes: false, leads: false }
    panel.redraw()
    expect(acts(told[0]!)).toEqual(['jump', 'link'])
    await activate(told[0]!)
    expect(all('.card-form form')).toEqual([])
  })

  it('settles, assigns, edits and removes the edition that was seen', async () => {
    await start()
    const [mine] = told as [Thread]
    await activate(mine)
    await act(mine, 'settle')
    const select = by<HTMLSelectElement>('[data-act=assign]', card(mine))
    select.value = 'hanh'
    select.dispatchEvent(new Event('change'))
    await settle()
    const [own] = mine.comments
    await activate(mine)
    await act(mine, `edit ${own!.id}`)
    expect(by<HTMLTextAreaElement>('textarea', card(mine)).value).toBe('Nên hằng quý.')
    type(by('textarea', card(mine)), 'Nên hằng năm.')
    await send(by('.card-form form', card(mine)))
    await act(mine, `remove ${own!.id}`)
    expect(posts().map(({ method, path, body }) => [method, path.replace(mine.id, 'T').replace(own!.id, 'W'), body])).toEqual([
      ['POST', '/c/T/resolve', { edition: 1 }],
      ['POST', '/c/T/assign', { edition: 1, to: 'hanh' }],
      ['PUT', '/c/T/words/W', { text: 'Nên hằng năm.', mentions: [], edition: 1 }],
      ['POST', '/c/T/words/W/remove', { edition: 1 }],
    ])
    refusal = { code: 'comment_changed', message: 'vừa đổi' }
    await act(mine, 'settle')
    expect(by('#comments-said').textContent).toBe('vừa đổi')
  })

  it('filters, and marks the words of a settled one only while it is looked at', async () => {
    await start()
    told = [{ ...told[0]!, state: 'resolved', resolved: { by: person('hanh', 'Nguyễn Thị Hạnh'), at: 1 } }, told[1]!]
    await panel.ask()
    expect(all('.comment-card')).toEqual([card(told[1]!)])
    expect(all('.commented')).toHaveLength(1)
    await filter('state', 'mine')
    expect(by('#comments-empty').textContent).toBe('comments.none_here')
    await filter('state', 'resolved')
    expect(card(told[0]!).textContent).toContain('comments.resolved_by{"name":"Nguyễn Thị Hạnh"')
    await activate(told[0]!)
    expect(all('.commented.is-active').map(({ textContent }) => textContent)).toEqual(['tháng 🙂'])
    await filter('state', 'all')
    await filter('person', 'dung')
    await activate(told[1]!)
    expect(all('.commented')).toHaveLength(1)
    expect(all('.comment-card')).toEqual([card(told[1]!)])
  })

  it('says what became of orphaned words and of those a person took back', async () => {
    await start()
    told = [
      { ...told[0]!, anchor: anchor({ standing: 'orphaned', provision: clause, quote: 'mỗi ngày' }) },
      { ...told[1]!, comments: [told[1]!.comments[0]!, comment('ha', '', { removed: true })], anchor: anchor({ on: 'document', quote: '' }) },
    ]
    await panel.ask()
    expect(by('.comment-quote s').textContent).toBe('mỗi ngày')
    expect(card(told[0]!).textContent).toContain('comments.orphaned')
    expect(by('.has-comment').textContent).toContain('Họp mỗi tháng')
    expect(all('.comment-card')[0]).toBe(card(told[1]!))
    expect(card(told[1]!).textContent).toContain('comments.removed{"name":"Đỗ Thu Hà"}')
    expect(by('.comment-jump', card(told[1]!)).textContent).toBe('comments.whole')
  })

  it('says politely that somebody commented, answered or named one', async () => {
    await start()
    expect(by('#live').textContent).toBe('')
    told = [...told, thread('dung', 'Mới.')]
    await panel.ask()
    expect(by('#live').textContent).toBe('comments.came{"name":"Trần Quốc Dũng","where":"khoản 1 Điều 2"}')
    told = [{ ...told[0]!, comments: [...told[0]!.comments, comment('dung', 'Đồng ý.')] }, ...told.slice(1)]
    await panel.ask()
    expect(by('#live').textContent).toContain('comments.came_answer')
    told = [...told, thread('dung', 'x', { comments: [comment('dung', '@Phạm Thị Lan', { mentions: ['lan'] })] })]
    await panel.ask()
    expect(by('#live').textContent).toContain('comments.came_naming')
    expect(by('.mention.is-me').textContent).toBe('@Phạm Thị Lan')
  })

  it('goes from comment to comment, by the words and by a link', async () => {
    await start()
    panel.step(1)
    expect(document.activeElement).toBe(card(told[0]!))
    card(told[0]!).dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowDown', bubbles: true, cancelable: true }))
    expect(document.activeElement).toBe(card(told[1]!))
    panel.step(1)
    expect(card(told[0]!).getAttribute('aria-current')).toBe('true')
    document.getSelection()?.removeAllRanges()
    all('.commented')[1]!.click()
    expect(card(told[1]!).classList.contains('is-active')).toBe(true)
    told = [{ ...told[0]!, state: 'resolved' }, told[1]!]
    await filter('person', 'dung')
    await panel.reveal(told[0]!.id)
    expect(document.activeElement).toBe(card(told[0]!))
    await panel.reveal('nobody')
    expect(by('#comments-said').textContent).toBe('comments.not_there{}')
  })

  it('asks again once the typing pauses, and keeps the keys where they are', async () => {
    await start()
    await activate(told[0]!)
    by('[data-act=settle]', card(told[0]!)).focus()
    told = [{ ...told[0]!, edition: 2, comments: [...told[0]!.comments, comment('dung', 'Ừ.')] }, told[1]!]
    const before = asked.length
    provisionText(here.doc, clause)!.insert(0, 'Ban ')
    panel.textChanged()
    panel.textChanged()
    await settle(700)
    expect(asked.length).toBe(before + 1)
    expect((document.activeElement as HTMLElement).dataset['act']).toBe('settle')
    expect(all('.commented')[0]!.textContent).toBe('tháng 🙂')
    // The words were typed in just before: what was told of them is asked anew.
    told = [{ ...told[0]!, anchor: { ...told[0]!.anchor, start: 12, end: 19 } }, told[1]!]
    await settle(2500)
    expect(asked.length).toBeGreaterThan(before + 1)
    expect(all('.commented')[0]!.textContent).toBe('tháng 🙂')
  })
})
