import { expect, test } from 'vitest'

import { linesFrom } from '../../src/ui/sending'

test('whole lines are told once, the one still coming waits', () => {
  const first = linesFrom('{"step":"a"}\n{"st', 0)
  expect(first.lines).toEqual([{ step: 'a' }])
  const second = linesFrom('{"step":"a"}\n{"step":"b"}\n{"html":"<p>\\n"}\n', first.end)
  expect(second.lines).toEqual([{ step: 'b' }, { html: '<p>\n' }])
  expect(linesFrom('{"step":"a"}\n', first.end).lines).toEqual([])
})
