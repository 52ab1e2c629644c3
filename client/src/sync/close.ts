/** Ways in which the server ends a connection, and what this browser then does (docs/protocol/wire.md). */

export const CLOSE = {
  GOING_AWAY: 1001,
  BAD_MESSAGE: 4400,
  SIGNED_OUT: 4401,
  NO_ACCESS: 4403,
  NO_SUCH_DOCUMENT: 4404,
  TOO_SLOW: 4408,
  OTHER_LINEAGE: 4409,
  ACCESS_CHANGED: 4410,
  RESYNC: 4412,
  TOO_LARGE: 4413,
  TOO_MANY: 4429,
  TRY_AGAIN: 4503,
} as const

/** `at-once` and `later` reconnect; `sign-in` waits for the person; `stop` never tries again. */
export type Next = 'at-once' | 'soon' | 'later' | 'sign-in' | 'stop'

const NEXT: ReadonlyMap<number, Next> = new Map<number, Next>([
  [CLOSE.BAD_MESSAGE, 'stop'],
  [CLOSE.SIGNED_OUT, 'sign-in'],
  [CLOSE.NO_ACCESS, 'stop'],
  [CLOSE.NO_SUCH_DOCUMENT, 'stop'],
  [CLOSE.TOO_SLOW, 'at-once'],
  [CLOSE.OTHER_LINEAGE, 'stop'],
  [CLOSE.ACCESS_CHANGED, 'at-once'],
  [CLOSE.RESYNC, 'at-once'],
  [CLOSE.TOO_LARGE, 'stop'],
  [CLOSE.TOO_MANY, 'later'],
])

/** What to do after a close; anything unnamed is a broken line: try again soon. */
export const nextAfter = (code: number): Next => NEXT.get(code) ?? 'soon'
