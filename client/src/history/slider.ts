/** The slider's line of time: where one stands, and where each key leads. No screen in sight. */

export interface Stop {
  /** The row of the journal after which this moment is. */
  readonly seq: number
  /** The moment before it, of whomever. */
  readonly since: number
  /** Epoch milliseconds. */
  readonly at: number
  readonly user: string
  /** The last row of the sitting it lies in. */
  readonly sitting: number
}

/** The stop at or before a moment; the first when all lie after it, -1 when there are none. */
export function placeOf(stops: readonly Stop[], seq: number): number {
  let low = 0
  let high = stops.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (stops[middle]!.seq <= seq) low = middle + 1
    else high = middle
  }
  return stops.length === 0 ? -1 : Math.max(low - 1, 0)
}

/** Where a key leads from a stop; null for a key that leads nowhere. */
export function led(stops: readonly Stop[], place: number, key: string): number | null {
  const last = stops.length - 1
  if (last < 0) return null
  const kept = (wanted: number): number => Math.min(Math.max(wanted, 0), last)
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return kept(place - 1)
    case 'ArrowRight':
    case 'ArrowUp':
      return kept(place + 1)
    case 'Home':
      return 0
    case 'End':
      return last
    case 'PageUp':
      return kept(lastStop(stops, place, -1))
    case 'PageDown':
      return kept(lastStop(stops, place, 1))
    default:
      return null
  }
}

/** The last stop of the sitting before; the end of this one, or of the next when one stands there. */
function lastStop(stops: readonly Stop[], place: number, way: -1 | 1): number {
  const here = stops[place]!.sitting
  if (way === 1) {
    const from = stops[place]!.seq === here ? place + 1 : place
    const sitting = stops[from]?.sitting
    const found = stops.findLastIndex((stop) => stop.sitting === sitting)
    return found < 0 ? place : found
  }
  const before = stops.findLastIndex((stop) => stop.sitting < here)
  return before < 0 ? 0 : before
}

/** Runs of stops that belong together, with how many they are: sittings, or days. */
export function groups<K>(stops: readonly Stop[], key: (stop: Stop) => K): { readonly key: K; readonly count: number; readonly first: Stop }[] {
  const found: { key: K; count: number; first: Stop }[] = []
  for (const stop of stops) {
    const own = key(stop)
    const last = found.at(-1)
    if (last !== undefined && last.key === own) last.count += 1
    else found.push({ key: own, count: 1, first: stop })
  }
  return found
}

const inVietnam = (options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat =>
  new Intl.DateTimeFormat('vi-VN', { timeZone: 'Asia/Ho_Chi_Minh', ...options })
const HOUR = inVietnam({ hour: '2-digit', minute: '2-digit', hour12: false })
const DAY = inVietnam({ day: '2-digit', month: '2-digit', year: 'numeric' })

export const dayOf = (at: number): string => DAY.format(at)
/** As the server writes a moment: 14:05 24/11/2026. */
export const momentOf = (at: number): string => `${HOUR.format(at)} ${DAY.format(at)}`
