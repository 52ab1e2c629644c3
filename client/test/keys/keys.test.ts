// @vitest-environment jsdom
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { afterEach, describe, expect, it } from 'vitest'

import { pressed } from '../../src/keys/pressed'
import { bindRoom, signKeys, type RoomActs } from '../../src/keys/room'
import { drawShortcuts } from '../../src/keys/sheet'
import { BETWEEN, keysOf, LINES, readable, type Act, type Line } from '../../src/keys/table'
import { screen } from '../editor/screen'

const SOURCE = join(import.meta.dirname, '../../src')
const ALL: readonly Line[] = LINES
const actsIn = (where: Line['where']): Act[] => ALL.filter((line) => line.where === where).flatMap((line) => Object.keys(line.acts) as Act[])

function eventOf(key: string, more: KeyboardEventInit = {}): KeyboardEvent {
  const held = key.split(BETWEEN)
  const base = held.pop() ?? ''
  const shift = held.includes('Shift')
  const letter = base.length === 1 && /[a-z]/.test(base)
  return new KeyboardEvent('keydown', {
    key: letter && shift ? base.toUpperCase() : base,
    code: letter ? `Key${base.toUpperCase()}` : base,
    keyCode: letter ? base.toUpperCase().charCodeAt(0) : 0,
    ctrlKey: held.includes('Mod'), altKey: held.includes('Alt'), shiftKey: shift, bubbles: true, cancelable: true, ...more,
  })
}

/** Every file of the room with its words; the pages of history and comparison have keys of their own. */
function sources(): Map<string, string> {
  const files = readdirSync(SOURCE, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'))
  const ofRoom = files.filter((name) => !/^(keys|history)\b|entries.(comparison|history)\.ts$/.test(name))
  return new Map(ofRoom.map((name) => [name, readFileSync(join(SOURCE, name), 'utf8')]))
}

describe('the table of keys', () => {
  it('names every act once, and no key twice where both could be meant', () => {
    const acts = ALL.flatMap((line) => Object.keys(line.acts))
    expect(new Set(acts).size).toBe(acts.length)
    const anywhere = [...actsIn('sheet'), ...actsIn('room')].flatMap((act) => keysOf(act))
    expect(new Set(anywhere).size).toBe(anywhere.length)
  })

  it('is where every key of the room stands: nobody else asks an event what was pressed', () => {
    for (const [name, words] of sources()) if (words.includes('keydown') || words.includes('keymap')) expect(words, name).not.toMatch(/\bevent\.(key|code|keyCode)\b|keymap\(\{/)
  })

  it('holds no key that nobody asks for', () => {
    const words = [...sources().values()].join('\n')
    for (const act of [...actsIn('pane'), ...actsIn('pasting'), ...actsIn('menu'), ...actsIn('find'), ...actsIn('desk'), ...actsIn('choosing'), ...actsIn('form'), ...actsIn('card'), ...actsIn('naming')]) expect(words).toMatch(new RegExp(`pressed\\(event, ['"]${act}['"]\\)`))
  })

  it('has a sentence for every line, in both languages', () => {
    for (const language of ['vi', 'en']) {
      const folder = join(SOURCE, '../../server/duthao/messages', language)
      const messages = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')).join('\n')
      for (const { says } of LINES) expect(messages).toContain(`"room.key.${says}"`)
    }
  })

  it('knows a key by its letter, by its place where Alt writes another sign, and not while one composes', () => {
    expect(pressed(eventOf('Mod-Shift-z'), 'redo')).toBe(true)
    expect(pressed(eventOf('Mod-Shift-z'), 'undo')).toBe(false)
    expect(pressed(new KeyboardEvent('keydown', { key: '∑', code: 'KeyW', altKey: true, shiftKey: true }), 'authors')).toBe(true)
    expect(pressed(new KeyboardEvent('keydown', { key: '?', code: 'Slash', shiftKey: true }), 'shortcuts')).toBe(true)
    expect(pressed(new KeyboardEvent('keydown', { key: 'Escape', isComposing: true }), 'close')).toBe(false)
    expect(readable('Mod-Shift-z')).toBe('Ctrl+Shift+Z')
  })
})

describe('the keys of the sheet', () => {
  const DRAFT = [
    { kind: 'article', text: 'Phạm vi' },
    { kind: 'clause', text: 'một' },
    { kind: 'clause', text: 'hai ba' },
    { kind: 'clause', text: 'bốn' },
    { kind: 'article', text: 'Họp' },
  ] as const

  /** From which caret each does something; where nothing is told, from the middle of the third provision. */
  const CARETS: Partial<Record<Act, readonly [number, number, number?]>> = {
    joinBackward: [2, 0],
    joinForward: [2, 6],
    joinArticle: [4, 1],
    bold: [2, 0, 3],
    italic: [2, 0, 3],
    underline: [2, 0, 3],
    outdent: [2, 2],
  }

  it.each(actsIn('sheet').flatMap((act) => keysOf(act).map((key) => [act, key] as const)))('%s: %s does something', (act, key) => {
    const here = screen(DRAFT)
    if (act === 'undo' || act === 'redo') {
      here.editor.commands.scrollTo(here.ids[1]!)
      here.editor.commands.indent()
    }
    if (act === 'redo') here.editor.commands.undo()
    here.caret(...(CARETS[act] ?? [2, 2]))
    const before = here.sheet.outerHTML
    const event = eventOf(key)
    here.sheet.dispatchEvent(event)
    expect(event.defaultPrevented).toBe(true)
    if (act === 'leave') expect(document.activeElement).not.toBe(here.sheet)
    else expect(here.sheet.outerHTML).not.toBe(before)
    here.editor.destroy()
  })
})

describe('the keys of the room', () => {
  let unbind: (() => void) | null = null
  afterEach(() => unbind?.())

  function bound(answer: unknown = undefined): string[] {
    const done: string[] = []
    unbind = bindRoom(Object.fromEntries(actsIn('room').map((act) => [act, () => (done.push(act), answer)])) as unknown as RoomActs)
    return done
  }

  it('do their work and keep the key from the browser, unless they leave it', () => {
    const done = bound()
    for (const act of actsIn('room'))
      for (const key of keysOf(act)) {
        const event = eventOf(key)
        document.body.dispatchEvent(event)
        expect([done.pop(), event.defaultPrevented]).toEqual([act, true])
      }
    unbind?.()
    bound(false)
    const left = eventOf('F8')
    document.body.dispatchEvent(left)
    expect(left.defaultPrevented).toBe(false)
  })

  it('leave a sign to whoever writes it, and a key to whoever took it', () => {
    document.body.innerHTML = '<textarea></textarea>'
    const done = bound()
    document.querySelector('textarea')?.dispatchEvent(eventOf('?'))
    const taken = eventOf('F8')
    taken.preventDefault()
    document.body.dispatchEvent(taken)
    expect(done).toEqual([])
  })

  it('stand on their buttons', () => {
    document.body.innerHTML = '<button data-keys="redo" title="Làm lại"></button>'
    signKeys(document)
    const button = document.querySelector('button')
    expect([button?.title, button?.getAttribute('aria-keyshortcuts')]).toEqual(['Làm lại (Ctrl+Y)', 'Control+Y'])
  })
})

it('the sheet of shortcuts shows every line with every key', () => {
  const body = document.createElement('div')
  drawShortcuts(body, (key) => key)
  const shown = [...body.querySelectorAll('dt')].map((term) => [term.dataset['says'], [...term.querySelectorAll('kbd')].map((key) => key.textContent)])
  expect(new Map(shown as [string, string[]][])).toEqual(new Map(ALL.map(({ says, acts }) => [says, Object.values(acts).flat().map(readable)])))
  expect([...body.querySelectorAll('dd')].map((said) => said.textContent).toSorted()).toEqual(LINES.map(({ says }) => `room.key.${says}`).toSorted())
})
