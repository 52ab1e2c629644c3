// @vitest-environment jsdom
import { expect, it, vi } from 'vitest'

import { BesidePanel } from '../../src/beside/panel'

const PANE = `<section id="beside"><h2 id="beside-title"></h2><select id="beside-side"><option value="">Văn bản hiện hành</option></select>
<span id="beside-state"></span><button id="beside-previous"></button><button id="beside-next"></button><div id="beside-text"></div></section>`

it('offers every other text of the document, those formerly in force among them, then the models', async () => {
  document.body.innerHTML = PANE
  const models = [{ id: 'here', title: 'Chính văn bản này', side: 'model:here' }, { id: 'm', title: 'Quy chế mẫu', side: 'model:m' }]
  vi.stubGlobal('fetch', async () => ({ ok: true, json: async () => ({ models }) }))
  const part = document.createElement('div')
  new BesidePanel({
    address: '/beside', document: 'here', say: (key) => key, editor: () => null, desk: part, sheet: part, live: part,
    versions: [
      { id: 'v3', name: 'Văn bản ban hành: 05', in_force: true },
      { id: 'v2', name: 'Dự thảo lần 1', in_force: false },
      { id: 'v1', name: 'Văn bản hiện hành trước đây', in_force: false },
    ],
  })
  const offered = (): string[] => [...document.querySelectorAll('option')].map(({ value }) => value)
  await vi.waitFor(() => expect(offered()).toEqual(['', 'v2', 'v1', 'model:m']))
  expect(document.querySelector('optgroup')?.label).toBe('beside.models')
  vi.unstubAllGlobals()
})
