/** Find and replace in the draft: looks while one types, marks, goes from hit to hit, writes over them. */

import '../styles/find.css'

import type { DraftEditor } from '../editor/types'
import { obey, pressed } from '../keys/pressed'
import { signKeys } from '../keys/room'
import { subtreeEnd } from '../model'
import { make, type Say } from '../ui/page'
import { Pause } from '../ui/pause'
import { FindBar } from './bar'
import { hitFrom, hitNear, replacing, Search, type Hit, type Replacing } from './hits'
import { Marks } from './marks'
import type { Accents, Wanted } from './search'

/** After somebody's change the draft is searched anew when the typing pauses. */
const PAUSE_MS = 150
const LATEST_MS = 800
/** What was replaced is listed up to here; the rest is counted. */
const MOST_LISTED = 200
/** Words around what was replaced. */
const AROUND = 28
const MOST_TAKEN = 200

export interface FindOptions {
  readonly say: Say
  /** Whose way of searching is kept on this computer. */
  readonly me: string
  readonly editor: () => DraftEditor | null
  readonly writing: () => boolean
  readonly nameOf: (id: string) => string
  readonly desk: HTMLElement
  readonly sheet: HTMLElement
}

const sameHit = (one: Hit | undefined, other: Hit): boolean =>
  one !== undefined && one.id === other.id && one.cell === other.cell && one.from === other.from && one.to === other.to

export class FindPanel {
  readonly #bar: FindBar
  readonly #marks: Marks
  #hits: readonly Hit[] = []
  #current = -1
  #among: ReadonlySet<string> | null = null
  #running = 0
  /** Where one was when the bar was opened. */
  #scrolled = 0
  readonly #pause = new Pause(() => this.#look(true), PAUSE_MS, LATEST_MS)

  constructor(private readonly options: FindOptions) {
    const bar = new FindBar(options.say)
    this.#bar = bar
    this.#marks = new Marks(options.desk, options.sheet)
    options.desk.prepend(bar.element)
    signKeys(bar.element)
    this.#restoreChoices()
    bar.words.addEventListener('input', () => this.#look(false))
    for (const choice of [bar.whole, bar.cases, bar.accents]) choice.addEventListener('change', () => this.#chosen())
    bar.here.addEventListener('change', () => this.#limit())
    bar.next.addEventListener('click', () => this.step(1))
    bar.previous.addEventListener('click', () => this.step(-1))
    bar.close.addEventListener('click', () => this.close())
    bar.more.addEventListener('click', () => this.#toggleReplace(!this.#replaces))
    bar.one.addEventListener('click', () => this.#replaceOne())
    bar.all.addEventListener('click', () => this.#replaceAll())
    bar.element.addEventListener('keydown', (event) => this.#key(event))
  }

  get isOpen(): boolean {
    return !this.#bar.element.hidden
  }

  /** Shows the bar with what is selected in the sheet as the words to be found. */
  open(replace: boolean): void {
    const { words, by, element } = this.#bar
    if (!this.isOpen) this.#scrolled = this.options.desk.scrollTop
    element.hidden = false
    document.body.classList.add('with-find')
    const taken = document.getSelection()
    if (taken !== null && this.options.sheet.contains(taken.anchorNode)) {
      const text = taken.toString()
      if (text !== '' && text.length <= MOST_TAKEN && !text.includes('\n')) words.value = text
    }
    this.#toggleReplace(replace || this.#replaces)
    const target = replace && words.value !== '' && this.#replaces ? by : words
    target.focus({ preventScroll: true })
    target.select()
    this.#look(false)
  }

  /** Puts the bar away; `back` to where one was before. */
  close(back = false): void {
    this.#bar.element.hidden = true
    document.body.classList.remove('with-find')
    this.#running += 1
    this.#pause.stop()
    this.#marks.clear()
    this.options.editor()?.focus()
    if (back) this.options.desk.scrollTop = this.#scrolled
  }

  /** Somebody changed the draft. */
  changed(): void {
    if (this.isOpen) this.#pause.tell()
  }

  /** What one may do has changed. */
  redraw(): void {
    const may = this.options.writing()
    this.#bar.more.hidden = !may
    if (!may) this.#toggleReplace(false)
  }

  step(direction: 1 | -1): void {
    const count = this.#hits.length
    if (count === 0) return
    const next = (this.#current + direction + count) % count
    const wrapped = direction === 1 ? next < this.#current : next > this.#current
    this.#current = next
    this.#show(true)
    if (wrapped && count > 1) this.#bar.said.textContent = `${this.#where()} (${this.options.say(direction === 1 ? 'find.from_start' : 'find.from_end')})`
  }

  get #replaces(): boolean {
    return this.#bar.replaceLine.hidden === false
  }

  get #wanted(): Wanted {
    const { words, accents, cases, whole } = this.#bar
    return { words: words.value.normalize('NFC'), accents: accents.value as Accents, cases: cases.checked, whole: whole.checked }
  }

  #key(event: KeyboardEvent): void {
    const { words, by } = this.#bar
    const obeyed = obey(event, [
      [pressed(event, 'close'), () => this.close(true)],
      [pressed(event, 'toHit'), () => this.#toHit()],
      [event.target === words && pressed(event, 'hitNext'), () => this.step(1)],
      [event.target === words && pressed(event, 'hitPrevious'), () => this.step(-1)],
      [event.target === by && pressed(event, 'replaceOne'), () => this.#replaceOne()],
    ])
    if (obeyed) event.stopPropagation()
  }

  #toggleReplace(open: boolean): void {
    const { replaceLine, more } = this.#bar
    const may = this.options.writing()
    more.hidden = !may
    replaceLine.hidden = !(open && may)
    more.setAttribute('aria-expanded', String(this.#replaces))
  }

  /** Looks through the draft as it is now, in slices; a newer search takes the place of an older one. */
  #look(stay: boolean): void {
    const editor = this.options.editor()
    this.#running += 1
    this.#pause.stop()
    if (editor === null || !this.isOpen) return
    if (!stay) this.#bar.said.textContent = ''
    const mine = this.#running
    const search = new Search(editor.all(), this.#wanted, this.#among)
    const go = (): void => {
      if (mine !== this.#running) return
      search.run()
      if (search.done) this.#found(search, stay)
      else setTimeout(go)
    }
    go()
  }

  /** The same, at once and to the end: what is written over must be what stands there. */
  #lookNow(editor: DraftEditor): readonly Hit[] {
    this.#running += 1
    const search = new Search(editor.all(), this.#wanted, this.#among)
    search.run(true)
    return search.hits
  }

  #found(search: Search, stay: boolean): void {
    const before = this.#hits[this.#current]
    this.#hits = search.hits
    const at = (id: string | null): number => Math.max(search.provisions.findIndex((one) => one.id === id), 0)
    if (stay && before !== undefined) this.#current = hitNear(this.#hits, before, at(before.id))
    else {
      const [selected] = this.options.editor()?.selected() ?? []
      this.#current = hitFrom(this.#hits, at(selected?.id ?? null), selected?.start ?? 0)
    }
    this.#show(!stay)
  }

  #where(): string {
    const hit = this.#hits[this.#current]
    if (hit === undefined) return ''
    return this.options.nameOf(hit.id) || this.options.say('find.in_table')
  }

  #show(bring: boolean): void {
    const { count, words, said, next, previous, one, all } = this.#bar
    const hit = this.#hits[this.#current] ?? null
    const none = words.value === '' ? '' : this.options.say('find.none')
    const told = hit === null ? none : `${this.#current + 1}/${this.#hits.length}`
    if (count.textContent !== told) count.textContent = told
    count.dataset['none'] = String(hit === null && words.value !== '')
    if (bring) said.textContent = this.#where()
    for (const button of [next, previous, one, all]) button.disabled = hit === null
    this.#marks.show(this.#hits, hit)
    if (!bring || hit === null) return
    this.options.editor()?.reveal(hit.id)
    this.#marks.bring(hit)
  }

  /** Out of the bar, with the hit selected in the sheet. */
  #toHit(): void {
    const hit = this.#hits[this.#current]
    this.close()
    if (hit !== undefined) this.options.editor()?.show(hit)
  }

  #limit(): void {
    const editor = this.options.editor()
    this.#among = null
    if (editor !== null && this.#bar.here.checked) {
      const all = editor.all()
      const kinds = all.map(({ kind }) => kind)
      const chosen = new Set(editor.selected().map(({ id }) => id))
      const among = all.flatMap(({ id }, at) => (chosen.has(id) ? all.slice(at, subtreeEnd(kinds, at)) : []))
      this.#among = new Set(among.map(({ id }) => id))
    }
    this.#look(false)
  }

  /** The editor when words may be written now; says so when they may not. */
  #writable(): DraftEditor | null {
    const editor = this.options.editor()
    if (editor !== null && this.options.writing() && editor.ready()) return editor
    this.#bar.said.textContent = this.options.say('find.not_now')
    return null
  }

  #replaceOne(): void {
    const hit = this.#hits[this.#current]
    const editor = hit === undefined ? null : this.#writable()
    if (hit === undefined || editor === null) return
    const [edit] = replacing([hit], this.#by, this.#wanted.cases)
    if (edit === undefined) return
    if (!this.#lookNow(editor).some((one) => sameHit(one, hit))) {
      this.#look(true)
      this.#bar.said.textContent = this.options.say('find.moved')
      return
    }
    editor.rewrite([edit])
    this.#hits = this.#lookNow(editor)
    const last = this.#current
    this.#current = hitFrom(this.#hits, hit.at, hit.from + edit.by.length)
    this.#show(true)
    const said = this.options.say('find.done_one', { where: this.options.nameOf(hit.id) || this.options.say('find.in_table') })
    this.#bar.said.textContent = this.#current < last ? `${said} (${this.options.say('find.from_start')})` : said
  }

  get #by(): string {
    return this.#bar.by.value.normalize('NFC')
  }

  #replaceAll(): void {
    const editor = this.#hits.length === 0 ? null : this.#writable()
    if (editor === null) return
    const hits = this.#lookNow(editor)
    const edits = replacing(hits, this.#by, this.#wanted.cases)
    const written = editor.rewrite(edits)
    this.#look(true)
    const { say } = this.options
    const places = new Set(edits.map(({ id }) => id)).size
    this.#bar.said.textContent = say(edits.length < hits.length ? 'find.done_some' : 'find.done_all', {
      count: written.length, places, left: hits.length - edits.length,
    })
    this.#list(written.map((words, at) => ({ ...words, by: edits[at]?.by ?? '' })))
  }

  /** What was replaced, each a way to it. */
  #list(written: readonly Replacing[]): void {
    const { say, editor, nameOf } = this.options
    const { done } = this.#bar
    const texts = new Map(editor()?.all().map((one) => [one.id, one]))
    const lines = written.slice(0, MOST_LISTED).map((words) => {
      const provision = texts.get(words.id)
      const text = (words.cell === undefined ? provision?.text : provision?.cells[words.cell]) ?? ''
      const start = Math.max(0, words.from - AROUND)
      const jump = make(
        'button',
        { type: 'button', className: 'find-jump' },
        make('span', { className: 'review-where' }, `${nameOf(words.id) || say('find.in_table')}: `),
        `${start > 0 ? '…' : ''}${text.slice(start, words.from)}`,
        make('mark', {}, text.slice(words.from, words.to)),
        `${text.slice(words.to, words.to + AROUND)}${words.to + AROUND < text.length ? '…' : ''}`,
      )
      jump.addEventListener('click', () => this.#jump(words))
      return make('li', {}, jump)
    })
    const rest = written.length > lines.length ? [make('p', { className: 'small muted' }, say('find.more', { count: written.length - lines.length }))] : []
    done.replaceChildren(make('summary', {}, say('find.list', { count: written.length })), make('ul', { className: 'plain' }, ...lines), ...rest)
    done.hidden = false
    done.open = false
  }

  /** To what was written there; the words may have gone on since, or gone. */
  #jump(words: Replacing): void {
    const editor = this.options.editor()
    const text = words.cell === undefined ? (editor?.words(words.id) ?? '') : null
    const stands = text?.slice(words.from, words.to) === words.by
    const from = stands ? words.from : (text?.indexOf(words.by) ?? -1)
    if (from >= 0 && words.by !== '' && editor?.show({ id: words.id, from, to: from + words.by.length }, false) === true) return
    if (editor?.commands.scrollTo(words.id) !== true) this.#bar.said.textContent = this.options.say('find.gone')
  }

  get #store(): string {
    return `duthao.find.${this.options.me}`
  }

  #restoreChoices(): void {
    const { whole, cases, accents } = this.#bar
    try {
      const kept = JSON.parse(localStorage.getItem(this.#store) ?? '{}') as Partial<Wanted>
      whole.checked = kept.whole === true
      cases.checked = kept.cases === true
      if (kept.accents === 'exact' || kept.accents === 'any') accents.value = kept.accents
    } catch {
      // Kept by an older release, or nothing may be kept here: as at first.
    }
  }

  #chosen(): void {
    const { accents, cases, whole } = this.#wanted
    try {
      localStorage.setItem(this.#store, JSON.stringify({ accents, cases, whole }))
    } catch {
      // A browser that keeps nothing still finds.
    }
    this.#look(false)
  }
}
