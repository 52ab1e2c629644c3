import { expect, test } from 'vitest'

import { Lazily } from '../../src/ui/lazily'

function counted(): { lazily: Lazily<string[]>; made: () => number } {
  let made = 0
  const lazily = Lazily.of(
    async () => ({ first: 'made' }),
    ({ first }) => {
      made += 1
      return [first]
    },
  )
  return { lazily, made: () => made }
}

const settled = (): Promise<void> => new Promise((resolve) => setTimeout(resolve))

test('a part is made once, when it is first asked for, and then told in order', async () => {
  const { lazily, made } = counted()
  expect(made()).toBe(0)
  const seen: string[][] = []
  lazily.use((part) => part.push('used'))
  lazily.tell((part) => part.push('told'))
  lazily.use((part) => seen.push([...part]))
  await settled()
  expect(made()).toBe(1)
  expect(seen).toEqual([['made', 'used', 'told']])
})

test('what nobody asked for is not fetched to be told something', async () => {
  const { lazily, made } = counted()
  lazily.tell((part) => part.push('told'))
  await settled()
  expect(made()).toBe(0)
  lazily.begin()
  await settled()
  expect(made()).toBe(1)
})
