/** The findings as a list: groups, entries with a jump, a repair and a setting aside; redrawn in place. */

import { make, type Say } from '../ui/page'
import { moment } from '../ui/person'
import { GROUPS, type Finding } from './findings'

/** Entries of one group drawn at first, and with each wish for more. */
export const SHOWN = 50

export interface Acts {
  jump(finding: Finding): void
  fix(findings: readonly Finding[]): void
  aside(finding: Finding): void
  back(finding: Finding): void
}

export interface ListView {
  readonly say: Say
  readonly acts: Acts
  readonly language: string
}

/** Blanks that are the very point of a finding are made visible. */
const visible = (text: string): string => (text.trim() === '' ? text.replaceAll(' ', '␣') : text)

/** The words of a repair, for those who hear them. */
export const spoken = (text: string, say: Say): string =>
  text === '' ? say('room.review.nothing') : text.trim() === '' ? say('room.review.space') : text

/** The server tells that many characters around the words; fewer are all there are. */
const AROUND = 24

/** The words with what stands around them, whole words only. */
function snippet({ lead, quote, trail }: Finding): HTMLElement {
  const before = lead.length < AROUND ? lead : `…${lead.slice(lead.search(/\s/) + 1)}`
  const after = trail.length < AROUND ? trail : `${trail.replace(/\S*$/, '').trimEnd()}…`
  return make('span', { className: 'review-words' }, before, make('mark', {}, visible(quote)), after)
}

function jumpTo(finding: Finding, { say, acts }: ListView): HTMLButtonElement {
  const jump = make(
    'button',
    { type: 'button', className: 'review-jump' },
    make('span', { className: 'review-where' }, finding.where),
    ' ',
    make('span', { className: `review-severity ${finding.severity}` }, say(`room.review.severity.${finding.severity}`)),
    ' ',
    make('span', { className: 'review-message' }, finding.message),
  )
  if (finding.quote !== '') jump.append(' ', snippet(finding))
  jump.addEventListener('click', () => acts.jump(finding))
  return jump
}

function act(words: string, label: string, run: () => void, className = ''): HTMLButtonElement {
  const button = make('button', { type: 'button', className }, words)
  if (label !== words) button.ariaLabel = label
  button.addEventListener('click', run)
  return button
}

function fixWords(finding: Finding, say: Say): string {
  const quote = spoken(finding.quote, say)
  if (finding.replacement === '') return say('room.review.fix_deletes', { quote })
  return say('room.review.fix_of', { quote, replacement: spoken(finding.replacement ?? '', say), where: finding.where })
}

function entry(finding: Finding, writing: boolean, view: ListView): HTMLElement {
  const { say, acts, language } = view
  const item = make('li', {}, jumpTo(finding, view))
  const buttons = make('p', { className: 'review-acts' })
  if (finding.aside !== null) {
    const at = moment(finding.aside.at, language)
    item.append(make('p', { className: 'muted small' }, say('room.review.aside_by', { name: finding.aside.by.name, at })))
    if (writing) buttons.append(act(say('room.review.back'), say('room.review.back_of', { message: finding.message }), () => acts.back(finding), 'review-back'))
  } else if (writing) {
    if (finding.replacement !== null) buttons.append(act(say('room.review.fix'), fixWords(finding, say), () => acts.fix([finding]), 'review-fix'))
    if (finding.local !== true) buttons.append(act(say('room.review.aside'), say('room.review.aside_of', { message: finding.message }), () => acts.aside(finding), 'review-aside quiet'))
  }
  if (buttons.childElementCount > 0) item.append(buttons)
  return item
}

/** Draws entries into `list`, touching only those that changed: a focused button stays where it is. */
function drawEntries(list: HTMLElement, findings: readonly Finding[], writing: boolean, view: ListView): void {
  const standing = new Map([...list.children].map((line) => [(line as HTMLElement).dataset['key'] ?? '', line as HTMLElement]))
  let before: Element | null = null
  for (const finding of findings) {
    const digest = JSON.stringify([finding, writing])
    let line = standing.get(finding.key)
    standing.delete(finding.key)
    if (line === undefined || line.dataset['digest'] !== digest) {
      const fresh = entry(finding, writing, view)
      fresh.dataset['key'] = finding.key
      fresh.dataset['digest'] = digest
      line?.replaceWith(fresh)
      line = fresh
    }
    const place: Element | null = before === null ? list.firstElementChild : before.nextElementSibling
    if (place !== line) list.insertBefore(line, place)
    before = line
  }
  for (const left of standing.values()) left.remove()
}

interface Section {
  readonly element: HTMLElement
  readonly count: HTMLElement
  readonly all: HTMLButtonElement
  readonly list: HTMLElement
  readonly more: HTMLButtonElement
  shown: number
  findings: readonly Finding[]
}

/** The groups of the list, made once and kept. */
export class FindingList {
  readonly #sections = new Map<string, Section>()
  #writing = false

  constructor(
    private readonly root: HTMLElement,
    private readonly aside: HTMLDetailsElement,
    private readonly view: ListView,
  ) {
    for (const group of GROUPS) this.#sections.set(group, this.#section(group))
  }

  /** Shows the findings; those put aside in a list of their own. */
  draw(findings: readonly Finding[], writing: boolean): void {
    this.#writing = writing
    for (const [group, section] of this.#sections) {
      section.findings = findings.filter((finding) => finding.group === group && finding.aside === null)
      this.#drawSection(section)
    }
    const put = findings.filter((finding) => finding.aside !== null)
    this.aside.hidden = put.length === 0
    const summary = this.aside.querySelector('summary')
    const words = this.view.say('room.review.aside_count', { count: put.length })
    if (summary !== null && summary.textContent !== words) summary.textContent = words
    const list = this.aside.querySelector('ul')
    if (list !== null) drawEntries(list, put.slice(0, SHOWN), writing, this.view)
  }

  /** The jump of the entry at that place of the list, for the keyboard. */
  focus(key: string): boolean {
    const jump = this.root.querySelector<HTMLElement>(`li[data-key="${CSS.escape(key)}"] .review-jump`)
    jump?.focus()
    jump?.scrollIntoView({ block: 'nearest' })
    return jump !== null
  }

  #section(group: string): Section {
    const { say, acts } = this.view
    const count = make('span', { className: 'badge' })
    const title = make('h3', { id: `review-${group}` }, say(`room.review.group.${group}`), ' ', count)
    const all = make('button', { type: 'button', className: 'review-all' })
    const list = make('ul', { className: 'plain' })
    list.setAttribute('aria-labelledby', title.id)
    const more = make('button', { type: 'button', className: 'quiet' })
    const element = make('section', { className: 'review-group', hidden: true }, title, all, list, more)
    const section: Section = { element, count, all, list, more, shown: SHOWN, findings: [] }
    all.addEventListener('click', () => acts.fix(section.findings.filter((finding) => finding.replacement !== null)))
    more.addEventListener('click', () => {
      section.shown += SHOWN
      this.#drawSection(section)
    })
    this.root.append(element)
    return section
  }

  #drawSection(section: Section): void {
    const { say } = this.view
    const { findings, shown } = section
    const mendable = findings.filter((finding) => finding.replacement !== null).length
    section.element.hidden = findings.length === 0
    section.count.textContent = String(findings.length)
    section.all.hidden = !this.#writing || mendable < 2
    section.all.textContent = say('room.review.fix_all', { count: mendable })
    section.more.hidden = findings.length <= shown
    section.more.textContent = say('room.review.more', { count: Math.min(SHOWN, findings.length - shown) })
    drawEntries(section.list, findings.slice(0, shown), this.#writing, this.view)
  }
}
