import { readFileSync } from 'node:fs'

import { expect, test } from 'vitest'

import { CLOSE, nextAfter } from '../../src/sync/close'

const table = readFileSync('../docs/protocol/wire.md', 'utf8')
const rows = [...table.matchAll(/^\| (\d{4}) \| ([A-Z_]+) \| (.+) \|$/gm)].map(([, code, name, then]) => ({
  code: Number(code),
  name: name ?? '',
  does: then ?? '',
}))

test('every close code of the protocol is known here, and no other', () => {
  expect(Object.fromEntries(rows.map(({ name, code }) => [name, code]))).toEqual(CLOSE)
})

test.each(rows)('after $code $name the client does what the protocol says', ({ code, does }) => {
  const reconnects = does.includes('reconnects') && code !== CLOSE.SIGNED_OUT
  const next = nextAfter(code)
  if (code === CLOSE.SIGNED_OUT) expect(next).toBe('sign-in')
  else if (reconnects) expect(['at-once', 'soon', 'later']).toContain(next)
  else expect(next).toBe('stop')
})
