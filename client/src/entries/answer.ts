/** Answering a round of opinions: what is written is kept as one goes. Without script the form's buttons do the same. */

import '../styles/rounds.css'

import { Keeping } from '../rounds/keeping'
import { addItem } from '../rounds/items'

const items = document.getElementById('items')
const template = document.getElementById('item-template')
const form = document.querySelector<HTMLFormElement>('#answer-form, #paper-form')

if (form && items && template instanceof HTMLTemplateElement) {
  const keeping = form.id === 'answer-form' ? new Keeping(form, document.getElementById('save-state')) : null
  const give = (provision: string, where: string): void => {
    addItem(items, template, provision, where)
    keeping?.changed()
  }
  const select = form.querySelector<HTMLSelectElement>('#on')
  document.getElementById('add-item')?.addEventListener('click', (event) => {
    event.preventDefault()
    if (select) give(select.value, select.selectedOptions[0]?.text ?? '')
  })
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLElement>('[data-give]')
    const provision = link?.dataset['give']
    if (provision === undefined) return
    event.preventDefault()
    give(provision, [...(select?.options ?? [])].find((one) => one.value === provision)?.text ?? '')
  })
}
