/** Comments begun and not sent: kept in this window alone, and gone with it. */

const PREFIX = 'duthao-comment'

/** `name` is the thread that is answered, or what else tells one draft from another. */
export class Drafts<T> {
  constructor(private readonly document: string) {}

  read(name: string): T | null {
    try {
      const kept = sessionStorage.getItem(this.#key(name))
      return kept === null ? null : (JSON.parse(kept) as T)
    } catch {
      // Storage may be forbidden, and what another version of ours left there may be no draft.
      return null
    }
  }

  /** `null` forgets it. */
  keep(name: string, draft: T | null): void {
    try {
      if (draft === null) sessionStorage.removeItem(this.#key(name))
      else sessionStorage.setItem(this.#key(name), JSON.stringify(draft))
    } catch {
      // Nothing can be kept: the words stay in the form as long as it stands.
    }
  }

  #key(name: string): string {
    return `${PREFIX}:${this.document}:${name}`
  }
}
