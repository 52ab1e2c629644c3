import { readFileSync } from 'node:fs'

import { describe, expect, it } from 'vitest'

import type { OutlineItem } from '../../src/editor/types'
import { named } from '../../src/ui/named'
import { sayer } from '../../src/ui/page'

const messages = (language: string): Record<string, string> =>
  JSON.parse(readFileSync(new URL(`../../../server/duthao/messages/${language}/print.json`, import.meta.url), 'utf8'))

const item = (id: string, kind: OutlineItem['kind'], label: string, level: number, text = ''): OutlineItem => ({ id, kind, label, level, text }) as OutlineItem
const ITEMS = [
  item('opening', 'paragraph', '', 0, 'Để thực hiện nghị quyết của Ban Chấp hành'),
  item('c', 'chapter', 'Chương I', 0), item('h', 'heading', 'I.', 1, 'Mục tiêu'), item('a', 'article', 'Điều 5.', 1),
  item('k', 'clause', '2.', 2), item('p', 'point', 'đ)', 3), item('i', 'indent', '', 4, 'Gạch đầu dòng'),
]

describe('a provision is called', () => {
  it.each([
    ['opening', 'Để thực hiện nghị quyết…', 'Để thực hiện nghị quyết…'],
    ['c', 'Chương I', 'Chapter I'],
    ['h', 'I', 'I'],
    ['a', 'Điều 5', 'Article 5'],
    ['k', 'khoản 2 Điều 5', 'clause 2 of Article 5'],
    ['p', 'điểm đ khoản 2 Điều 5', 'point đ of clause 2 of Article 5'],
    ['i', 'điểm đ khoản 2 Điều 5', 'point đ of clause 2 of Article 5'],
    ['gone', '', ''],
  ])('as the server calls it, in both languages: %s', (id, vi, en) => {
    expect(named(ITEMS, id, sayer(messages('vi')))).toBe(vi)
    expect(named(ITEMS, id, sayer(messages('en')))).toBe(en)
  })
})
