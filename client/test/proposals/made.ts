/** Proposals as the server would tell them, for tests. */

import type { Outlook, Proposal, Wording } from '../../src/proposals/types'

export const words = (text: string, cells: readonly string[] = []): Wording => ({ text, cells })

export const clean = (more: Partial<Outlook> = {}): Outlook => ({
  standing: 'clean', seen: 's1', now: null, pieces: null, merged: words('Họp mỗi quý.'), changed: [], ...more,
})

let made = 0

export function proposal(provision: string, name: string, more: Partial<Proposal> = {}): Proposal {
  made += 1
  return {
    id: `q${made}`, act: 'replace', provision, where: 'khoản 1 Điều 2', article: { id: 'a2', where: 'Điều 2' }, state: 'open', edition: 1,
    author: { id: name, name: `Ông ${name}`, position: '', color: '#1d4fae' }, at: 1_700_000_000_000, changed: 1_700_000_000_000, reason: 'vì thực tiễn',
    base: [{ id: provision, kind: 'clause', label: '1.', text: 'Họp mỗi tháng.', cells: [] }], wording: words('Họp mỗi quý.'), new: null,
    spans: [[['=', 'Họp mỗi '], ['-', 'tháng'], ['+', 'quý'], ['=', '.']]], outlook: clean(),
    changes: [[{ text: 'Họp mỗi ' }, { was: 'tháng', now: 'quý', disputed: false }, { text: '.' }]],
    collide: [], same: [], answer: '', decided: null, outcome: null, seq: null, ...more,
  }
}

export const say = (key: string, values?: Record<string, string | number>): string => `${key}${values ? JSON.stringify(values) : ''}`
