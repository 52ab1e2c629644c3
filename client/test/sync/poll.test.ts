import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'

import { PollSocket, opener, type PollOptions } from '../../src/sync/poll'
import type { Socket } from '../../src/sync/provider'

interface Asked {
  readonly url: URL
  readonly frames: number[][]
  answer(frames: number[][], close?: number): void
  fail(): void
}

/** The server's side: requests as they come, answered by hand. */
class House {
  asked: Asked[] = []

  readonly request = ((url: string, init: RequestInit) =>
    new Promise<Response>((resolve, reject) => {
      const decoder = decoding.createDecoder(init.body as Uint8Array)
      const frames: number[][] = []
      while (decoding.hasContent(decoder)) frames.push([...decoding.readVarUint8Array(decoder)])
      this.asked.push({
        url: new URL(url),
        frames,
        answer: (back, close) => {
          const encoder = encoding.createEncoder()
          for (const frame of back) encoding.writeVarUint8Array(encoder, Uint8Array.from(frame))
          const headers: HeadersInit = close === undefined ? {} : { 'Duthao-Close': String(close) }
          resolve(new Response(encoding.toUint8Array(encoder) as Uint8Array<ArrayBuffer>, { headers }))
        },
        fail: () => reject(new TypeError('network')),
      })
    })) as unknown as typeof fetch
}

const settle = async (): Promise<void> => {
  for (let n = 0; n < 30; n += 1) await Promise.resolve()
  await vi.advanceTimersByTimeAsync(0)
}

let house: House
let heard: number[][]
let closed: number[]
let socket: PollSocket

function open(): void {
  socket = new PollSocket({
    address: 'http://house/collab/d/poll?schema=1',
    token: 'T',
    state: () => Uint8Array.of(0),
    request: house.request,
  })
  socket.onmessage = (event) => heard.push([...new Uint8Array(event.data)])
  socket.onclose = (event) => closed.push(event.code)
}

beforeEach(() => {
  vi.useFakeTimers()
  house = new House()
  heard = []
  closed = []
})

afterEach(() => {
  socket?.close()
  vi.useRealTimers()
})

test('it opens with the first answer, hears its frames and goes on listening', async () => {
  open()
  let opened = 0
  socket.onopen = () => (opened += 1)
  await settle()
  expect(house.asked.map((a) => [a.url.searchParams.get('resumed'), a.frames])).toEqual([['0', []]])
  house.asked[0]!.answer([[101, 1], [0, 0, 5]])
  await settle()
  expect(opened).toBe(1)
  expect(heard).toEqual([[101, 1], [0, 0, 5]])
  expect(house.asked.length).toBe(2)
  expect(house.asked[1]!.url.searchParams.get('resumed')).toBe('1')
})

test('what is sent goes at once beside the listening request, frames of one turn together', async () => {
  open()
  await settle()
  house.asked[0]!.answer([])
  await settle()
  socket.send(Uint8Array.of(0, 2, 9))
  socket.send(Uint8Array.of(1, 7))
  await settle()
  expect(house.asked[2]!.frames).toEqual([[0, 2, 9], [1, 7]])
  socket.send(Uint8Array.of(0, 2, 10))
  await settle()
  expect(house.asked.length).toBe(3)
  house.asked[2]!.answer([[100, 1]])
  await settle()
  expect(heard).toEqual([[100, 1]])
  // The one update of the first request is counted, the awareness is not.
  expect(house.asked[3]!.frames).toEqual([[0, 2, 10]])
  expect(house.asked[3]!.url.searchParams.get('sent')).toBe('1')
})

test('a close code ends it as a socket ends, once, after what came with it', async () => {
  open()
  await settle()
  house.asked[0]!.answer([[101, 2]], 4410)
  await settle()
  expect(heard).toEqual([[101, 2]])
  expect(closed).toEqual([4410])
  socket.close()
  expect(closed).toEqual([4410])
})

test('a request that fails, or is never answered, is a broken line', async () => {
  open()
  await settle()
  house.asked[0]!.fail()
  await settle()
  expect(closed).toEqual([1006])
})

test('requests are tried after sockets that never opened, in turn with them, and kept once they work', () => {
  const made: string[] = []
  let polls: PollOptions[] = []
  const fake = { addEventListener: () => undefined } as unknown as Socket
  const openOne = opener(
    () => Uint8Array.of(0),
    () => (made.push('socket'), fake),
    (options) => (made.push('poll'), polls.push(options), fake),
  )
  for (let n = 0; n < 5; n += 1) openOne('ws://house/collab/d?schema=1')
  expect(made).toEqual(['socket', 'socket', 'poll', 'socket', 'poll'])
  expect(polls[0]!.address).toBe('http://house/collab/d/poll?schema=1')
  expect(polls[0]!.token).not.toBe(polls[1]!.token)
  polls[1]!.opened?.()
  openOne('ws://house/collab/d')
  openOne('ws://house/collab/d')
  expect(made.slice(5)).toEqual(['poll', 'poll'])
})

test('a socket that has opened once is used for good', () => {
  const made: string[] = []
  let tell: () => void = () => undefined
  const openOne = opener(
    () => Uint8Array.of(0),
    () => {
      made.push('socket')
      return { addEventListener: (_: string, heard: () => void) => (tell = heard) } as unknown as Socket
    },
    () => (made.push('poll'), {} as Socket),
  )
  openOne('ws://house/collab/d')
  tell()
  for (let n = 0; n < 5; n += 1) openOne('ws://house/collab/d')
  expect(new Set(made)).toEqual(new Set(['socket']))
})
