// @vitest-environment jsdom
import { describe, expect, it } from 'vitest'

import { chosenIn, inCell, readLine } from '../../src/comments/lines'

const drawn = (html: string): HTMLElement => {
  document.body.innerHTML = `<table><tbody><tr>${html}</tr></tbody></table>`
  return document.body
}
const after = '<td class="after"><p data-on="a"><span class="label">1.</span> Họp <del>mỗi tháng</del><ins>mỗi quý</ins> một lần.</p></td>'

/** From the beginning of one text node to the end of another, found by their words. */
function range(root: HTMLElement, first: string, last: string): Range {
  const made = document.createRange()
  const nodes = document.createTreeWalker(root, NodeFilter.SHOW_TEXT)
  while (nodes.nextNode()) {
    const node = nodes.currentNode as Text
    if (node.data.includes(first)) made.setStart(node, node.data.indexOf(first))
    if (node.data.includes(last)) made.setEnd(node, node.data.indexOf(last) + last.length)
  }
  return made
}

describe('words of a line', () => {
  it('are those of its own column, without number', () => {
    expect(readLine(drawn(after).querySelector('p')!).text).toBe('Họp mỗi quý một lần.')
    const before = '<td class="before"><p data-on="a">Họp <del>mỗi tháng</del><ins>mỗi quý</ins>.</p></td>'
    expect(readLine(drawn(before).querySelector('p')!).text).toBe('Họp mỗi tháng.')
  })

  it('are chosen where they stand in the text', () => {
    const root = drawn(after)
    const chosen = chosenIn(root, range(root, 'quý', 'một'))
    expect(chosen).toEqual({ id: 'a', text: 'Họp mỗi quý một lần.', cell: null, from: 8, to: 15 })
  })

  it('end with the line when more is selected, and leave its number out', () => {
    const root = drawn(`${after}<td class="third"><p data-on="b">Sau đó.</p></td>`)
    expect(chosenIn(root, range(root, '1.', 'Sau'))).toMatchObject({ id: 'a', from: 0, to: 20 })
  })

  it('are nothing where only words are selected that the text has not', () => {
    const root = drawn(after)
    expect(chosenIn(root, range(root, 'mỗi tháng', 'mỗi tháng'))).toBeNull()
  })

  it('of a row are those of one cell', () => {
    const root = drawn('<td class="after"><p data-on="r" data-row="1">1 | Văn phòng | chủ trì</p></td>')
    expect(chosenIn(root, range(root, 'phòng', 'chủ'))).toEqual({ id: 'r', text: 'Văn phòng', cell: 1, from: 4, to: 9 })
    const version = drawn('<td><p data-on="r"><span class="cell">1</span><span class="cell">Văn phòng</span></p></td>')
    expect(chosenIn(version, range(version, 'phòng', 'phòng'))).toEqual({ id: 'r', text: 'Văn phòng', cell: 1, from: 4, to: 9 })
    expect(inCell('a | b', 1, 4)).toBeNull()
  })
})
