/** Whose opinions led to a row's words: said in its last column, each a way to those opinions. */

import { make, type Say } from '../ui/page'

export class Asked {
  #led: Readonly<Record<string, readonly string[]>> = {}

  constructor(
    private readonly body: HTMLElement,
    private readonly document: string,
    private readonly say: Say,
  ) {}

  /** Asked once: who follows the draft for hours asks for no list of all opinions at every word. */
  async load(): Promise<void> {
    try {
      const answer = await fetch(`/api/documents/${this.document}/opinions/led`)
      if (!answer.ok) return
      this.#led = ((await answer.json()) as { led: Record<string, readonly string[]> }).led
      this.draw()
    } catch {
      // The table stands without it.
    }
  }

  draw(): void {
    for (const row of this.body.querySelectorAll<HTMLElement>('tr:not(.division)')) {
      for (const old of row.querySelectorAll('.asked-by')) old.remove()
      const ids = (row.dataset['last'] ?? row.dataset['after'] ?? '').split(' ')
      // What was split because somebody asked for it is one row, of several provisions and one opinion.
      const said = new Map(ids.flatMap((id) => this.#link(id)).toReversed().map((link) => [link.textContent, link]))
      row.querySelector('td.why .comment-counts')?.after(...said.values())
    }
  }

  #link(id: string): HTMLElement[] {
    const names = this.#led[id]
    if (names === undefined) return []
    const href = `/documents/${this.document}/opinions?led=${encodeURIComponent(id)}`
    return [make('a', { className: 'asked-by', href, textContent: this.say('room.asked_by', { names: names.join(', ') }) })]
  }
}
