// @vitest-environment jsdom
import { beforeEach, expect, it } from 'vitest'

import type { DraftEditor } from '../../src/editor/types'
import { Choosing } from '../../src/proposals/choosing'
import { ProposalForm, type Refused } from '../../src/proposals/form'
import { say, words } from './made'

Element.prototype.scrollIntoView = () => undefined

let under: string
let answer: (refused: Refused | null) => void
let chosen: string[]
let sheet: HTMLElement

/** A sheet on which `under` is the provision beneath the pointer. */
const editor = {
  at: () => ({ id: under, offset: 0 }),
  read: (id: string) => ({ kind: 'clause', label: '1.', text: `chữ của ${id}`, cells: [] }),
  outline: () => [],
  slot: (slot: { element: HTMLElement } | null) => {
    sheet.querySelector('.slot')?.remove()
    if (slot === null) return true
    const place = document.createElement('div')
    place.className = 'slot'
    place.append(slot.element)
    sheet.append(place)
    return true
  },
} as unknown as DraftEditor

beforeEach(() => {
  sheet = document.createElement('div')
  const button = document.createElement('button')
  document.body.replaceChildren(sheet, button)
  chosen = []
  new Choosing({
    say, sheet, button, live: document.createElement('p'), editor: () => editor, nameOf: (id) => id, order: () => ['a', 'b'],
    mayPropose: () => true, mayWrite: () => false, onMode: () => undefined, onChosen: (id) => chosen.push(id), onComment: () => undefined,
    form: (_id, start, close) =>
      new ProposalForm({ say, start, now: () => words('x'), close, send: async () => await new Promise((done) => (answer = done)) }),
  })
})

const click = (id: string): void => {
  under = id
  sheet.dispatchEvent(new MouseEvent('click', { bubbles: true }))
}
const sendOne = (): void => {
  click('a')
  sheet.querySelector<HTMLElement>('[data-act=replace]')!.click()
  const area = sheet.querySelector<HTMLTextAreaElement>('.wording-field')!
  area.value = 'chữ khác'
  area.dispatchEvent(new Event('input', { bubbles: true }))
  sheet.querySelector<HTMLElement>('[type=submit]')!.click()
}
const settled = async (): Promise<void> => await new Promise((done) => setTimeout(done, 0))

it('a click elsewhere while a proposal is being taken in is answered once it is', async () => {
  sendOne()
  click('b')
  expect(chosen).toEqual(['a'])
  answer(null)
  await settled()
  expect(chosen.at(-1)).toBe('b')
  expect(sheet.querySelector('.slot-bar')).not.toBeNull()
})

it('of several the last counts, and none when it was refused: the form stays with its words', async () => {
  sendOne()
  click('b')
  click('c')
  answer(null)
  await settled()
  expect(chosen.at(-1)).toBe('c')
  expect(chosen).not.toContain('b')
  sendOne()
  click('b')
  answer({ message: 'không được', moved: false })
  await settled()
  expect(sheet.querySelector<HTMLTextAreaElement>('.wording-field')!.value).toBe('chữ khác')
  expect(chosen).not.toContain('b')
})
