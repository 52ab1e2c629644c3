/** Whether somebody is at their desk: seen from what their hands do, told to the others. */

export type Attention = 'here' | 'idle' | 'away'

/** Milliseconds without a hand moving. */
export const IDLE_MS = 2 * 60_000
export const AWAY_MS = 10 * 60_000
/** Milliseconds for which the page is out of sight. */
export const HIDDEN_MS = 60_000

const HANDS = ['keydown', 'pointerdown', 'pointermove', 'wheel', 'touchmove'] as const

/** What another browser tells, which may be anything. */
export const attentionOf = (told: unknown): Attention => (told === 'idle' || told === 'away' ? told : 'here')

/** Calls `tell` whenever it changes; who has just come is here. */
export class AttentionWatch {
  #told: Attention = 'here'
  #moved = Date.now()
  #hiddenSince: number | null = null
  #timer: ReturnType<typeof setTimeout> | undefined

  constructor(
    private readonly tell: (attention: Attention) => void,
    private readonly page: Document = document,
  ) {
    for (const kind of HANDS) page.addEventListener(kind, this.#hands, { passive: true, capture: true })
    page.addEventListener('visibilitychange', this.#seen)
    this.#look()
  }

  end(): void {
    clearTimeout(this.#timer)
    for (const kind of HANDS) this.page.removeEventListener(kind, this.#hands, { capture: true })
    this.page.removeEventListener('visibilitychange', this.#seen)
  }

  /** Called with every key and every move of the pointer: it must cost nothing. */
  readonly #hands = (): void => {
    this.#moved = Date.now()
    if (this.#told !== 'here') this.#look()
  }

  readonly #seen = (): void => {
    this.#hiddenSince = this.page.visibilityState === 'hidden' ? Date.now() : null
    if (this.#hiddenSince === null) this.#moved = Date.now()
    this.#look()
  }

  #look(): void {
    clearTimeout(this.#timer)
    const now = Date.now()
    const still = now - this.#moved
    const hidden = this.#hiddenSince === null ? 0 : now - this.#hiddenSince
    const attention = still >= AWAY_MS || hidden >= HIDDEN_MS ? 'away' : still >= IDLE_MS ? 'idle' : 'here'
    const next = [IDLE_MS - still, AWAY_MS - still, this.#hiddenSince === null ? 0 : HIDDEN_MS - hidden].filter((ms) => ms > 0)
    if (attention !== 'away') this.#timer = setTimeout(() => this.#look(), Math.min(...next))
    if (attention === this.#told) return
    this.#told = attention
    this.tell(attention)
  }
}
