/** Proposals beside the draft: asked of the server, shown by provision, decided one by one or many at once. */

import type { ChangedLine, DraftEditor } from '../editor/types'
import { offer } from '../ui/choices'
import { need, type Say } from '../ui/page'
import { OneAtATime } from '../ui/one-at-a-time'
import { Pause } from '../ui/pause'
import { tell } from '../ui/telling'
import type { CardView } from './cards'
import { Choosing } from './choosing'
import { AdaptForm, AnswerForm } from './deciding'
import { ProposalForm, type FormStart, type Refused, type Sent } from './form'
import { ProposalList } from './list'
import { Sides } from './sides'
import { choicesOf, groupsOf, isOpen, passes, wordsNow, type Filter, type Proposal, type ProposalsAnswer, type Wording } from './types'

const PAUSE_MS = 700
const LATEST_MS = 3000
const AGAIN_MS = 5000
const AT_ONCE = 200

export interface ProposalsOptions {
  /** "/api/documents/…/proposals". */
  readonly address: string
  readonly say: Say
  readonly language: string
  readonly me: string
  readonly editor: () => DraftEditor | null
  readonly nameOf: (id: string) => string
  readonly order: () => readonly string[]
  readonly mayPropose: () => boolean
  readonly mayWrite: () => boolean
  readonly sheet: HTMLElement
  readonly live: HTMLElement
  readonly onMode: (on: boolean) => void
  readonly onComment: (provision: string) => void
  readonly show: () => void
}

type Told = { readonly refused: Refused } | { readonly got: unknown }

export class ProposalsPanel {
  readonly #options: ProposalsOptions
  readonly #state = need('proposals-state', HTMLElement)
  readonly #said = need('proposals-said', HTMLElement)
  readonly #badge = need('proposals-count', HTMLElement)
  readonly #empty = need('proposals-empty', HTMLElement)
  readonly #filters = {
    state: need('proposals-filter-state', HTMLSelectElement),
    person: need('proposals-filter-person', HTMLSelectElement),
    article: need('proposals-filter-article', HTMLSelectElement),
  }
  readonly #bulk = need('proposals-bulk', HTMLElement)
  readonly #list: ProposalList
  readonly #sides: Sides
  readonly #choosing: Choosing
  readonly #pause = new Pause(() => void this.ask(), PAUSE_MS, LATEST_MS)
  readonly #forms = new Map<string, AdaptForm | AnswerForm>()
  #proposals: readonly Proposal[] = []
  #known: ReadonlySet<string> | null = null
  readonly #asking = new OneAtATime(() => this.#fetch())
  #open = false

  constructor(options: ProposalsOptions) {
    this.#options = options
    const { say, language } = options
    const nameOf = (id: string): string => this.#proposals.find((one) => one.id === id)?.author.name || say('proposals.somebody')
    this.#list = new ProposalList({
      say, root: need('proposals-list', HTMLElement),
      jump: (provision) => this.#jump(provision), beside: (provision) => this.#beside(provision),
    })
    this.#sides = new Sides({ say, nameOf, language, choose: (one) => this.#list.focus(one.id) })
    this.#choosing = new Choosing({
      ...options,
      button: need('propose', HTMLButtonElement),
      form: (id, start, close) => this.#form(id, start, null, close),
      onChosen: (id) => this.#toGroup(id),
    })
    for (const filter of Object.values(this.#filters)) filter.addEventListener('change', () => this.#draw())
    need('proposals-accept-all', HTMLElement).addEventListener('click', () => void this.#acceptAll())
    need('proposals-decline-all', HTMLElement).addEventListener('click', () => this.#declineAll())
    this.#choosing.redraw()
    window.addEventListener('beforeunload', (event) => {
      if ([...this.#forms.values()].some((form) => form.dirty)) event.preventDefault()
    })
  }

  open(): void {
    this.#open = true
    void this.ask()
  }

  close(): void {
    this.#open = false
  }

  /** Proposing by key or button, also before the panel was ever opened. */
  get choosing(): Choosing {
    return this.#choosing
  }

  /** The text has changed: how proposals stand to it is asked when it is looked at. */
  textChanged(): void {
    this.#choosing.changed()
    if (this.#open) this.#pause.tell()
  }

  redraw(): void {
    this.#choosing.redraw()
    this.#draw()
  }

  /** One question at a time; one that comes meanwhile is asked after it, once. */
  ask(): Promise<void> {
    return this.#asking.run()
  }

  /** Opens the card of a proposal that a link names. */
  async reveal(id: string): Promise<void> {
    await this.ask()
    const one = this.#proposals.find((proposal) => proposal.id === id)
    if (one === undefined) return
    this.#filters.state.value = 'all'
    this.#filters.person.value = this.#filters.article.value = ''
    this.#draw()
    this.#list.focus(id)
    this.#jump(one.provision)
  }

  async #fetch(): Promise<void> {
    const { address, say } = this.#options
    this.#pause.stop()
    try {
      const answer = await fetch(address)
      if (!answer.ok) throw new Error(String(answer.status))
      this.#take((await answer.json()) as ProposalsAnswer)
    } catch {
      this.#state.textContent = say('proposals.failed')
      if (this.#open) this.#pause.after(AGAIN_MS)
    }
  }

  #take(answer: ProposalsAnswer): void {
    const { say, me, live } = this.#options
    this.#proposals = answer.proposals
    const open = answer.proposals.filter(isOpen)
    const fresh = this.#known === null ? [] : open.filter((one) => !this.#known?.has(one.id) && one.author.id !== me)
    this.#known = new Set(answer.proposals.map(({ id }) => id))
    this.#badge.hidden = open.length === 0
    this.#badge.textContent = String(open.length)
    const [first] = fresh
    if (first !== undefined) live.textContent = say('proposals.came', { name: first.author.name, where: first.where })
    for (const form of this.#forms.values()) form.moved()
    this.#offer()
    this.#draw()
    this.#mark(open)
  }

  // What is shown

  get #filter(): Filter {
    return {
      state: this.#filters.state.value as Filter['state'],
      person: this.#filters.person.value,
      article: this.#filters.article.value,
    }
  }

  get #shown(): readonly Proposal[] {
    const { busy } = this.#list
    const filter = this.#filter
    return this.#proposals.filter((one) => busy.has(one.id) || passes(one, filter))
  }

  #offer(): void {
    const { people, articles } = choicesOf(this.#proposals)
    offer(this.#filters.person, people.map(({ id, name }) => [id, name]))
    offer(this.#filters.article, articles.map(({ id, where }) => [id, where]))
  }

  #draw(): void {
    const { say, language, me, mayWrite } = this.#options
    const shown = this.#shown
    const view: CardView = {
      say, language, me, deciding: mayWrite(),
      nameOf: (id) => this.#proposals.find((one) => one.id === id)?.author.name || say('proposals.somebody'),
      acts: {
        jump: (one) => this.#jump(one.provision),
        accept: (one) => void this.#accept(one),
        adapt: (one) => this.#adapt(one),
        answer: (one) => this.#answer(one),
        amend: (one) => this.#amend(one),
        withdraw: (one) => void this.#withdraw(one),
        reopen: (one) => void this.#reopen(one),
      },
    }
    const groups = groupsOf(shown)
    this.#list.draw(groups, view)
    this.#sides.refresh(groups)
    const open = this.#proposals.filter(isOpen).length
    const words = say('proposals.counted', { open, all: this.#proposals.length })
    if (this.#state.textContent !== words) this.#state.textContent = words
    this.#empty.hidden = shown.length > 0
    this.#empty.textContent = this.#proposals.length === 0 ? say(this.#options.mayPropose() ? 'proposals.none' : 'proposals.none_reader') : say('proposals.none_here')
    const many = shown.filter(isOpen).length
    this.#bulk.hidden = !mayWrite() || many < 2
    need('proposals-accept-all', HTMLElement).textContent = say('proposals.accept_all', { n: many })
    need('proposals-decline-all', HTMLElement).textContent = say('proposals.decline_all', { n: many })
  }

  /** A bar beside every provision that something is proposed for. */
  #mark(open: readonly Proposal[]): void {
    const sheet = this.#options.editor()
    if (sheet === null) return
    const lines: ChangedLine[] = [...new Set(open.map(({ provision }) => provision))].map((id) => ({
      id, text: null, look: 'has-proposals', marks: [],
    }))
    sheet.markChanges(lines, 'proposals')
  }

  #jump(provision: string): void {
    const { editor, live, say } = this.#options
    const sheet = editor()
    const words = sheet?.words(provision)
    if (words === null || words === undefined) live.textContent = say('proposals.gone')
    else sheet?.show({ id: provision, from: 0, to: words.length }, false)
  }

  #toGroup(provision: string): void {
    const one = this.#shown.find((proposal) => proposal.provision === provision)
    if (this.#open && one !== undefined) document.querySelector(`.proposal-group[data-provision="${CSS.escape(provision)}"]`)?.scrollIntoView({ block: 'nearest' })
  }

  #beside(provision: string): void {
    const group = groupsOf(this.#shown).find((one) => one.provision === provision)
    if (group !== undefined) this.#sides.show(group)
  }

  // What people do

  #say(key: string, values: Record<string, string | number> = {}): void {
    this.#said.textContent = this.#options.say(key, values)
  }

  /** Tells the server; a refusal in words, or what was answered. The list is asked anew in any case. */
  async #tell(path: string, body: unknown, method = 'POST'): Promise<Told> {
    const told = await tell(`${this.#options.address}${path}`, body, this.#options.say('proposals.offline'), method)
    if ('got' in told || told.refused.code !== 'offline') await this.ask()
    if ('got' in told) return told
    const { code, message } = told.refused
    return { refused: { message, moved: code === 'proposal_text_moved' || code === 'proposal_conflict' } }
  }

  #form(id: string, start: FormStart, own: Proposal | null, close: () => void): ProposalForm {
    const { say, editor } = this.#options
    return new ProposalForm({
      say, start, close,
      now: () => {
        const read = editor()?.read(id) ?? null
        return read === null ? null : { text: read.text, cells: read.cells }
      },
      send: async (sent) => {
        const told = await (own === null ? this.#send(id, start, sent) : this.#resend(own, sent))
        if ('refused' in told) return told.refused
        this.#say(own === null ? 'proposals.sent' : 'proposals.amended', { where: start.name })
        if (own === null) this.#options.show()
        const made = (told.got as { id: string }).id
        requestAnimationFrame(() => document.querySelector(`.proposal-card[data-id="${CSS.escape(made)}"]`)?.scrollIntoView({ block: 'nearest' }))
        return null
      },
    })
  }

  #send(id: string, start: FormStart, { wording, madeOn, reason, kind }: Sent): Promise<Told> {
    const words = start.act === 'remove' ? {} : { text: wording.text, cells: wording.cells }
    return this.#tell('', {
      act: start.act, provision: id, reason, ...words,
      ...(start.act === 'replace' ? { made_on: madeOn } : {}),
      ...(start.act === 'insert' ? { kind } : {}),
    })
  }

  #resend(own: Proposal, { wording, madeOn, reason, kind }: Sent): Promise<Told> {
    const now = this.#proposals.find((one) => one.id === own.id) ?? own
    return this.#tell(
      `/${own.id}`,
      { edition: now.edition, reason, text: wording.text, cells: wording.cells, ...(own.act === 'replace' ? { made_on: madeOn } : { kind }) },
      'PUT',
    )
  }

  async #accept(one: Proposal): Promise<void> {
    const { say } = this.#options
    const changed = one.act === 'remove' && one.outlook?.standing === 'conflict'
    if (changed && !window.confirm(say('proposals.remove_sure', { where: one.where }))) return
    const body = { edition: one.edition, ...(changed ? { seen: one.outlook?.seen ?? '' } : {}) }
    this.#after(await this.#tell(`/${one.id}/accept`, body), 'proposals.accepted_said', one)
  }

  async #withdraw(one: Proposal): Promise<void> {
    if (!window.confirm(this.#options.say('proposals.withdraw_sure', { where: one.where }))) return
    this.#after(await this.#tell(`/${one.id}/withdraw`, { edition: one.edition }), 'proposals.withdrawn_said', one)
  }

  async #reopen(one: Proposal): Promise<void> {
    this.#after(await this.#tell(`/${one.id}/reopen`, { edition: one.edition }), 'proposals.reopened_said', one)
  }

  /** Says how it went; the keys stay in the list. */
  #after(told: Told, key: string, one: Proposal): void {
    if ('refused' in told) this.#said.textContent = told.refused.message
    else this.#say(key, { name: one.author.name, where: one.where })
    if (document.activeElement === document.body || document.activeElement === null) need('proposals-title', HTMLElement).focus()
  }

  #adapt(one: Proposal): void {
    const form = new AdaptForm(this.#deciding(one), async (edition, wording, madeOn, answer) => {
      const on: { made_on?: Wording } = one.act === 'replace' ? { made_on: madeOn } : {}
      const told = await this.#tell(`/${one.id}/accept`, { edition, text: wording.text, cells: wording.cells, answer, ...on })
      if ('refused' in told) return told.refused
      this.#say('proposals.accepted_said', { name: one.author.name, where: one.where })
      return null
    })
    this.#openForm(one, form)
  }

  #answer(one: Proposal): void {
    const form = new AnswerForm(this.#deciding(one), async (edition, answer) => {
      const told = await this.#tell(`/${one.id}/decline`, { edition, answer })
      if ('refused' in told) return told.refused
      this.#say('proposals.declined_said', { name: one.author.name, where: one.where })
      return null
    })
    this.#openForm(one, form)
  }

  #openForm(one: Proposal, form: AdaptForm | AnswerForm): void {
    this.#forms.set(one.id, form)
    this.#list.form(one.id, form.element)
    form.open()
  }

  #deciding(one: Proposal) {
    return {
      say: this.#options.say,
      proposal: () => this.#proposals.find((now) => now.id === one.id) ?? one,
      close: () => {
        this.#forms.delete(one.id)
        this.#list.form(one.id, null)
        this.#draw()
        if (!this.#list.focus(one.id)) need('proposals-title', HTMLElement).focus()
      },
    }
  }

  #amend(one: Proposal): void {
    const { editor, nameOf } = this.#options
    const read = editor()?.read(one.provision) ?? null
    if (read === null) return
    const now = one.act === 'insert' ? { text: '', cells: [] } : { text: read.text, cells: read.cells }
    const start = one.act === 'insert' ? one.wording : (one.outlook?.merged ?? one.wording)
    const sheetStart: FormStart = {
      act: one.act, name: nameOf(one.provision) || one.where, label: one.act === 'insert' ? '' : read.label, now,
      start: start.cells.length === now.cells.length ? start : (wordsNow(one) ?? now), reason: one.reason, below: 0,
      kind: one.new?.kind ?? 'paragraph', kinds: one.new ? ['part', 'chapter', 'section', 'article', 'clause', 'point', 'indent', 'paragraph', 'appendix'] : [],
    }
    this.#choosing.openForm(one.provision, sheetStart, undefined, (id, begun, close) => this.#form(id, begun, one, close))
  }

  // Many at once

  get #chosen(): readonly Proposal[] {
    return this.#shown.filter(isOpen).slice(0, AT_ONCE)
  }

  async #acceptAll(): Promise<void> {
    const chosen = this.#chosen
    if (!window.confirm(this.#options.say('proposals.accept_all_sure', { n: chosen.length }))) return
    await this.#decideAll(chosen, {})
  }

  #declineAll(): void {
    const dialog = need('proposals-answer-all', HTMLDialogElement)
    const area = need('proposals-answer-words', HTMLTextAreaElement)
    const chosen = this.#chosen
    need('proposals-answer-title', HTMLElement).textContent = this.#options.say('proposals.decline_all_title', { n: chosen.length })
    dialog.returnValue = ''
    dialog.onclose = () => {
      if (dialog.returnValue !== 'send') return
      const answer = area.value
      if (answer.trim() === '') this.#say('proposals.answer_missing')
      else
        void this.#decideAll(chosen, { answer }).then((done) => {
          if (done) area.value = ''
        })
    }
    dialog.showModal()
    area.focus()
  }

  async #decideAll(chosen: readonly Proposal[], more: { answer?: string }): Promise<boolean> {
    const told = await this.#tell('/decide', { proposals: chosen.map(({ id, edition }) => ({ id, edition })), ...more })
    if ('refused' in told) {
      this.#said.textContent = told.refused.message
      return false
    }
    const { decided } = told.got as { decided: { id: string; left: { message: string } | null }[] }
    const left = decided.filter((one) => one.left !== null)
    const key = left.length > 0 ? 'proposals.decided_some' : more.answer === undefined ? 'proposals.accepted_all' : 'proposals.declined_all'
    this.#say(key, { n: decided.length - left.length, left: left.length, why: left[0]?.left?.message ?? '' })
    return true
  }
}
