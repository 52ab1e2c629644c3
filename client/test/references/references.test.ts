// @vitest-environment jsdom

import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Awareness } from 'y-protocols/awareness'
import { describe, expect, it, vi } from 'vitest'
import * as Y from 'yjs'

import type { OutlineItem } from '../../src/editor/types'
import { levelsOf, numberProvisions, printedLabel, provisionText, type Kind, type NumberingPolicy } from '../../src/model'
import { addressAt, likewise } from '../../src/references/address'
import { keeperOf, Keeping, stale } from '../../src/references/keeping'
import { linksOf, writeLink } from '../../src/references/links'
import { targets } from '../../src/references/picker'
import { screen, settled } from '../editor/screen'

const read = (name: string): unknown => JSON.parse(readFileSync(join(process.cwd(), '../docs/protocol', name), 'utf8'))
const numbered = new Map((read('numbering-examples.json') as { name: string; policy: NumberingPolicy; provisions: { kind: Kind; label?: string }[] }[]).map((one) => [one.name, one]))
const cited = read('reference-examples.json') as { name: string; addresses: string[] }[]

function itemsOf(provisions: readonly { kind: Kind; label?: string }[], policy: NumberingPolicy = 'renumber'): OutlineItem[] {
  const numbers = numberProvisions(provisions, policy)
  const levels = levelsOf(provisions.map(({ kind }) => kind))
  return provisions.map(({ kind }, at) => ({ id: `p${at}`, kind, label: printedLabel(kind, numbers[at] ?? ''), text: `Lời ${at}`, level: levels[at] ?? 0 }))
}

describe('how a unit is cited', () => {
  it.each(cited)('$name', ({ name, addresses }) => {
    const { provisions, policy } = numbered.get(name)!
    const items = itemsOf(provisions, policy)
    expect(items.map((_, at) => addressAt(items, at))).toEqual(addresses)
  })

  it('begins as the words it replaces', () => {
    expect([likewise('khoản 3 Điều 5', 'Khoản 2 Điều 5'), likewise('khoản 3 Điều 5', 'khoản 2 Điều 5')]).toEqual(['Khoản 3 Điều 5', 'khoản 3 Điều 5'])
  })

  it('is found by numbers and by words without accents', () => {
    const items = itemsOf([{ kind: 'article' }, { kind: 'clause' }, { kind: 'clause' }, { kind: 'article' }, { kind: 'clause' }]).map((item, at) => (at === 3 ? { ...item, text: 'Hiệu lực thi hành' } : item))
    expect(targets(items, 'khoản 2 điều 1')[0]?.address).toBe('khoản 2 Điều 1')
    expect(targets(items, 'hieu luc').map(({ id }) => id)).toEqual(['p3'])
    expect(targets(items, 'điều 2')[0]?.address).toBe('Điều 2')
    expect(targets(items, 'zzz')).toEqual([])
  })
})

describe('words that follow what they cite', () => {
  const draft = (words: string): Y.Text => {
    const text = new Y.Doc().getText('t')
    text.insert(0, words)
    return text
  }
  const heal = (text: Y.Text, addresses: ReadonlyMap<string, string>): void => {
    for (const { link, by } of stale(linksOf(text), addresses).toReversed()) writeLink(text, link, by, link.words.length)
  }

  it('come to the address, and nothing else changes, wherever they stand', () => {
    const piece = fc.constantFrom('theo ', 'Điều 9', ' và ', '', 'khoản 2 ')
    const number = fc.integer({ min: 1, max: 40 })
    fc.assert(
      fc.property(piece, piece, number, number, number, number, (before, after, a, b, c, d) => {
        const text = draft(before + after)
        writeLink(text, { from: before.length, target: 'x', attributes: { bold: true } }, `khoản ${a} Điều ${b}`)
        heal(text, new Map([['x', `khoản ${c} Điều ${d}`]]))
        expect(text.toString()).toBe(`${before}khoản ${c} Điều ${d}${after}`)
        expect(linksOf(text).map(({ target, attributes }) => [target, attributes['bold']])).toEqual([['x', true]])
      }),
    )
  })

  it('are healed by whoever comes after two who wrote at once', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }), (first, second, last) => {
        const one = new Y.Doc()
        const two = new Y.Doc()
        one.getText('t').insert(0, 'Theo  là.')
        writeLink(one.getText('t'), { from: 5, target: 'x', attributes: {} }, 'khoản 31 Điều 1')
        Y.applyUpdate(two, Y.encodeStateAsUpdate(one))
        heal(one.getText('t'), new Map([['x', `khoản ${first} Điều 1`]]))
        heal(two.getText('t'), new Map([['x', `khoản ${second} Điều 1`]]))
        Y.applyUpdate(two, Y.encodeStateAsUpdate(one))
        Y.applyUpdate(one, Y.encodeStateAsUpdate(two))
        expect(one.getText('t').toString()).toBe(two.getText('t').toString())
        heal(one.getText('t'), new Map([['x', `khoản ${last} Điều 1`]]))
        expect(one.getText('t').toString()).toBe(`Theo khoản ${last} Điều 1 là.`)
      }),
    )
  })

  it('are left alone once somebody wrote into them, and when what they cite is gone', () => {
    const text = draft('')
    writeLink(text, { from: 0, target: 'x', attributes: {} }, 'khoản 2 Điều 5')
    text.applyDelta([{ retain: 8 }, { insert: 'của ', attributes: {} }])
    heal(text, new Map([['x', 'khoản 3 Điều 5']]))
    expect(text.toString()).toBe('khoản 2 của Điều 5')
    const other = draft('')
    writeLink(other, { from: 0, target: 'gone', attributes: {} }, 'khoản 2 Điều 5')
    heal(other, new Map())
    expect(other.toString()).toBe('khoản 2 Điều 5')
  })

  it('are written by one: the lowest of those who may and are not away', () => {
    const awareness = new Awareness(new Y.Doc())
    const say = (client: number, state: Record<string, unknown>): void => void awareness.states.set(client, state)
    awareness.setLocalState(null)
    expect(keeperOf(awareness)).toBe(null)
    say(7, { keeps: true, attention: 'here' })
    say(3, { keeps: false })
    say(5, { keeps: true, attention: 'away' })
    expect(keeperOf(awareness)).toBe(7)
    say(7, { keeps: true, attention: 'away' })
    expect(keeperOf(awareness)).toBe(5)
  })
})

describe('a reference in the sheet', () => {
  it('is written at the caret, follows, is nobody’s undo, and says when what it cites is gone', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] })
    const { doc, ids, editor, awareness, caret, sheet } = screen([
      { kind: 'article', text: 'Một' },
      { kind: 'clause', text: 'Theo .' },
      { kind: 'article', text: 'Hai' },
      { kind: 'clause', text: 'Khoản' },
    ])
    const said = document.createElement('p')
    const findings: string[][] = []
    const keeping = new Keeping({ nameOf: (id) => id, onGone: (found) => findings.push(found.map(({ quote, provision }) => `${provision} ${quote}`)), doc, awareness, editor: () => editor, items: () => editor.outline(), live: () => true, say: (key, values) => `${key} ${String(values?.['words'])}`, said })
    keeping.changed()
    caret(1, 5)
    await settled()
    expect(editor.commands.insertReference(ids[3]!, 'khoản 1 Điều 2')).toBe(true)
    const words = (): string | null => editor.words(ids[1]!)
    expect(words()).toBe('Theo khoản 1 Điều 2.')
    await vi.advanceTimersByTimeAsync(1500)
    expect(sheet.querySelector('.reference')?.textContent).toBe('khoản 1 Điều 2')
    editor.commands.moveBefore(ids[2]!, ids[0]!)
    await vi.advanceTimersByTimeAsync(1500)
    expect([words(), editor.differences()]).toEqual(['Theo khoản 1 Điều 1.', []])
    // Undone is the move, and the words follow that.
    editor.commands.undo()
    await vi.advanceTimersByTimeAsync(1500)
    expect(words()).toBe('Theo khoản 1 Điều 2.')
    provisionText(doc, ids[3]!)!.parent!.doc!.transact(() => (doc.getMap('provisions').get(ids[3]!) as Y.Map<unknown>).set('removed', true))
    await vi.advanceTimersByTimeAsync(1500)
    expect([words(), sheet.querySelector('.reference-gone')?.textContent, said.textContent]).toEqual(['Theo khoản 1 Điều 2.', 'khoản 1 Điều 2', 'references.gone khoản 1 Điều 2'])
    expect(findings.at(-1)).toEqual([`${ids[1]} khoản 1 Điều 2`])
    vi.useRealTimers()
  })
})
