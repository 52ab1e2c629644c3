// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it } from 'vitest'

import { getFront, setFront } from '../../src/model'
import { FrontDialog } from '../../src/ui/front'
import { screen, type Screen } from '../editor/screen'

const PAGE = `<button id="show-front"></button><dialog id="front"><input data-part="date"><input data-part="signatory">
<textarea data-part="bases"></textarea><button id="front-save"></button></dialog>`

let here: Screen
let writing: boolean
let dialog: FrontDialog

const field = (part: string): HTMLInputElement | HTMLTextAreaElement => document.querySelector(`[data-part="${part}"]`)!
const close = (value: string): void => {
  const element = document.querySelector('dialog')!
  element.returnValue = value
  element.dispatchEvent(new Event('close'))
}

beforeEach(() => {
  here = screen([{ kind: 'article', text: 'Phạm vi' }])
  document.body.insertAdjacentHTML('beforeend', PAGE)
  // jsdom has no windows of its own.
  document.querySelector('dialog')!.showModal = () => undefined
  writing = true
  dialog = new FrontDialog({ doc: here.doc, editor: () => here.editor, writing: () => writing })
  setFront(here.doc, { date: 'ngày 5', signatory: 'An', bases: ['Căn cứ một;', 'Căn cứ hai.'] })
})
afterEach(() => here.editor.destroy())

it('writes what was changed, tidied, as one step that is taken back', () => {
  dialog.open()
  field('date').value = '  ngày   05 '
  field('bases').value = 'Căn cứ một;\n\n Căn cứ  ba; \nCăn cứ hai.\n'
  setFront(here.doc, { signatory: 'Bình' })
  close('save')
  const written = { date: 'ngày 05', signatory: 'Bình', bases: ['Căn cứ một;', 'Căn cứ ba;', 'Căn cứ hai.'] }
  expect(getFront(here.doc)).toMatchObject(written)
  here.editor.commands.undo()
  expect(getFront(here.doc)).toMatchObject({ date: 'ngày 5', signatory: 'Bình', bases: ['Căn cứ một;', 'Căn cứ hai.'] })
  here.editor.commands.redo()
  expect(getFront(here.doc)).toMatchObject(written)
})

it('writes the lines of a list into what others made of it meanwhile', () => {
  dialog.open()
  field('bases').value = 'Căn cứ một, sửa;\nCăn cứ hai.\nCăn cứ của tôi.'
  setFront(here.doc, { bases: ['Căn cứ không;', 'Căn cứ một;', 'Căn cứ hai, sửa.'] })
  close('save')
  expect(getFront(here.doc).bases).toEqual(['Căn cứ không;', 'Căn cứ một, sửa;', 'Căn cứ hai, sửa.', 'Căn cứ của tôi.'])
})

it('writes nothing when it is closed, or for those who only read', () => {
  dialog.open()
  field('date').value = 'khác'
  close('')
  writing = false
  dialog.open('bases.1')
  expect(field('date').value).toBe('ngày 5')
  expect(field('bases').readOnly).toBe(true)
  expect(document.activeElement).toBe(field('bases'))
  expect(field('bases').selectionStart).toBe('Căn cứ một;\n'.length)
  field('date').value = 'khác'
  close('save')
  expect(getFront(here.doc).date).toBe('ngày 5')
})
