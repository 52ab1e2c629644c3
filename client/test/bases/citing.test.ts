import { describe, expect, it } from 'vitest'
import * as Y from 'yjs'

import { cite, citing, dateOf, isCited, joinedTo, missing, unitOf } from '../../src/bases/citing'
import { addBasis, moveBasis, readBases, removeBasis, setBasis } from '../../src/model'

const RULE = { kind: 'Quy định', number: '24-QĐ/TW', date: '30/7/2021', body: 'Ban Chấp hành Trung ương', title: 'thi hành Điều lệ Đảng' }
const STATUTE = { kind: 'Điều lệ', number: '', date: '', body: '', title: 'Đảng Cộng sản Việt Nam' }

describe('a citation', () => {
  it('stands in the usual form', () => {
    expect(cite(RULE, '5.2.a')).toBe('điểm a khoản 2 Điều 5 Quy định số 24-QĐ/TW ngày 30/7/2021 của Ban Chấp hành Trung ương')
    expect(cite(RULE, '')).toBe('Quy định số 24-QĐ/TW ngày 30/7/2021 của Ban Chấp hành Trung ương')
    expect(cite(STATUTE, 'Điều 20')).toBe('Điều 20 Điều lệ Đảng Cộng sản Việt Nam')
  })

  it('takes an article typed in short, or in words', () => {
    expect(['5', '5a.1', '12.3.Đ', ' mục II  phần A '].map(unitOf)).toEqual(['Điều 5', 'khoản 1 Điều 5a', 'điểm đ khoản 3 Điều 12', 'mục II phần A'])
  })

  it('is parted from what stands before it', () => {
    expect(['', 'Theo ', 'Thống nhất với thực tế', 'Căn cứ:'].map((words) => joinedTo(words, 'X'))).toEqual(['X', 'X', '; X', ' X'])
  })

  it('is found in a reason whoever typed it', () => {
    expect(isCited(RULE, 'theo quy định 24-qđ/tw của Trung ương')).toBe(true)
    expect(isCited(RULE, 'theo Quy định 124-QĐ/TW')).toBe(false)
    expect(citing(STATUTE, [{ id: 'a', reason: 'Điều lệ  Đảng Cộng sản Việt Nam' }, { id: 'b', reason: '' }])).toEqual(['a'])
  })

  it('has a day that is in the calendar', () => {
    expect(['30-7-2021', '2021-07-30', '01/02/2026', '', '31/2/2021', 'hôm qua'].map(dateOf)).toEqual(['30/7/2021', '30/07/2021', '01/02/2026', '', null, null])
  })
})

describe('the list', () => {
  const names = (doc: Y.Doc): string[] => readBases(doc).map(({ number, title }) => number || title)

  it('keeps its order and takes what it has not', () => {
    const doc = new Y.Doc()
    const first = addBasis(doc, RULE)!
    addBasis(doc, STATUTE)
    expect(moveBasis(doc, first, 1)).toBe(true)
    expect(moveBasis(doc, first, 1)).toBe(false)
    expect(names(doc)).toEqual(['Đảng Cộng sản Việt Nam', '24-QĐ/TW'])
    expect(missing([{ ...RULE, date: '' }, { ...RULE, number: '22-QĐ/TW' }], readBases(doc)).map(({ number }) => number)).toEqual(['22-QĐ/TW'])
    removeBasis(doc, first)
    expect(names(doc)).toEqual(['Đảng Cộng sản Việt Nam'])
  })

  it('joins what two write in one of them', () => {
    const [a, b] = [new Y.Doc(), new Y.Doc()]
    const id = addBasis(a, RULE)!
    Y.applyUpdate(b, Y.encodeStateAsUpdate(a))
    setBasis(a, id, { ...RULE, date: '31/7/2021' })
    setBasis(b, id, { ...RULE, body: 'Bộ Chính trị' })
    Y.applyUpdate(a, Y.encodeStateAsUpdate(b))
    Y.applyUpdate(b, Y.encodeStateAsUpdate(a))
    expect(readBases(a)).toEqual(readBases(b))
    expect(readBases(a)[0]).toMatchObject({ date: '31/7/2021', body: 'Bộ Chính trị' })
  })
})
