/**
 * Commenting where the text is only read: in the comparison's cells and on a version's page. Words are selected, or
 * a provision's button is pressed; the form stands at the edge of the screen, and who comments stays where they are.
 */

import type { Chosen } from '../editor/types'
import { pressed } from '../keys/pressed'
import { make, type Say } from '../ui/page'
import type { Person } from '../ui/person'
import { tell } from '../ui/telling'
import { Compose, trimmed, type Draft } from './compose'
import { Drafts } from './drafts'
import { Floating } from './floating'
import { chosenIn, readLine } from './lines'
import { isOpen, type CommentsAnswer, type Thread } from './types'

export interface HereOptions {
  readonly document: string
  readonly say: Say
  /** What holds the lines. */
  readonly root: HTMLElement
  /** Whether this person may comment. */
  readonly comments: () => boolean
  /** The frozen text a line is of, `null` for the live draft, `undefined` for a text nobody comments on here. */
  readonly versionOf: (line: Element) => string | null | undefined
  /** Where the comments on some of the lines are counted, and the ids of the provisions these are. */
  readonly places: () => readonly { readonly place: HTMLElement; readonly ids: readonly string[]; readonly where: string }[]
  /** The line a button of the page is for. */
  readonly lineOf: (button: Element) => HTMLElement | null
}

const linesHere = (): readonly DOMRect[] => [...(document.getSelection()?.getRangeAt(0).getClientRects() ?? [])]

export class CommentsHere {
  readonly #options: HereOptions
  readonly #address: string
  readonly #compose: Compose
  readonly #said = make('p', { className: 'small', role: 'status' })
  readonly #card = make('div')
  readonly #box: HTMLElement
  #people: readonly Person[] = []
  #threads: readonly Thread[] = []
  #opener: HTMLElement | null = null

  constructor(options: HereOptions) {
    this.#options = options
    const { document: id, say, root } = options
    this.#address = `/api/documents/${id}/comments`
    this.#box = make('section', { className: 'comments comments-here', ariaLabel: say('comments.new'), hidden: true }, this.#card, this.#said)
    const desk = root.closest('main') ?? root
    desk.classList.add('comments-desk')
    desk.append(this.#box)
    this.#compose = new Compose({
      say, editor: () => null, nameOf: (provision) => this.#where(provision), people: () => this.#people, drafts: new Drafts<Draft>(id),
      send: async (sending) => {
        const told = await tell(this.#address, sending, say('comments.offline'))
        if ('refused' in told) return told.refused.message
        this.#sent((told.got as { id: string }).id)
        return null
      },
      onChange: () => this.#draw(),
      onClose: () => this.#opener?.focus({ preventScroll: true }),
    })
    new Floating({ say, desk, words: () => this.#words(), lines: linesHere, press: (chosen) => this.#open(chosen, null) })
    root.addEventListener('click', (event) => {
      const button = event.target instanceof Element ? event.target.closest<HTMLElement>('.comment-here') : null
      const line = button === null ? null : options.lineOf(button)
      if (line !== null) this.#open(this.#words() ?? this.#whole(line), button)
    })
    document.addEventListener('keydown', (event) => {
      if (!pressed(event, 'comment') || !options.comments()) return
      event.preventDefault()
      const held = document.activeElement instanceof HTMLElement ? document.activeElement : null
      const line = held === null || !root.contains(held) ? null : options.lineOf(held)
      this.#open(this.#words() ?? (line && this.#whole(line)), held)
    })
    window.addEventListener('beforeunload', (event) => {
      if (this.#compose.dirty) event.preventDefault()
    })
    this.redraw()
    void this.ask().then(() => this.#compose.restore())
  }

  /** Asks how many comments are open now; the counts stay as they are when that cannot be told. */
  async ask(): Promise<void> {
    const answer = await fetch(this.#address).catch(() => null)
    if (answer?.ok !== true) return
    const { people, threads } = (await answer.json()) as CommentsAnswer
    this.#people = people
    this.#threads = threads.filter(isOpen)
    this.redraw()
  }

  /** Lines came or changed. */
  redraw(): void {
    const { say, document: id, places, comments } = this.#options
    document.body.classList.toggle('can-comment', comments())
    const on = new Map<string, Thread[]>()
    for (const thread of this.#threads) {
      const { provision } = thread.anchor
      if (provision !== null) on.set(provision, [...(on.get(provision) ?? []), thread])
    }
    for (const { place, ids, where } of places()) {
      const found = ids.flatMap((one) => on.get(one) ?? [])
      const [first] = found
      const known = first === undefined ? '' : `${found.length} ${first.id}`
      if (place.dataset['known'] === known) continue
      place.dataset['known'] = known
      place.replaceChildren()
      if (first === undefined) continue
      const link = make('a', { href: `/documents/${id}#comment-${first.id}`, className: 'comment-count' }, say('comments.open_row', { n: found.length }))
      link.ariaLabel = say('comments.open_here', { n: found.length, where })
      place.append(link)
    }
  }

  #words(): Chosen | null {
    const selection = document.getSelection()
    if (!this.#options.comments() || selection === null || selection.rangeCount === 0 || selection.isCollapsed) return null
    const range = selection.getRangeAt(0)
    if (!range.intersectsNode(this.#options.root)) return null
    const held = range.startContainer.parentElement?.closest('[data-on]')
    if (held && this.#options.versionOf(held) === undefined) return null
    const chosen = chosenIn(this.#options.root, range)
    const tight = chosen && trimmed(chosen)
    return tight === null || tight.from >= tight.to ? null : this.#placed(tight)
  }

  #whole(line: HTMLElement): Chosen {
    return this.#placed({ id: line.dataset['on'] ?? '', text: readLine(line).text, cell: null, from: 0, to: 0 })
  }

  #placed(chosen: Chosen): Chosen {
    const range = document.getSelection()
    const lines = [...this.#options.root.querySelectorAll(`[data-on="${CSS.escape(chosen.id)}"]`)]
    const held = range === null || range.rangeCount === 0 ? undefined : lines.find((one) => range.getRangeAt(0).intersectsNode(one))
    const line = (chosen.from < chosen.to ? held : undefined) ?? lines.find((one) => readLine(one).text === chosen.text) ?? lines[0]
    const version = line === undefined ? null : this.#options.versionOf(line)
    return version === null || version === undefined ? chosen : { ...chosen, version }
  }

  #where(provision: string): string {
    const lines = [...this.#options.root.querySelectorAll<HTMLElement>(`[data-on="${CSS.escape(provision)}"]`)]
    return lines.at(-1)?.dataset['where'] ?? ''
  }

  #open(chosen: Chosen | null, opener: HTMLElement | null): void {
    if (!this.#options.comments()) return
    this.#opener = opener
    this.#said.replaceChildren()
    this.#compose.open(chosen)
  }

  #draw(): void {
    const { element } = this.#compose
    this.#card.replaceChildren(...(element === null ? [] : [element]))
    this.#box.hidden = element === null && this.#said.childNodes.length === 0
  }

  #sent(thread: string): void {
    const { say, document: id } = this.#options
    this.#said.replaceChildren(`${say('comments.sent')} `, make('a', { href: `/documents/${id}#comment-${thread}` }, say('comments.see')))
    void this.ask()
  }
}
