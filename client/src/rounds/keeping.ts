/**
 * Keeps an answer as a draft while it is written: some time after the last letter, one saving at a time.
 * What could not be saved is tried again; nothing is ever taken from the page.
 */

export const AFTER = 1500
/** Milliseconds after the last letter. */
export const AGAIN = 10_000
/** Milliseconds after a saving that failed. */

export class Keeping {
  private timer: ReturnType<typeof setTimeout> | undefined
  private saving = false
  private dirty = false
  private leaving = false
  private missed = false

  constructor(
    private readonly form: HTMLFormElement,
    private readonly state: HTMLElement | null,
    private readonly ask: typeof fetch = (...given) => fetch(...given),
  ) {
    form.addEventListener('input', (event) => {
      if ((event.target as HTMLInputElement).type !== 'file' && (event.target as HTMLElement).id !== 'on') this.changed()
    })
    form.addEventListener('submit', (event) => {
      // The edition that is just being saved is not known yet: the form waits for it.
      if (this.saving) {
        event.preventDefault()
        const button = event.submitter
        this.leaving = true
        void this.settled().then(() => {
          this.form.requestSubmit(button instanceof HTMLButtonElement ? button : undefined)
        })
        return
      }
      clearTimeout(this.timer)
      this.leaving = true
    })
    window.addEventListener('beforeunload', (event) => {
      if (this.dirty && !this.leaving) event.preventDefault()
    })
  }

  /** Something was written. */
  changed(): void {
    this.dirty = true
    this.later(AFTER)
  }

  private later(time: number): void {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => void this.save(), time)
  }

  private say(words: string | undefined): void {
    if (this.state && words !== undefined) this.state.textContent = words
  }

  private readonly waiting: (() => void)[] = []

  private settled(): Promise<void> {
    return new Promise((done) => this.waiting.push(done))
  }

  private async save(): Promise<void> {
    if (this.saving || this.leaving) {
      this.missed = true
      return
    }
    this.saving = true
    this.dirty = false
    this.say(this.form.dataset['changed'])
    try {
      const body = new URLSearchParams()
      for (const [name, value] of new FormData(this.form)) if (typeof value === 'string') body.append(name, value)
      body.set('do', 'save')
      const answer = await this.ask(this.form.action, { method: 'POST', body, headers: { accept: 'application/json' } })
      const told = (await answer.json()) as { edition?: number; saved?: string; error?: { message: string } }
      if (!answer.ok || told.edition === undefined) {
        this.dirty = true
        this.say(told.error?.message ?? this.form.dataset['lost'])
        // Said no: only a change by the person can help, or one of another window.
        return
      }
      const edition = this.form.elements.namedItem('edition')
      if (edition instanceof HTMLInputElement) edition.value = String(told.edition)
      this.say(told.saved)
    } catch {
      this.dirty = true
      this.say(this.form.dataset['lost'])
      this.later(AGAIN)
    } finally {
      this.saving = false
      for (const done of this.waiting.splice(0)) done()
      if (this.missed) this.later(AFTER)
      this.missed = false
    }
  }
}
