/** Work of which one runs at a time; what is asked meanwhile is done once, after it. */

export class OneAtATime {
  #running: Promise<void> | null = null
  #next: Promise<void> | null = null

  constructor(private readonly act: () => Promise<void>) {}

  /** Settles when a run that began no earlier than this call has ended. */
  run(): Promise<void> {
    if (this.#running !== null) {
      this.#next ??= this.#running.then(
        () => this.#again(),
        () => this.#again(),
      )
      return this.#next
    }
    this.#running = this.act().finally(() => {
      this.#running = null
    })
    return this.#running
  }

  #again(): Promise<void> {
    this.#next = null
    return this.run()
  }
}
