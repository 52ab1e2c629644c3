import { expect, it } from 'vitest'

import type { OutlineItem } from '../../src/editor/types'
import { outlined } from '../../src/ui/outline'

const item = (id: string): OutlineItem => ({ id, kind: 'clause', label: '', text: '', level: 0 })

it('a row stands in its table, whatever follows it', () => {
  const items = ['a', 'table', 'b'].map(item)
  const all = ['a', 'table', 'row', 'row2', 'b'].map((id) => ({ id }))
  expect(['a', 'row', 'row2', 'b'].map((id) => outlined(() => all, items, id))).toEqual(['a', 'table', 'table', 'b'])
  expect(outlined(() => all, items, null)).toBeNull()
})
