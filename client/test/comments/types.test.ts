import { describe, expect, it } from 'vitest'

import { choicesOf, freshIn, inOrder, mayAssign, mayEdit, mayRemove, maySettle, passes, type Filter, type Rights } from '../../src/comments/types'
import { anchor, comment, person, thread } from './made'

const ANY: Filter = { state: 'all', person: '', article: '' }
const rights = (me: string, more: Partial<Rights> = {}): Rights => ({ me, comments: true, writes: false, leads: false, ...more })

describe('a list of comments', () => {
  const mine = thread('lan', 'của Lan')
  const answered = thread('dung', 'của Dũng', { comments: [comment('dung', 'hỏi'), comment('lan', 'đáp')] })
  const naming = thread('dung', 'gọi', { comments: [comment('dung', '@Phạm Thị Lan', { mentions: ['lan'] })] })
  const given = thread('dung', 'giao', { assigned: person('lan') })
  const other = thread('dung', 'khác', { article: { id: 'a9', where: 'Điều 9' } })
  const settled = thread('lan', 'xong', { state: 'resolved' })
  const all = [mine, answered, naming, given, other, settled]
  const shown = (filter: Partial<Filter>): string[] => all.filter((one) => passes(one, { ...ANY, ...filter }, 'lan')).map(({ comments }) => comments[0]!.text)

  it('is filtered by state, by what concerns somebody, by person and article', () => {
    expect(shown({ state: 'open' })).toHaveLength(5)
    expect(shown({ state: 'mine' })).toEqual(['của Lan', 'hỏi', '@Phạm Thị Lan', 'giao'])
    expect(shown({ state: 'resolved' })).toEqual(['xong'])
    expect(shown({ person: 'lan', state: 'open' })).toEqual(['của Lan', 'hỏi', 'giao'])
    expect(shown({ article: 'a9' })).toEqual(['khác'])
    expect(shown({})).toHaveLength(6)
  })

  it('passes over what somebody took back', () => {
    const gone = thread('dung', 'x', { comments: [comment('dung', 'x'), comment('lan', '', { removed: true })] })
    expect(passes(gone, { ...ANY, person: 'lan' }, 'lan')).toBe(false)
    expect(passes(gone, { ...ANY, state: 'mine' }, 'lan')).toBe(false)
  })

  it('offers everybody and every article once', () => {
    expect(choicesOf(all).people.map(({ id }) => id)).toEqual(['lan', 'dung'])
    expect(choicesOf([given]).people.map(({ id }) => id)).toEqual(['lan', 'dung'])
    expect(choicesOf(all).articles.map(({ where }) => where)).toEqual(['Điều 2', 'Điều 9'])
  })

  it('has those about the whole document first and keeps the order of the draft', () => {
    const whole = thread('dung', 'chung', { anchor: anchor({ on: 'document' }) })
    expect(inOrder([mine, other, whole])).toEqual([whole, mine, other])
  })

  it('knows what others said since, oldest first', () => {
    const known = new Set(all.flatMap(({ comments }) => comments.map(({ id }) => id)))
    const later = { ...mine, comments: [...mine.comments, comment('dung', 'mới'), comment('lan', 'của tôi')] }
    expect(freshIn([later, answered], known, 'lan').map((one) => one.comment.text)).toEqual(['mới'])
  })

  it('lets each do what is theirs', () => {
    expect([maySettle(mine, rights('lan')), maySettle(given, rights('lan')), maySettle(other, rights('lan'))]).toEqual([true, true, false])
    expect(maySettle(other, rights('hanh', { writes: true }))).toBe(true)
    expect(maySettle(mine, rights('lan', { comments: false }))).toBe(false)
    expect([mayAssign(mine, rights('lan')), mayAssign(given, rights('lan')), mayAssign(other, rights('hanh', { writes: true }))]).toEqual([true, false, true])
    const [said, back] = [comment('lan', 'a'), comment('lan', '', { removed: true })]
    expect([mayEdit(said, rights('lan')), mayEdit(said, rights('dung')), mayEdit(back, rights('lan'))]).toEqual([true, false, false])
    expect([mayRemove(said, rights('dung')), mayRemove(said, rights('hanh', { leads: true })), mayRemove(back, rights('hanh', { leads: true }))]).toEqual([false, true, false])
  })
})
