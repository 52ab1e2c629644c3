/** Comments beside the draft: asked of the server, aligned with their words, written and answered here. */

import type { Chosen, DraftEditor, ToldComment } from '../editor/types'
import { pressed } from '../keys/pressed'
import { offer } from '../ui/choices'
import { copyText } from '../ui/copying'
import { need, type Say } from '../ui/page'
import { OneAtATime } from '../ui/one-at-a-time'
import type { Person } from '../ui/person'
import { Pause } from '../ui/pause'
import { tell, type Told } from '../ui/telling'
import { whereOf, type CardView } from './cards'
import { Compose, trimmed, type Draft } from './compose'
import { Drafts } from './drafts'
import { Floating } from './floating'
import { CommentForm, type Written } from './form'
import { ThreadList } from './list'
import { commentsOf, Rail } from './rail'
import { choicesOf, freshIn, inOrder, isOpen, passes, type Comment, type CommentsAnswer, type Filter, type Rights, type Thread } from './types'

/** With the pane open what is typed is followed closely, else now and then: only the marks are seen. */
const PAUSE_MS = 700
const LATEST_MS = 3000
const IDLE_PAUSE_MS = 4000
const IDLE_LATEST_MS = 20_000
const AGAIN_MS = 5000
/** The name of the card of a comment being written. */
const UNSENT = 'unsent'

export interface CommentsOptions {
  /** "/api/documents/…/comments". */
  readonly address: string
  readonly document: string
  readonly say: Say
  readonly language: string
  readonly editor: () => DraftEditor | null
  readonly nameOf: (id: string) => string
  readonly rights: () => Rights
  readonly sheet: HTMLElement
  readonly desk: HTMLElement
  readonly live: HTMLElement
  /** Opens the pane. */
  readonly show: () => void
}

export class CommentsPanel {
  readonly #options: CommentsOptions
  readonly #state = need('comments-state', HTMLElement)
  readonly #said = need('comments-said', HTMLElement)
  readonly #badge = need('comments-count', HTMLElement)
  readonly #empty = need('comments-empty', HTMLElement)
  readonly #root = need('comments-list', HTMLElement)
  readonly #filters = {
    state: need('comments-filter-state', HTMLSelectElement),
    person: need('comments-filter-person', HTMLSelectElement),
    article: need('comments-filter-article', HTMLSelectElement),
  }
  readonly #drafts: Drafts<Draft>
  readonly #answers: Drafts<Written>
  readonly #list: ThreadList
  readonly #rail: Rail
  readonly #compose: Compose
  readonly #forms = new Map<string, CommentForm>()
  readonly #asking = new OneAtATime(() => this.#fetch())
  readonly #pause = new Pause(() => void this.ask(), PAUSE_MS, LATEST_MS)
  readonly #idle = new Pause(() => void this.ask(), IDLE_PAUSE_MS, IDLE_LATEST_MS)
  #threads: readonly Thread[] = []
  #people: readonly Person[] = []
  #known: ReadonlySet<string> | null = null
  /** When what is known was asked for. */
  #asked = 0
  #active: string | null = null
  #open = false
  #pressed = false
  #lit: string | undefined

  constructor(options: CommentsOptions) {
    this.#options = options
    const { say, desk, sheet, editor, nameOf, document: id } = options
    this.#drafts = new Drafts(id)
    this.#answers = new Drafts(id)
    this.#list = new ThreadList(this.#root)
    const wide = matchMedia('(min-width: 64.01rem)')
    this.#rail = new Rail({
      desk, sheet, pane: need('comments-scroll', HTMLElement), list: this.#root, beside: () => wide.matches,
      nameOf: (card) => card.dataset['id'] ?? UNSENT,
      first: (card) => this.#thread(card.dataset['id'])?.anchor.on === 'document' || card.dataset['id'] === undefined,
    })
    this.#compose = new Compose({
      say, editor, nameOf, people: () => this.#people, drafts: this.#drafts,
      send: async (sending) => {
        const told = await this.#tell('', sending)
        if ('refused' in told) return told.refused.message
        this.#say('comments.sent')
        this.#activate((told.got as { id: string }).id, false)
        return null
      },
      onChange: () => this.#draw(),
      onClose: () => this.#backToSheet(),
    })
    new Floating({
      say, desk,
      words: () => {
        const chosen = options.rights().comments ? (editor()?.chosen() ?? null) : null
        return chosen !== null && trimmed(chosen).from < trimmed(chosen).to ? chosen : null
      },
      lines: () => editor()?.chosenLines() ?? [],
      press: (chosen) => this.compose(chosen),
    })
    for (const filter of Object.values(this.#filters)) filter.addEventListener('change', () => this.#draw())
    need('comments-next', HTMLElement).addEventListener('click', () => this.step(1))
    need('comments-previous', HTMLElement).addEventListener('click', () => this.step(-1))
    this.#listen()
    window.addEventListener('beforeunload', (event) => {
      if (this.#compose.dirty || [...this.#forms.values()].some((form) => form.dirty)) event.preventDefault()
    })
  }

  #listen(): void {
    const root = this.#root
    // A press moves the card under the pointer only when it is over: its click shall meet what was pressed.
    root.addEventListener('pointerdown', () => {
      this.#pressed = true
    })
    root.addEventListener('focusin', (event) => {
      if (!this.#pressed) this.#activateAt(event.target, true)
    })
    root.addEventListener('click', (event) => this.#activateAt(event.target, false))
    document.addEventListener('pointerup', () => {
      this.#pressed = false
    })
    root.addEventListener('pointerover', (event) => this.#light(event.target))
    root.addEventListener('pointerleave', () => this.#light(null))
    root.addEventListener('keydown', (event) => {
      const step = pressed(event, 'cardBelow') ? 1 : pressed(event, 'cardAbove') ? -1 : null
      if (step === null || !(event.target instanceof HTMLElement) || event.target.dataset['id'] === undefined) return
      event.preventDefault()
      this.step(step)
    })
    // Before others hear of it: a press on words that are commented on asks for the comment.
    this.#options.sheet.addEventListener('click', (event) => this.#clicked(event), { capture: true })
  }

  open(): void {
    this.#open = true
    this.#rail.open(true)
    this.#compose.restore()
    void this.ask()
  }

  close(): void {
    this.#open = false
    this.#rail.open(false)
    this.#compose.close()
    this.#activate(null, false)
  }

  /** Begins a comment on what is selected, the provision the caret is in, or the whole document. */
  compose(chosen: Chosen | null): void {
    if (!this.#options.rights().comments) return
    this.#options.show()
    this.#active = null
    this.#compose.open(chosen)
    this.#rail.changed(UNSENT)
    // The pane may only now take its place, and the words with it.
    requestAnimationFrame(() => this.#rail.bring(UNSENT))
  }

  /** The text has changed, and with it perhaps where comments stand. */
  textChanged(): void {
    if (this.#open) this.#pause.tell()
    else this.#idle.tell()
  }

  redraw(): void {
    this.#draw()
  }

  /** Asks anew; one question at a time. */
  ask(): Promise<void> {
    return this.#asking.run()
  }

  /** Shows the comment that a link names. */
  async reveal(id: string): Promise<void> {
    await this.ask()
    const thread = this.#thread(id)
    if (thread === undefined) {
      this.#say('comments.not_there')
      return
    }
    this.#filters.state.value = passes(thread, { ...this.#filter, person: '', article: '' }, this.#options.rights().me) ? this.#filters.state.value : 'all'
    this.#filters.person.value = this.#filters.article.value = ''
    this.#draw()
    this.#focus(id)
  }

  /** To the next or the previous comment of those shown. */
  step(direction: 1 | -1): void {
    const shown = this.#shown
    const at = shown.findIndex(({ id }) => id === this.#active)
    const next = at < 0 ? (direction === 1 ? 0 : shown.length - 1) : (at + direction + shown.length) % shown.length
    const thread = shown[next]
    if (thread !== undefined) this.#focus(thread.id)
  }

  async #fetch(): Promise<void> {
    const { address, say } = this.#options
    const asked = Date.now()
    this.#pause.stop()
    this.#idle.stop()
    try {
      const answer = await fetch(address)
      if (!answer.ok) throw new Error(String(answer.status))
      this.#take((await answer.json()) as CommentsAnswer, asked)
    } catch {
      this.#state.textContent = say('comments.failed')
      if (this.#open) this.#pause.after(AGAIN_MS)
    }
  }

  #take(answer: CommentsAnswer, asked: number): void {
    const looked = this.#thread(this.#active)
    this.#threads = inOrder(answer.threads)
    // Settled by somebody meanwhile: it goes as any other does.
    if (looked?.state === 'open' && this.#thread(looked.id)?.state !== 'open') this.#active = null
    this.#people = answer.people
    this.#announce()
    const { people, articles } = choicesOf(this.#threads)
    offer(this.#filters.person, people.map(({ id, name }) => [id, name]))
    offer(this.#filters.article, articles.map(({ id, where }) => [id, where]))
    const open = this.#threads.filter(isOpen).length
    this.#badge.hidden = open === 0
    this.#badge.textContent = String(open)
    this.#asked = asked
    const marked = this.#mark()
    this.#draw()
    // What was typed meanwhile, or while a word was composed, the next answer knows.
    if (!marked) this.textChanged()
  }

  #announce(): void {
    const { say, live } = this.#options
    const { me } = this.#options.rights()
    const [first] = this.#known === null ? [] : freshIn(this.#threads, this.#known, me)
    this.#known = new Set(this.#threads.flatMap(({ comments }) => comments.map(({ id }) => id)))
    if (first === undefined) return
    const { thread, comment } = first
    const key = comment.mentions.includes(me) ? 'comments.came_naming' : comment.id === thread.comments[0]?.id ? 'comments.came' : 'comments.came_answer'
    live.textContent = say(key, { name: comment.author.name, where: whereOf(thread, say) })
  }

  // What is shown

  #thread(id: string | undefined | null): Thread | undefined {
    return this.#threads.find((thread) => thread.id === id)
  }

  get #filter(): Filter {
    return { state: this.#filters.state.value as Filter['state'], person: this.#filters.person.value, article: this.#filters.article.value }
  }

  get #shown(): readonly Thread[] {
    const { busy } = this.#list
    const filter = this.#filter
    const { me } = this.#options.rights()
    return this.#threads.filter((thread) => thread.id === this.#active || busy.has(thread.id) || passes(thread, filter, me))
  }

  #draw(): void {
    const { say, language, rights } = this.#options
    const shown = this.#shown
    const view: CardView = {
      say, language, rights: rights(), people: this.#people,
      acts: {
        jump: (thread) => this.#jump(thread),
        settle: (thread) => void this.#settle(thread),
        assign: (thread, to) => void this.#assign(thread, to),
        link: (thread) => void this.#link(thread),
        edit: (thread, comment) => this.#edit(thread, comment),
        remove: (thread, comment) => void this.#remove(thread, comment),
      },
    }
    this.#list.draw(shown, this.#compose.element, view)
    for (const id of this.#forms.keys()) if (this.#list.element(id) === null) this.#forms.delete(id)
    this.#showActive()
    const words = say('comments.counted', { open: this.#threads.filter(isOpen).length, all: this.#threads.length })
    if (this.#state.textContent !== words) this.#state.textContent = words
    this.#empty.hidden = shown.length > 0 || this.#compose.element !== null
    this.#empty.textContent = this.#threads.length > 0 ? say('comments.none_here') : say(view.rights.comments ? 'comments.none' : 'comments.none_reader')
  }

  /** The words of open comments are marked, and those of the one looked at; false when that is to be asked anew. */
  #mark(): boolean {
    const sheet = this.#options.editor()
    if (sheet === null) return true
    const places = this.#threads.filter((thread) => isOpen(thread) || thread.id === this.#active).flatMap(({ id, anchor }): ToldComment[] => {
      if (anchor.on === 'document') return []
      return [anchor, ...anchor.rest].flatMap(({ provision, cell, start, end }): ToldComment[] => {
        if (provision === null) return []
        const whole = anchor.on === 'provision' || start === null || end === null
        return [{ thread: id, id: provision, cell, start: whole ? 0 : start, end: whole ? 0 : end, whole }]
      })
    })
    return sheet.markComments(places, this.#asked)
  }

  #light(target: EventTarget | null): void {
    const id = target instanceof Element ? target.closest<HTMLElement>('.comment-card')?.dataset['id'] : undefined
    if (id === this.#lit) return
    this.#lit = id
    this.#options.editor()?.lightComments(this.#active, id === undefined ? [] : [id])
  }

  // Which comment is looked at

  #activateAt(target: EventTarget | null, bring: boolean): void {
    const id = target instanceof Element ? target.closest<HTMLElement>('.comment-card')?.dataset['id'] : undefined
    if (id !== undefined) this.#activate(id, bring)
  }

  #activate(id: string | null, bring: boolean): void {
    const before = this.#active
    this.#active = id
    const thread = this.#thread(id)
    if (id !== before) {
      // A settled comment's words are marked only while it is looked at.
      if (thread?.state === 'resolved' || this.#thread(before)?.state === 'resolved') this.#mark()
      this.#answering(before, id)
      this.#draw()
    }
    if (!bring || id === null || !this.#open) return
    const editor = this.#options.editor()
    const place = editor?.commentAt(id) ?? null
    if (place !== null) editor?.reveal(place.id)
    this.#rail.bring(id)
  }

  #showActive(): void {
    this.#list.activate(this.#active)
    this.#options.editor()?.lightComments(this.#active ?? (this.#compose.element === null ? null : UNSENT), [])
    this.#rail.changed(this.#active ?? UNSENT)
  }

  #focus(id: string): void {
    this.#options.show()
    this.#activate(id, true)
    this.#look(this.#list.element(id))
  }

  /** The keys go to a card; beside the sheet it is its words that are brought into sight. */
  #look(card: HTMLElement | null, focus = true): void {
    if (focus) card?.focus({ preventScroll: true })
    if (!this.#root.classList.contains('is-aligned')) card?.scrollIntoView({ block: 'nearest' })
  }

  /** A press on marked words shows their comment, again on the same place the one beneath it. */
  #clicked(event: MouseEvent): void {
    if (!(event.target instanceof Element) || document.body.classList.contains('proposing')) return
    if (document.getSelection()?.isCollapsed === false) return
    const mark = event.target.closest('.commented')
    const ids = mark === null ? [] : commentsOf(mark).filter((id) => this.#thread(id) !== undefined)
    const id = ids[(ids.indexOf(this.#active ?? '') + 1) % Math.max(ids.length, 1)]
    if (id === undefined) {
      this.#activate(null, false)
      return
    }
    // Of those who only comment a press would also choose the provision for a proposal.
    if (!this.#options.rights().writes) event.stopPropagation()
    this.#options.show()
    this.#activate(id, false)
    this.#look(this.#list.element(id), false)
  }

  #jump({ id, anchor }: Thread): void {
    const { editor, live, say } = this.#options
    const sheet = editor()
    const place = sheet?.commentAt(id) ?? null
    const id_ = place?.id ?? anchor.provision ?? ''
    const words = sheet?.words(id_) ?? null
    if (words === null) live.textContent = say('comments.gone')
    else sheet?.show({ id: id_, from: place?.whole === false ? place.from : 0, to: place?.whole === false ? place.to : words.length }, false)
  }

  /** Whoever writes goes on writing; on a telephone the keyboard would cover what was just said. */
  #backToSheet(): void {
    if (this.#active !== null) this.#rail.bring(this.#active)
    const card = this.#list.element(this.#active ?? '') ?? need('comments-title', HTMLElement)
    if (this.#options.rights().writes && !matchMedia('(pointer: coarse)').matches) this.#options.editor()?.focus()
    else this.#look(card)
  }

  // What people do

  #say(key: string, values: Record<string, string | number> = {}): void {
    this.#said.textContent = this.#options.say(key, values)
  }

  /** Tells the server; the list is asked anew in any case. */
  async #tell(path: string, body: unknown, method = 'POST'): Promise<Told> {
    const told = await tell(`${this.#options.address}${path}`, body, this.#options.say('comments.offline'), method)
    if ('got' in told || told.refused.code !== 'offline') await this.ask()
    return told
  }

  /** Says how it went; the keys stay in the list. */
  #after(told: Told, key: string, thread: Thread): void {
    if ('refused' in told) this.#said.textContent = told.refused.message
    else this.#say(key, { name: thread.author.name, where: whereOf(thread, this.#options.say) })
    if (document.activeElement === document.body || document.activeElement === null) need('comments-title', HTMLElement).focus()
  }

  async #settle(thread: Thread): Promise<void> {
    const key = isOpen(thread) ? 'resolve' : 'reopen'
    this.#active = null
    this.#after(await this.#tell(`/${thread.id}/${key}`, { edition: thread.edition }), `comments.${key}_said`, thread)
  }

  async #assign(thread: Thread, to: string): Promise<void> {
    this.#after(await this.#tell(`/${thread.id}/assign`, { edition: thread.edition, to: to === '' ? null : to }), 'comments.assign_said', thread)
  }

  async #remove(thread: Thread, comment: Comment): Promise<void> {
    if (!window.confirm(this.#options.say('comments.remove_sure'))) return
    this.#after(await this.#tell(`/${thread.id}/words/${comment.id}/remove`, { edition: comment.edition }), 'comments.removed_said', thread)
  }

  async #link(thread: Thread): Promise<void> {
    const address = `${location.origin}${location.pathname}#comment-${thread.id}`
    if (await copyText(address)) {
      this.#say('comments.linked')
      return
    }
    // The address bar has it, then.
    history.replaceState(null, '', address)
    this.#say('comments.linked_above')
  }

  /** The card looked at has a field to answer in; one in which something was begun keeps it. */
  #answering(before: string | null, id: string | null): void {
    if (before !== null && this.#forms.get(before)?.dirty !== true) this.#closeForm(before)
    const thread = this.#thread(id)
    if (thread === undefined || !isOpen(thread) || !this.#options.rights().comments || this.#forms.has(thread.id)) return
    const { say } = this.#options
    const form = new CommentForm({
      say, people: () => this.#people, rows: 1, sending: say('comments.answer'), hint: say('comments.answer_hint'),
      label: say('comments.answer_to', { name: thread.author.name, where: whereOf(thread, say) }),
      send: (written) => this.#sent(thread.id, '/replies', written),
      close: () => this.#list.element(thread.id)?.focus({ preventScroll: true }),
      keep: (written) => this.#answers.keep(thread.id, written.text === '' ? null : written),
    })
    form.fill(this.#answers.read(thread.id) ?? { text: '', mentions: [] })
    this.#put(thread.id, form)
  }

  #edit(thread: Thread, comment: Comment): void {
    const { say } = this.#options
    const mentions = this.#people.filter(({ id }) => comment.mentions.includes(id))
    const form = new CommentForm({
      say, people: () => this.#people, sending: say('comments.edit_send'), label: say('comments.edit_words'), start: { text: comment.text, mentions },
      send: (written) => this.#sent(thread.id, `/words/${comment.id}`, written, comment),
      close: () => {
        this.#closeForm(thread.id)
        this.#list.element(thread.id)?.focus({ preventScroll: true })
      },
    })
    this.#put(thread.id, form)
    form.focus()
  }

  async #sent(id: string, path: string, { text, mentions }: Written, edited?: Comment): Promise<string | null> {
    const body = { text, mentions: mentions.map((person) => person.id), ...(edited ? { edition: edited.edition } : {}) }
    const told = await this.#tell(`/${id}${path}`, body, edited ? 'PUT' : 'POST')
    if ('refused' in told) return told.refused.message
    this.#say(edited ? 'comments.edited_said' : 'comments.answered')
    return null
  }

  #put(id: string, form: CommentForm): void {
    this.#forms.set(id, form)
    this.#list.form(id, form.element)
  }

  #closeForm(id: string): void {
    this.#forms.delete(id)
    this.#list.form(id, null)
  }
}
