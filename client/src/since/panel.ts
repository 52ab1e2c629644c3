/** On opening: what others changed since this person last looked, said above the sheet, marked if wished. */

import type { DraftEditor } from '../editor/types'
import { need, type PageData, type Say } from '../ui/page'
import { moment } from '../ui/person'
import { sinceOf, type ChangesAnswer, type Since as Found } from './lines'

export interface SinceOptions {
  readonly page: PageData
  readonly say: Say
  readonly editor: () => DraftEditor | null
}

export class Since {
  readonly #strip = need('since', HTMLElement)
  readonly #mark = need('since-mark', HTMLButtonElement)
  readonly #steps = [need('since-previous', HTMLButtonElement), need('since-next', HTMLButtonElement)] as const
  #found: Found = { count: 0, people: [], lines: [] }
  #at = -1

  constructor(private readonly options: SinceOptions) {
    this.#mark.addEventListener('click', () => this.#toggle(this.#mark.getAttribute('aria-pressed') !== 'true'))
    this.#steps.forEach((button, at) => button.addEventListener('click', () => this.#step(at === 0 ? -1 : 1)))
    need('since-close', HTMLElement).addEventListener('click', () => {
      this.#toggle(false)
      this.#strip.hidden = true
      options.editor()?.focus()
    })
    // What was there when the page is left has been seen; the answer is of no use to anybody.
    addEventListener('pagehide', () => navigator.sendBeacon(`${this.#address}/seen`))
  }

  get #address(): string {
    return `/api/documents/${this.options.page.document.id}`
  }

  async open(): Promise<void> {
    const { looked, user, language } = this.options.page
    if (looked === undefined || looked.seq === 0 || looked.seq >= looked.end) return
    // Nobody waits for it, and a failure takes nothing away: the history page has it all.
    const answer = await fetch(`${this.#address}/at/${looked.end}?since=${looked.seq}`).catch(() => null)
    if (answer?.ok !== true) return
    this.#found = sinceOf((await answer.json()) as ChangesAnswer, user.id)
    if (this.#found.count === 0) return
    const { say } = this.options
    const people = new Intl.ListFormat(language ?? 'vi').format(this.#found.people)
    const at = moment(looked.at, language ?? 'vi')
    need('since-said', HTMLElement).textContent = say('since.said', { at, count: this.#found.count, of: say('since.of', { people }) })
    need('since-history', HTMLAnchorElement).href = `/documents/${this.options.page.document.id}/history?at=${looked.end}&since=${looked.seq}`
    this.#mark.hidden = this.#found.lines.length === 0
    this.#strip.hidden = false
  }

  #toggle(on: boolean): void {
    this.options.editor()?.markChanges(on ? this.#found.lines : [], 'since')
    this.#mark.setAttribute('aria-pressed', String(on))
    this.#mark.textContent = this.options.say(on ? 'since.unmark' : 'since.mark')
    for (const step of this.#steps) step.hidden = !on
    this.#at = -1
    if (on) this.#step(1)
  }

  #step(direction: 1 | -1): void {
    const { lines } = this.#found
    if (lines.length === 0) return
    this.#at = this.#at < 0 && direction < 0 ? lines.length - 1 : (this.#at + direction + lines.length) % lines.length
    const line = lines[this.#at]
    if (line === undefined) return
    const first = line.marks[0] ?? { from: 0, to: 0 }
    // A light on the words, the keys stay here: the next press goes on.
    this.options.editor()?.show({ id: line.id, from: first.from, to: first.to }, false)
  }
}
