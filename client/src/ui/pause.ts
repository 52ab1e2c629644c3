/** Waiting for a pause in what keeps happening, and not for ever. */

export class Pause {
  #timer: ReturnType<typeof setTimeout> | undefined
  #since = 0

  /** Calls `act` when nothing was told for `pause` ms, and at the latest `latest` ms after the first telling. */
  constructor(
    private readonly act: () => void,
    private readonly pause: number,
    private readonly latest: number,
  ) {}

  tell(): void {
    const now = Date.now()
    if (this.#timer === undefined) this.#since = now
    this.after(Math.max(0, Math.min(this.pause, this.#since + this.latest - now)))
  }

  /** Once, so many ms from now, instead of what was waited for; tellings meanwhile count from here. */
  after(ms: number): void {
    if (this.#timer === undefined) this.#since = Date.now()
    clearTimeout(this.#timer)
    this.#timer = setTimeout(() => {
      this.#timer = undefined
      this.act()
    }, ms)
  }

  stop(): void {
    clearTimeout(this.#timer)
    this.#timer = undefined
  }
}
