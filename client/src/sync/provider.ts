/** Keeps a Y.Doc and the server in step over docs/protocol/wire.md, and tells the truth about it. */

import * as decoding from 'lib0/decoding'
import * as encoding from 'lib0/encoding'
import { applyAwarenessUpdate, encodeAwarenessUpdate, removeAwarenessStates, type Awareness } from 'y-protocols/awareness'
import * as Y from 'yjs'

import { nextAfter } from './close'
import { opener } from './poll'
import { START, reduce, type Role, type SyncEvent, type SyncState } from './state'

const SYNC = 0
const AWARENESS = 1
const QUERY_AWARENESS = 3
const STORED = 100
const EVENT = 101
const GENERATION = 102
const STEP_1 = 0
const STEP_2 = 1
const UPDATE = 2

/** Keystrokes within this time after a message travel together. */
const BATCH_MS = 20
/** A line on which nothing arrives for so long is taken for dead, though the browser has not noticed. */
const SILENT_MS = 45_000

/** What the provider needs of a socket; the browser's WebSocket, or a test's. */
export interface Socket {
  binaryType: string
  readonly readyState: number
  send(data: Uint8Array<ArrayBuffer>): void
  close(): void
  onopen: (() => void) | null
  onmessage: ((event: { data: ArrayBuffer }) => void) | null
  onclose: ((event: { code: number }) => void) | null
}

export interface ServerEvent {
  readonly type: string
  readonly [key: string]: unknown
}

export interface ProviderOptions {
  readonly doc: Y.Doc
  readonly awareness: Awareness
  /** Where remote updates go: the editor's gate, which may let them wait. */
  readonly receive: (update: Uint8Array, origin: unknown) => void
  readonly address: string
  readonly generation: string
  readonly onState: (state: SyncState) => void
  readonly onEvent: (event: ServerEvent) => void
  readonly open?: (address: string) => Socket
  readonly chance?: () => number
  readonly now?: () => number
}

const openSocket = (address: string): Socket => new WebSocket(address, ['duthao.1']) as unknown as Socket

export class Provider {
  #state: SyncState = START
  #socket: Socket | null = null
  /** Whether this connection knows what we have: only then do updates travel one by one. */
  #ready = false
  #sent = 0
  #stored = 0
  #queue: Uint8Array[] = []
  #lastFlush = 0
  #flushTimer: ReturnType<typeof setTimeout> | undefined
  #retryTimer: ReturnType<typeof setTimeout> | undefined
  #watch: ReturnType<typeof setInterval> | undefined
  #heard = 0
  #failures = 0
  #dirty = false
  #ended = false
  readonly #options: ProviderOptions
  readonly #open: (address: string) => Socket
  readonly #now: () => number

  constructor(options: ProviderOptions) {
    this.#options = options
    this.#now = options.now ?? Date.now
    this.#open = options.open ?? opener(() => Y.encodeStateVector(options.doc), openSocket)
    options.doc.on('update', this.#onUpdate)
    options.awareness.on('update', this.#onAwareness)
    this.#watch = setInterval(() => this.#listenForSilence(), 5_000)
    this.#connect()
  }

  get state(): SyncState {
    return this.#state
  }

  /** Try again now: the network is back, or the person signed in elsewhere. */
  reconnect(): void {
    if (this.#ended || this.#socket !== null || this.#state.phase === 'stopped') return
    clearTimeout(this.#retryTimer)
    this.#connect()
  }

  /** Drop the line as a broken network does: for tests of what happens then. */
  cut(): void {
    const socket = this.#socket
    if (socket === null) return
    socket.onclose = null
    socket.close()
    this.#lost(1006)
  }

  destroy(): void {
    this.#ended = true
    clearTimeout(this.#retryTimer)
    clearTimeout(this.#flushTimer)
    clearInterval(this.#watch)
    this.#options.doc.off('update', this.#onUpdate)
    this.#options.awareness.off('update', this.#onAwareness)
    this.#socket?.close()
    this.#socket = null
  }

  #dispatch(event: SyncEvent): void {
    const next = reduce(this.#state, event)
    if (next === this.#state) return
    this.#state = next
    this.#options.onState(next)
  }

  #connect(): void {
    this.#dispatch({ type: 'connecting' })
    const socket = this.#open(
      `${this.#options.address}?generation=${encodeURIComponent(this.#options.generation)}&schema=1`,
    )
    socket.binaryType = 'arraybuffer'
    this.#socket = socket
    this.#ready = false
    this.#sent = 0
    this.#stored = 0
    this.#queue = []
    this.#heard = this.#now()
    socket.onopen = () => {
      if (this.#socket !== socket) return
      this.#dispatch({ type: 'live' })
      this.#sendSync(STEP_1, Y.encodeStateVector(this.#options.doc))
      const awareness = this.#options.awareness
      if (awareness.getLocalState() !== null)
        this.#sendAwareness([awareness.clientID])
    }
    socket.onmessage = (event) => {
      if (this.#socket !== socket) return
      this.#heard = this.#now()
      this.#hear(new Uint8Array(event.data))
    }
    socket.onclose = (event) => {
      if (this.#socket === socket) this.#lost(event.code)
    }
  }

  #lost(code: number): void {
    this.#socket = null
    this.#ready = false
    clearTimeout(this.#flushTimer)
    this.#flushTimer = undefined
    const others = [...this.#options.awareness.getStates().keys()].filter(
      (id) => id !== this.#options.awareness.clientID,
    )
    removeAwarenessStates(this.#options.awareness, others, this)
    if (this.#ended) return
    this.#dispatch({ type: 'closed', code, at: this.#now() })
    const next = nextAfter(code)
    if (next === 'stop' || next === 'sign-in') return
    const chance = (this.#options.chance ?? Math.random)()
    const base = next === 'at-once' ? 50 : next === 'later' ? 15_000 : Math.min(500 * 2 ** this.#failures, 15_000)
    this.#failures += 1
    // Jitter keeps a whole committee from coming back in the same instant.
    this.#retryTimer = setTimeout(() => this.#connect(), base * (0.5 + chance))
  }

  #listenForSilence(): void {
    const socket = this.#socket
    if (socket === null || this.#state.phase !== 'live') return
    const silent = this.#now() - this.#heard
    if (silent > SILENT_MS) {
      this.cut()
    } else if (silent > SILENT_MS / 3) {
      const encoder = encoding.createEncoder()
      encoding.writeVarUint(encoder, QUERY_AWARENESS)
      this.#send(encoding.toUint8Array(encoder))
    }
  }

  #hear(frame: Uint8Array): void {
    const decoder = decoding.createDecoder(frame)
    switch (decoding.readVarUint(decoder)) {
      case SYNC:
        this.#hearSync(decoder)
        break
      case AWARENESS:
        applyAwarenessUpdate(this.#options.awareness, decoding.readVarUint8Array(decoder), this)
        break
      case STORED:
        this.#stored = decoding.readVarUint(decoder)
        this.#judge()
        break
      case EVENT:
        this.#hearEvent(JSON.parse(decoding.readVarString(decoder)) as ServerEvent)
        break
      case GENERATION:
      default:
        break
    }
  }

  #hearSync(decoder: decoding.Decoder): void {
    const step = decoding.readVarUint(decoder)
    const body = decoding.readVarUint8Array(decoder)
    if (step === STEP_1) {
      // All we have that the server lacks, unacknowledged edits of lost connections included.
      this.#queue = []
      this.#ready = true
      this.#sendSync(STEP_2, Y.encodeStateAsUpdate(this.#options.doc, body))
      this.#sent += 1
      this.#judge()
      return
    }
    this.#options.receive(body, this)
    if (step === STEP_2) {
      this.#failures = 0
      this.#dispatch({ type: 'loaded' })
    }
  }

  #hearEvent(event: ServerEvent): void {
    if (event.type === 'access') this.#dispatch({ type: 'role', role: event['role'] as Role })
    else if (event.type === 'storage') this.#dispatch({ type: 'storage', ok: event['ok'] === true })
    this.#options.onEvent(event)
  }

  readonly #onUpdate = (update: Uint8Array, origin: unknown): void => {
    if (origin === this) return
    this.#dirty = true
    this.#dispatch({ type: 'unsaved', unsaved: true })
    if (!this.#ready) return
    this.#queue.push(update)
    const wait = BATCH_MS - (this.#now() - this.#lastFlush)
    if (wait <= 0 && this.#flushTimer === undefined) this.#flush()
    else this.#flushTimer ??= setTimeout(() => this.#flush(), Math.max(wait, 0))
  }

  #flush(): void {
    clearTimeout(this.#flushTimer)
    this.#flushTimer = undefined
    if (!this.#ready || this.#queue.length === 0) return
    const queue = this.#queue
    this.#queue = []
    this.#lastFlush = this.#now()
    this.#sent += 1
    this.#sendSync(UPDATE, queue.length === 1 ? queue[0]! : Y.mergeUpdates(queue))
  }

  /** Saved is said only when everything of ours was sent and confirmed as stored. */
  #judge(): void {
    if (!this.#dirty || !this.#ready || this.#queue.length > 0 || this.#stored < this.#sent) return
    this.#dirty = false
    this.#dispatch({ type: 'unsaved', unsaved: false })
  }

  readonly #onAwareness = (
    changes: { added: number[]; updated: number[]; removed: number[] },
    origin: unknown,
  ): void => {
    if (origin === this) return
    const own = this.#options.awareness.clientID
    if ([...changes.added, ...changes.updated, ...changes.removed].includes(own)) this.#sendAwareness([own])
  }

  #sendAwareness(clients: number[]): void {
    const encoder = encoding.createEncoder()
    encoding.writeVarUint(encoder, AWARENESS)
    encoding.writeVarUint8Array(encoder, encodeAwarenessUpdate(this.#options.awareness, clients))
    this.#send(encoding.toUint8Array(encoder))
  }

  #sendSync(step: number, body: Uint8Array): void {
    const encoder = encoding.createEncoder()
    encoding.writeVarUint(encoder, SYNC)
    encoding.writeVarUint(encoder, step)
    encoding.writeVarUint8Array(encoder, body)
    this.#send(encoding.toUint8Array(encoder))
  }

  #send(frame: Uint8Array): void {
    if (this.#socket?.readyState === 1) this.#socket.send(frame as Uint8Array<ArrayBuffer>)
  }
}
