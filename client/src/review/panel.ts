/** The review beside the draft: asked of the server while it is open, its repairs made by the editor. */

import type { DraftEditor } from '../editor/types'
import { FRONT_PART } from '../model/front-parts'
import { pressed } from '../keys/pressed'
import { need, type Say } from '../ui/page'
import { OneAtATime } from '../ui/one-at-a-time'
import { Pause } from '../ui/pause'
import { GROUPS, isWhole, placeIn, repairsOf, type Finding, type ReviewAnswer } from './findings'
import { FindingList, spoken } from './list'

/** After a change the server is asked when the typing pauses, and at the latest after the second. */
const PAUSE_MS = 700
const LATEST_MS = 4000
const AGAIN_MS = 5000
/** How long a repair of a reference waits for an answer that knows all numbers. */
const SETTLE_MS = 8000

export interface ReviewOptions {
  readonly address: string
  readonly say: Say
  readonly language: string
  readonly editor: () => DraftEditor | null
  /** What this window knows besides. */
  readonly local?: () => readonly Finding[]
  readonly writing: () => boolean
  /** What stands in the same place makes room. */
  readonly opening?: () => void
  /** The words of a part of the front matter. */
  readonly part: (name: string) => string | null
  /** Shows such a part. */
  readonly showPart: (name: string) => void
  /** Whether the server has everything that was typed here. */
  readonly stored: () => boolean
}

const order = (findings: readonly Finding[]): Finding[] =>
  GROUPS.flatMap((group) => findings.filter((finding) => finding.group === group && finding.aside === null))

export class ReviewPanel {
  readonly #panel = need('review', HTMLElement)
  readonly #button = need('show-review', HTMLButtonElement)
  readonly #badge = need('review-count', HTMLElement)
  readonly #state = need('review-state', HTMLElement)
  readonly #said = need('review-said', HTMLElement)
  readonly #again = need('review-again', HTMLButtonElement)
  readonly #list: FindingList
  #answer: ReviewAnswer | null = null
  /** Repaired, and not yet told anew by the server. */
  readonly #done = new Set<string>()
  /** How often numbers may have changed, and which of those the answer knows; -1: it may lack any. */
  #edits = 0
  #shows = -1
  readonly #asking = new OneAtATime(() => this.#request())
  readonly #pause = new Pause(() => void this.ask(), PAUSE_MS, LATEST_MS)
  #current: string | null = null

  constructor(private readonly options: ReviewOptions) {
    this.#list = new FindingList(need('review-groups', HTMLElement), need('review-set-aside', HTMLDetailsElement), {
      say: options.say,
      language: options.language,
      acts: {
        jump: (finding) => this.#jump(finding),
        fix: (findings) => void this.#fix(findings),
        aside: (finding) => void this.#put(finding, 'PUT'),
        back: (finding) => void this.#put(finding, 'DELETE'),
      },
    })
    this.#button.addEventListener('click', () => this.toggle())
    need('review-close', HTMLElement).addEventListener('click', () => this.toggle(false))
    need('review-next', HTMLElement).addEventListener('click', () => this.step(1))
    this.#again.addEventListener('click', () => void this.ask())
    this.#panel.addEventListener('keydown', (event) => this.#key(event))
  }

  /** The keys are in the list after a repair: taking it back must not need a way into the sheet. */
  #key(event: KeyboardEvent): void {
    if (pressed(event, 'close')) this.toggle(false)
    const undo = pressed(event, 'undo')
    if (!undo && !pressed(event, 'redo')) return
    event.preventDefault()
    this.#said.textContent = ''
    if (undo) this.options.editor()?.commands.undo()
    else this.options.editor()?.commands.redo()
  }

  get isOpen(): boolean {
    return !this.#panel.hidden
  }

  toggle(open = !this.isOpen): void {
    if (open === this.isOpen) return
    this.#panel.hidden = !open
    this.#button.setAttribute('aria-expanded', String(open))
    document.body.classList.toggle('with-review', open)
    if (open) this.options.opening?.()
    document.body.classList.remove('with-rail', 'with-outline')
    if (open) {
      need('review-title', HTMLElement).focus()
      void this.ask()
    } else {
      this.#pause.stop()
      this.#button.focus()
    }
  }

  /** Numbers may have changed: what the answer says of references may no longer be so. */
  renumbered(): void {
    this.#edits += 1
  }

  /** The server tells that the draft, or what was put aside of its review, changed. */
  changed(): void {
    if (!this.isOpen) {
      // A number that nobody keeps true is better not told.
      this.#badge.hidden = true
      return
    }
    this.#pause.tell()
  }

  /** What one may do has changed, or the line is broken or whole again. */
  redraw(): void {
    if (this.#answer !== null) this.#draw()
  }

  /** Asks anew; one request at a time, and what is asked meanwhile is asked once after it. */
  ask(): Promise<void> {
    this.#pause.stop()
    return this.#asking.run()
  }

  async #request(): Promise<void> {
    const edits = this.#edits
    const stored = this.options.stored()
    const done = [...this.#done]
    this.#panel.setAttribute('aria-busy', 'true')
    if (this.#answer === null) this.#state.textContent = this.options.say('room.review.busy')
    try {
      const answer = await fetch(this.options.address)
      const body: unknown = await answer.json()
      if (!answer.ok) return this.#failed(answer.status, (body as { error: { message: string } }).error.message)
      this.#answer = body as ReviewAnswer
      this.#shows = stored ? edits : -1
      if (stored) for (const key of done) this.#done.delete(key)
      this.#again.hidden = true
      this.#draw()
    } catch {
      this.#failed(503, '')
    } finally {
      this.#panel.removeAttribute('aria-busy')
    }
  }

  #failed(status: number, message: string): void {
    const { say } = this.options
    this.#again.hidden = false
    this.#state.textContent = status === 503 ? say('room.review.failed') : say('room.review.failed_why', { message })
    if (status !== 503 || !this.isOpen) return
    this.#pause.after(AGAIN_MS)
  }

  get #findings(): readonly Finding[] {
    return [...(this.options.local?.() ?? []), ...(this.#answer?.findings ?? [])].filter((finding) => !this.#done.has(finding.key))
  }

  #draw(): void {
    const { say } = this.options
    const findings = this.#findings
    this.#list.draw(findings, this.options.writing())
    const count = order(findings).length
    this.#badge.textContent = String(count)
    this.#badge.hidden = false
    this.#badge.dataset['count'] = String(count)
    const none = findings.length === 0 ? 'room.review.none' : 'room.review.none_left'
    const key = count === 0 ? none : this.#answer?.cut === true ? 'room.review.cut' : 'room.review.count'
    const words = say(key, { count })
    if (this.#state.textContent !== words) this.#state.textContent = words
    need('review-next', HTMLButtonElement).disabled = count === 0
  }

  #say(key: string, values?: Record<string, string | number>): void {
    this.#said.textContent = this.options.say(key, values)
  }

  #jump(finding: Finding): void {
    this.#current = finding.key
    const editor = this.options.editor()
    if (finding.part) {
      this.#said.textContent = ''
      this.options.showPart(finding.part)
      return
    }
    const text = editor?.words(finding.provision) ?? null
    const place = text === null ? null : placeIn(text, finding)
    const touch = matchMedia('(pointer: coarse)').matches
    this.#said.textContent = ''
    if (place !== null && place.from < place.to && editor?.show(place, !touch) === true) return
    editor?.commands.scrollTo(finding.provision)
    if (place === null) this.#stale()
    else if (!isWhole(finding)) editor?.focus()
  }

  /** To the next or the previous finding in the order of the list. */
  step(direction: 1 | -1): void {
    if (!this.isOpen) {
      this.toggle(true)
      return
    }
    const listed = order(this.#findings)
    const at = listed.findIndex((finding) => finding.key === this.#current)
    const next = at < 0 ? (direction === 1 ? 0 : listed.length - 1) : (at + direction + listed.length) % listed.length
    const finding = listed[next]
    if (finding !== undefined) this.#jump(finding)
  }

  #stale(): void {
    this.#say('room.review.gone')
    this.changed()
  }

  /**
   * Writes what the findings propose, all as one step. Only where their words still stand; and a
   * reference only from an answer that knows the numbers as they are, for its own may have changed.
   */
  async #fix(wanted: readonly Finding[]): Promise<void> {
    let findings = wanted
    if (findings.some((finding) => finding.group === 'references') && !(await this.#settled())) return this.#stale()
    if (this.#shows === this.#edits) {
      const keys = new Set(wanted.map((finding) => finding.key))
      findings = this.#findings.filter((finding) => keys.has(finding.key))
    }
    const editor = this.options.editor()
    if (editor === null || !this.options.writing() || !editor.ready()) return this.#stale()
    const { repairs, done, left } = repairsOf(findings, (home) =>
      home.startsWith(FRONT_PART) ? this.options.part(home.slice(FRONT_PART.length)) : editor.words(home),
    )
    const lost = left + wanted.length - findings.length
    if (repairs.length === 0) return this.#stale()
    const before = order(this.#findings)
    editor.rewrite(repairs)
    const [first, second] = repairs
    if (first !== undefined && second === undefined) editor.show({ ...first, to: first.from + first.by.length }, false)
    for (const finding of done) this.#done.add(finding.key)
    this.#draw()
    this.#focusAfter(before)
    const [one] = done
    if (lost > 0) this.#say('room.review.done_some', { count: done.length, left: lost })
    else if (done.length > 1) this.#say('room.review.done_all', { count: done.length })
    else if (one !== undefined) this.#sayDone(one)
    if (lost > 0) this.changed()
  }

  #sayDone({ quote, replacement }: Finding): void {
    const { say } = this.options
    this.#say('room.review.done', { quote: spoken(quote, say), replacement: spoken(replacement ?? '', say) })
  }

  /** The keys go on to the entry that took the place of the one that went. */
  #focusAfter(before: readonly Finding[]): void {
    const standing = new Set(order(this.#findings).map((finding) => finding.key))
    const gone = before.findIndex((finding) => !standing.has(finding.key))
    const next = before.slice(gone).find((finding) => standing.has(finding.key))
    const last = before.slice(0, Math.max(gone, 0)).at(-1)
    const target = next ?? last
    this.#current = last?.key ?? null
    if (target === undefined || !this.#list.focus(target.key)) need('review-title', HTMLElement).focus()
  }

  /** Waits for an answer that knows the numbers as they are; false when it does not come about. */
  async #settled(): Promise<boolean> {
    if (this.#shows === this.#edits) return true
    this.#say('room.review.wait')
    const until = Date.now() + SETTLE_MS
    while (Date.now() < until) {
      if (this.options.stored()) {
        await this.ask()
        if (this.#shows === this.#edits) return true
      }
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
    return false
  }

  async #put(finding: Finding, method: 'PUT' | 'DELETE'): Promise<void> {
    const before = order(this.#findings)
    try {
      const answer = await fetch(`${this.options.address}/aside/${finding.key}`, { method })
      if (!answer.ok) {
        const refused = (await answer.json()) as { error: { message: string } }
        this.#say('room.review.aside_failed', { message: refused.error.message })
        return
      }
    } catch {
      this.#say('room.review.offline')
      return
    }
    this.#said.textContent = ''
    await this.ask()
    if (method === 'PUT') this.#focusAfter(before)
    else this.#list.focus(finding.key)
  }
}
