/** A part of the page whose script is fetched when it is first asked for. */

import { fetched } from './fetched'

export class Lazily<Part> {
  #part: Promise<Part> | null = null

  private constructor(private readonly make: () => Promise<Part>) {}

  /** `fetch` is an `import()`; it is tried again where it did not come. */
  static of<Module, Part>(fetch: () => Promise<Module>, make: (module: Module) => Part): Lazily<Part> {
    return new Lazily(() => fetched(fetch).then(make))
  }

  /** Asks for the part, and does this once it is there. */
  use(act: (part: Part) => void): void {
    this.#part ??= this.make()
    void this.#part.then(act)
  }

  /** Does this with a part that was asked for; what happens before that is no matter for it. */
  tell(act: (part: Part) => void): void {
    void this.#part?.then(act)
  }

  /** Asks for the part; nothing more. */
  begin(): void {
    this.use(() => undefined)
  }
}
