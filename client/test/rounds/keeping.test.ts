// @vitest-environment jsdom
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { addItem } from '../../src/rounds/items'
import { AFTER, AGAIN, Keeping } from '../../src/rounds/keeping'

let form: HTMLFormElement
let state: HTMLElement

beforeEach(() => {
  vi.useFakeTimers()
  document.body.innerHTML = `<form action="/answer/x" data-changed="saving" data-lost="lost"><input name="edition" value="3">
    <div id="items"></div><textarea name="general"></textarea></form><p id="state"></p>
    <template id="t"><fieldset><legend></legend><input type="hidden" name="on-N"><label for="text-N"></label><textarea id="text-N" name="text-N"></textarea></fieldset></template>`
  form = document.querySelector('form') as HTMLFormElement
  state = document.getElementById('state') as HTMLElement
  Element.prototype.scrollIntoView = () => undefined
})
afterEach(() => vi.useRealTimers())

const write = (): boolean => form.querySelector('textarea')?.dispatchEvent(new Event('input', { bubbles: true })) ?? false
const answer = (status: number, body: object): Response => new Response(JSON.stringify(body), { status })

test('what is written is kept a moment after the last letter, as the next edition', async () => {
  const sent: string[] = []
  const ask = vi.fn(async (_: unknown, init?: RequestInit) => {
    sent.push(String(init?.body))
    return answer(200, { edition: 4, saved: 'kept' })
  })
  new Keeping(form, state, ask as typeof fetch)
  write()
  await vi.advanceTimersByTimeAsync(AFTER - 1)
  write()
  await vi.advanceTimersByTimeAsync(AFTER - 1)
  expect(sent).toEqual([])
  await vi.advanceTimersByTimeAsync(1)
  expect(sent).toEqual(['edition=3&general=&do=save'])
  expect((form.elements.namedItem('edition') as HTMLInputElement).value).toBe('4')
  expect(state.textContent).toBe('kept')
})

test('what is lost on the way is tried again; what is refused is told', async () => {
  const ask = vi.fn().mockRejectedValueOnce(new TypeError()).mockResolvedValue(answer(409, { error: { message: 'changed elsewhere' } }))
  new Keeping(form, state, ask as typeof fetch)
  write()
  await vi.advanceTimersByTimeAsync(AFTER)
  expect(state.textContent).toBe('lost')
  await vi.advanceTimersByTimeAsync(AGAIN)
  expect(ask).toHaveBeenCalledTimes(2)
  expect(state.textContent).toBe('changed elsewhere')
})

test('one saving at a time; what came meanwhile is saved next, and sending waits for the edition', async () => {
  const done: ((one: Response) => void)[] = []
  const ask = vi.fn(() => new Promise<Response>((resolve) => done.push(resolve)))
  new Keeping(form, state, ask as unknown as typeof fetch)
  write()
  await vi.advanceTimersByTimeAsync(AFTER)
  write()
  await vi.advanceTimersByTimeAsync(3 * AFTER)
  expect(ask).toHaveBeenCalledTimes(1)
  const submit = vi.spyOn(form, 'requestSubmit').mockImplementation(() => undefined)
  const event = new SubmitEvent('submit', { cancelable: true })
  form.dispatchEvent(event)
  expect(event.defaultPrevented).toBe(true)
  done[0]?.(answer(200, { edition: 4, saved: 'kept' }))
  await vi.advanceTimersByTimeAsync(0)
  expect(submit).toHaveBeenCalledTimes(1)
  expect((form.elements.namedItem('edition') as HTMLInputElement).value).toBe('4')
})

test('a new opinion has the next number, its provision and its name', () => {
  const items = document.getElementById('items') as HTMLElement
  const template = document.getElementById('t') as HTMLTemplateElement
  addItem(items, template, 'p1', 'Điều 1')
  addItem(items, template, 'p2', 'Điều 2')
  expect([...items.querySelectorAll('input')].map((one) => [one.name, one.value])).toEqual([
    ['on-1', 'p1'],
    ['on-2', 'p2'],
  ])
  expect(items.querySelector('[name="text-2"]')?.closest('fieldset')?.querySelector('legend')?.textContent).toBe('Điều 2')
  expect(document.activeElement?.getAttribute('name')).toBe('text-2')
})
