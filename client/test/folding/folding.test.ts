// @vitest-environment jsdom

import fc from 'fast-check'
import { beforeEach, describe, expect, it, vi } from 'vitest'

import { hiddenBeneath } from '../../src/editor/hiding'
import type { OutlineItem } from '../../src/editor/types'
import { foldable, toggled, unfolded, unitAt } from '../../src/folding/folding'
import { isFoldable, KINDS, levelsOf, subtreeEnd, type Kind } from '../../src/model'
import { drawOutline } from '../../src/ui/outline'
import { screen, settled } from '../editor/screen'

const kindLists = fc.array(fc.constantFrom(...KINDS), { minLength: 1, maxLength: 25 })
const itemsOf = (kinds: readonly Kind[]): OutlineItem[] =>
  kinds.map((kind, at) => ({ id: String(at), kind, label: '', text: `${kind} ${at}`, level: levelsOf(kinds)[at] ?? 0 }))

describe('what a fold hides', () => {
  it('is what is beneath a folded unit, all of it, and neither the unit nor anything else', () => {
    fc.assert(
      fc.property(kindLists, fc.array(fc.nat(24)), (kinds, some) => {
        const folded = [...new Set(some)].filter((at) => at < kinds.length && isFoldable(kinds[at]!)).sort((a, b) => a - b)
        const hidden = hiddenBeneath(kinds, folded)
        const beneath = (at: number): boolean => folded.some((unit) => at > unit && at < subtreeEnd(kinds, unit))
        expect(kinds.map((_, at) => hidden.some(({ start, end }) => at >= start && at < end))).toEqual(kinds.map((_, at) => beneath(at)))
        expect(hidden.every(({ start }, at) => start >= (hidden[at - 1]?.end ?? 0))).toBe(true)
      }),
    )
  })

  it('is what the outline leaves out', () => {
    fc.assert(
      fc.property(kindLists.map((kinds) => kinds.filter((kind) => kind !== 'row')), fc.array(fc.nat(24)), (kinds, some) => {
        const items = itemsOf(kinds)
        const folded = new Set(some.map(String).filter((id) => items[Number(id)] !== undefined && isFoldable(items[Number(id)]!.kind)))
        const hidden = hiddenBeneath(kinds, [...folded].map(Number).sort((a, b) => a - b))
        const left = kinds.map((_, at) => String(at)).filter((id) => !hidden.some(({ start, end }) => Number(id) >= start && Number(id) < end))
        expect(unfolded(items, folded).map(({ id }) => id)).toEqual(left)
      }),
    )
  })

  it('is offered where there is something beneath, for the nearest unit above the caret', () => {
    const items = itemsOf(['chapter', 'article', 'clause', 'point', 'article', 'chapter'])
    expect([...foldable(items)]).toEqual(['0', '1'])
    expect(['0', '3', '4', '5', 'gone'].map((id) => unitAt(items, id))).toEqual(['0', '1', '0', null, null])
    expect([...toggled(toggled(new Set(['0']), '1'), '0')]).toEqual(['1'])
  })
})

describe('a folded sheet', () => {
  const rules = (): string => (document.adoptedStyleSheets.at(-1) as unknown as { text?: string } | undefined)?.text ?? ''
  beforeEach(() => {
    document.adoptedStyleSheets = []
    vi.stubGlobal('CSSStyleSheet', class {
      text = ''
      replaceSync(text: string) {
        this.text = text
      }
    })
  })
  const draft = () =>
    screen([
      { kind: 'article', text: 'Một' },
      { kind: 'clause', text: 'Khoản a' },
      { kind: 'clause', text: 'Khoản b' },
      { kind: 'article', text: 'Hai' },
      { kind: 'clause', text: 'Khoản c' },
    ])

  it('tells how much is hidden, and its line opens it', async () => {
    const { editor, sheet, ids } = draft()
    editor.fold(new Set([ids[0]!]))
    await settled()
    expect(rules()).toContain('nth-child(n + 2 of .provision):nth-child(-n + 3 of .provision)')
    const line = sheet.querySelector<HTMLButtonElement>('.fold-line')!
    expect([line.textContent, line.getAttribute('aria-expanded'), line.previousElementSibling?.getAttribute('data-id')]).toEqual(['folding.line{"count":2}', 'false', ids[0]])
    line.click()
    await settled()
    expect([rules(), sheet.querySelector('.fold-line'), editor.folded.size]).toEqual(['', null, 0])
    expect(editor.differences()).toEqual([])
  })

  it('takes the caret out of what folds, and opens for whatever brings it back', async () => {
    const { editor, ids, caret } = draft()
    caret(2, 3)
    editor.fold(new Set([ids[0]!, ids[3]!]))
    await settled()
    expect(editor.selection().provisionId).toBe(ids[0])
    editor.show({ id: ids[4]!, from: 0, to: 3 })
    expect([...editor.folded]).toEqual([ids[0]])
    editor.commands.insertAfter('clause')
    await settled()
    expect(editor.differences()).toEqual([])
    editor.commands.scrollTo(ids[1]!)
    expect([...editor.folded]).toEqual([])
  })

  it('opens for the clause that Enter makes at the end of a folded title', async () => {
    const { editor, ids, caret, key } = draft()
    editor.fold(new Set([ids[0]!]))
    caret(0, 3)
    key('Enter')
    await settled()
    expect([editor.folded.size, rules()]).toEqual([0, ''])
  })

  it('follows what others put in and take out', async () => {
    const { editor, ids, doc, sheet } = draft()
    editor.fold(new Set([ids[3]!]))
    const { restoreRemoved, provisionEntry } = await import('../../src/model')
    provisionEntry(doc, ids[1]!)!.set('removed', true)
    await settled()
    expect(rules()).toContain('nth-child(n + 4 of .provision):nth-child(-n + 4 of .provision)')
    provisionEntry(doc, ids[3]!)!.set('removed', true)
    await settled()
    expect([rules(), sheet.querySelector('.fold-line')]).toEqual(['', null])
    restoreRemoved(doc, ids[3]!)
    await settled()
    expect(sheet.querySelector('.fold-line')?.textContent).toBe('folding.line{"count":1}')
  })
})

describe('a folded outline', () => {
  it('has a sign on every line with something beneath, and keeps the focus on it', () => {
    const list = document.createElement('ol')
    document.body.replaceChildren(list)
    const items = itemsOf(['chapter', 'article', 'clause', 'article'])
    let folded: ReadonlySet<string> = new Set()
    const draw = (): void => drawOutline(list, items, { goTo: () => undefined, folded, fold: (id) => { folded = toggled(folded, id) }, foldName: ({ id }, open) => `${open ? 'fold' : 'open'} ${id}` })
    draw()
    const signs = (): (string | null)[] => [...list.children].map((line) => line.querySelector('.fold')?.getAttribute('aria-expanded') ?? null)
    expect(signs()).toEqual(['true', 'true', null])
    const sign = list.querySelector<HTMLButtonElement>('.fold')!
    sign.focus()
    sign.click()
    draw()
    expect(signs()).toEqual(['false'])
    expect([document.activeElement?.className, document.activeElement?.ariaLabel]).toEqual(['fold', 'open 0'])
  })
})
