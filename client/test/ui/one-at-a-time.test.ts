import { expect, it } from 'vitest'

import { OneAtATime } from '../../src/ui/one-at-a-time'

function held() {
  const ends: { done: () => void; fail: () => void }[] = []
  const one = new OneAtATime(
    () => new Promise<void>((resolve, reject) => ends.push({ done: resolve, fail: () => reject(new Error('broken')) })),
  )
  return { one, ends }
}

const settled = async (): Promise<void> => {
  for (let n = 0; n < 10; n++) await Promise.resolve()
}

it('runs once for all that is asked while another runs', async () => {
  const { one, ends } = held()
  const first = one.run()
  const [second, third] = [one.run(), one.run()]
  expect(ends).toHaveLength(1)
  ends[0]?.done()
  await first
  await settled()
  expect(ends).toHaveLength(2)
  ends[1]?.done()
  await Promise.all([second, third])
  expect(ends).toHaveLength(2)
})

it('runs again after one that failed, which only its own caller hears of', async () => {
  const { one, ends } = held()
  const first = one.run()
  const second = one.run()
  ends[0]?.fail()
  await expect(first).rejects.toThrow('broken')
  await settled()
  ends[1]?.done()
  await expect(second).resolves.toBeUndefined()
})
