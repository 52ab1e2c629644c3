/** Comments as the server would tell them, for tests. */

import type { Anchor, Comment, Thread } from '../../src/comments/types'
import type { Person } from '../../src/ui/person'

export const person = (id: string, name = `Ông ${id}`, position = ''): Person => ({ id, name, position, color: '#1d4fae' })

export const PEOPLE: readonly Person[] = [
  person('hanh', 'Nguyễn Thị Hạnh', 'Chánh Văn phòng'), person('dung', 'Trần Quốc Dũng'), person('lan', 'Phạm Thị Lan'), person('ha', 'Đỗ Thu Hà'),
]

const byId = (id: string): Person => PEOPLE.find((one) => one.id === id) ?? person(id)

let made = 0

export function comment(author: string, text: string, more: Partial<Comment> = {}): Comment {
  made += 1
  return { id: `w${made}`, edition: 1, author: byId(author), at: 1_700_000_000_000 + made, edited: null, text, mentions: [], removed: false, ...more }
}

export const anchor = (more: Partial<Anchor> = {}): Anchor => ({
  on: 'words', quote: 'mỗi tháng', made_on: { seq: 1, version: null, name: null }, standing: 'here', provision: null, cell: null, start: null, end: null, rest: [], ...more,
})

export function thread(author: string, text: string, more: Partial<Thread> = {}): Thread {
  made += 1
  return {
    id: `t${made}`, edition: 1, state: 'open', anchor: anchor(), where: 'khoản 1 Điều 2', article: { id: 'a2', where: 'Điều 2' }, author: byId(author),
    at: 1_700_000_000_000 + made, assigned: null, resolved: null, comments: [comment(author, text)], ...more,
  }
}

export const say = (key: string, values?: Record<string, string | number>): string => `${key}${values ? JSON.stringify(values) : ''}`
