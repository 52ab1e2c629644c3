// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'

import { earlyClick } from '../../src/ui/early'

describe('a click before its part has come', () => {
  it('is the last one on what was named, and none once it is asked for', () => {
    document.body.innerHTML = '<div id="a"><p class="here">a</p><i>b</i></div><button id="c">c</button>'
    const [sheet, button] = ['#a', '#c'].map((name) => document.querySelector<HTMLElement>(name)!) as [HTMLElement, HTMLElement]
    const early = earlyClick([sheet, button], '.here, #c')
    sheet.querySelector('p')!.click()
    button.click()
    expect(early()?.target).toBe(button)
    sheet.querySelector('p')!.click()
    expect(early()?.target).toBe(button)
    const other = earlyClick([sheet], '.here')
    sheet.querySelector('p')!.click()
    sheet.querySelector('i')!.click()
    expect(other()).toBeNull()
  })
})
