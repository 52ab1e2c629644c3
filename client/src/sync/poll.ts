/** The conversation over plain requests, for networks that block WebSockets (docs/protocol/wire.md). */

import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'

import { newId } from '../model/ids'
import type { Socket } from './provider'

const CLOSE_HEADER = 'Duthao-Close'
const STATE_HEADER = 'Duthao-State'
/** A request that is not answered within this time is taken for lost; the server answers within 20 s. */
const LOST_MS = 40_000

export interface PollOptions {
  /** Like a socket's address, with https in place of wss. */
  readonly address: string
  readonly token: string
  /** What we have: a process that does not know this connection begins it from there. */
  readonly state: () => Uint8Array
  readonly opened?: () => void
  readonly request?: typeof fetch
}

const base64 = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))

/** A socket made of requests: one at a time carries what waits and brings back what has come. */
export class PollSocket implements Socket {
  binaryType = ''
  readyState = 0
  onopen: (() => void) | null = null
  onmessage: ((event: { data: ArrayBuffer }) => void) | null = null
  onclose: ((event: { code: number }) => void) | null = null
  #waiting: Uint8Array[] = []
  #sending = false
  #sent = 0
  readonly #options: PollOptions

  constructor(options: PollOptions) {
    this.#options = options
    void this.#listen()
  }

  send(frame: Uint8Array): void {
    if (this.readyState > 1) return
    this.#waiting.push(frame)
    if (!this.#sending) void this.#deliver()
  }

  close(): void {
    this.#end(1000)
  }

  /** Asks again and again for what has come; the server answers when something has. */
  async #listen(): Promise<void> {
    // As a socket does, open after the caller has set its handlers.
    await Promise.resolve()
    while (this.readyState < 2) await this.#exchange([])
  }

  /** What waits to be sent, in requests of its own: the listening one may stay unanswered for long. */
  async #deliver(): Promise<void> {
    this.#sending = true
    // Frames of one turn travel together.
    await Promise.resolve()
    while (this.#waiting.length > 0 && this.readyState === 1) {
      const frames = this.#waiting
      this.#waiting = []
      await this.#exchange(frames)
    }
    this.#sending = false
  }

  async #exchange(frames: readonly Uint8Array[]): Promise<void> {
    const answer = await this.#ask(frames)
    if (this.readyState > 1) return
    if (answer === null) return this.#end(1006)
    this.#sent += frames.filter((frame) => carriesUpdate(frame)).length
    if (answer.code === null && this.readyState === 0) {
      this.readyState = 1
      this.#options.opened?.()
      this.onopen?.()
    }
    for (const frame of answer.frames) {
      if ((this.readyState as number) > 1) return
      this.onmessage?.({ data: frame.slice().buffer })
    }
    if (answer.code !== null) this.#end(answer.code)
  }

  /** One request; null when it failed. */
  async #ask(frames: readonly Uint8Array[]): Promise<{ frames: Uint8Array[]; code: number | null } | null> {
    const encoder = encoding.createEncoder()
    for (const frame of frames) encoding.writeVarUint8Array(encoder, frame)
    const joint = this.#options.address.includes('?') ? '&' : '?'
    const lost = new AbortController()
    const timer = setTimeout(() => lost.abort(), LOST_MS)
    try {
      const response = await (this.#options.request ?? fetch)(
        `${this.#options.address}${joint}token=${this.#options.token}&sent=${this.#sent}&resumed=${this.readyState}`,
        {
          method: 'POST',
          body: encoding.toUint8Array(encoder) as Uint8Array<ArrayBuffer>,
          headers: { 'Content-Type': 'application/octet-stream', [STATE_HEADER]: base64(this.#options.state()) },
          signal: lost.signal,
          cache: 'no-store',
        },
      )
      if (!response.ok) return null
      const decoder = decoding.createDecoder(new Uint8Array(await response.arrayBuffer()))
      const found: Uint8Array[] = []
      while (decoding.hasContent(decoder)) found.push(decoding.readVarUint8Array(decoder))
      const code = response.headers.get(CLOSE_HEADER)
      return { frames: found, code: code === null ? null : Number(code) }
    } catch {
      return null
    } finally {
      clearTimeout(timer)
    }
  }

  #end(code: number): void {
    if (this.readyState > 1) return
    this.readyState = 3
    this.onclose?.({ code })
  }
}

/** Whether a frame is a sync message that carries an update: step 2 or update. */
export const carriesUpdate = (frame: Uint8Array): boolean => frame[0] === 0 && (frame[1] === 1 || frame[1] === 2)

/** Sockets that never opened before requests are tried instead. */
const TRIES = 2

/**
 * Opens sockets, and requests in turn with them after `TRIES` sockets never opened. What has opened
 * once on this page is what is used from then on.
 */
export function opener(
  state: () => Uint8Array,
  socket: (address: string) => Socket,
  poll: (options: PollOptions) => Socket = (options) => new PollSocket(options),
): (address: string) => Socket {
  let failed = 0
  let proven: 'socket' | 'poll' | null = null
  return (address) => {
    failed += 1
    if (proven === 'poll' || (proven === null && failed > TRIES && (failed - TRIES) % 2 === 1)) {
      const [path, query] = address.replace(/^ws/, 'http').split('?')
      const token = newId()
      return poll({ address: `${path}/poll${query === undefined ? '' : `?${query}`}`, token, state, opened: () => (proven = 'poll') })
    }
    const made = socket(address) as Socket & Partial<EventTarget>
    made.addEventListener?.('open', () => (proven = 'socket'))
    return made
  }
}
