/** One proposal as a card: who, what, why, how it stands, and what may be done with it. */

import { make, type Say } from '../ui/page'
import { drawPerson, moment } from '../ui/person'
import { drawParts, drawPieces, drawProposal, drawSpans, partsOf } from './drawing'
import type { Proposal } from './types'

export interface CardActs {
  jump(one: Proposal): void
  accept(one: Proposal): void
  adapt(one: Proposal): void
  answer(one: Proposal): void
  amend(one: Proposal): void
  withdraw(one: Proposal): void
  reopen(one: Proposal): void
}

export interface CardView {
  readonly say: Say
  readonly language: string
  readonly acts: CardActs
  /** Who looks, and whether they decide. */
  readonly me: string
  readonly deciding: boolean
  /** The author of another proposal, by its id. */
  readonly nameOf: (id: string) => string
}

const note = (key: string, text: string, sign = ''): HTMLElement =>
  make('p', { className: `small proposal-note note-${key}` }, ...(sign === '' ? [] : [make('span', { ariaHidden: 'true' }, `${sign} `)]), text)

function act(words: string, label: string, run: () => void, className = ''): HTMLButtonElement {
  const button = make('button', { type: 'button', className }, words)
  button.ariaLabel = label
  button.addEventListener('click', run)
  return button
}

const names = (ids: readonly string[], view: CardView): string =>
  new Intl.ListFormat(view.language).format([...new Set(ids.map((id) => view.nameOf(id)))])

/** How an open proposal stands to the draft and to the others. */
function standing(one: Proposal, view: CardView): HTMLElement[] {
  const { say } = view
  const found: HTMLElement[] = []
  const { outlook } = one
  if (one.collide.length > 0) found.push(note('collide', say('proposals.collide', { names: names(one.collide, view) }), '⚠'))
  if (one.same.length > 0) found.push(note('same', say('proposals.same', { names: names(one.same, view) }), '＝'))
  if (outlook === null) return found
  if (outlook.standing === 'gone') found.push(note('gone', say('proposals.gone'), '⚠'))
  if (outlook.standing === 'done') found.push(note('done', say('proposals.done'), '✓'))
  if (outlook.standing === 'conflict') found.push(note('conflict', say(one.act === 'remove' ? 'proposals.changed_since' : 'proposals.conflict'), '⚠'))
  const { pieces, now } = outlook
  if (outlook.standing === 'conflict' && pieces !== null) found.push(drawParts(pieces.length, (part) => drawPieces(pieces[part] ?? [], say)))
  if (one.act === 'remove' && now !== null)
    found.push(
      make('details', {}, make('summary', {}, say('proposals.reads_now')), ...now.map((stood) => make('p', { className: 'proposal-words', lang: 'vi' }, partsOf(stood).filter(Boolean).join(' | ')))),
    )
  if (one.act === 'replace' && now !== null && outlook.standing === 'clean')
    found.push(
      make(
        'details',
        {},
        make('summary', {}, say('proposals.moved')),
        drawParts(one.spans.length, (part) => drawSpans(one.spans[part] ?? [])),
      ),
    )
  return found
}

function decided(one: Proposal, view: CardView): HTMLElement[] {
  const { say, language } = view
  const found: HTMLElement[] = []
  if (one.decided !== null) {
    const key = one.state === 'accepting' ? 'proposals.accepting_by' : `proposals.state_by.${one.state}`
    found.push(note('decided', say(key, { name: one.decided.by.name || say('proposals.somebody'), at: moment(one.decided.at, language) })))
  }
  if (one.state === 'adapted' && one.outcome !== null)
    found.push(make('p', { className: 'small' }, say('proposals.outcome')), make('p', { className: 'proposal-words', lang: 'vi' }, partsOf(one.outcome).filter(Boolean).join(' | ')))
  if (one.answer !== '') found.push(make('blockquote', { className: 'proposal-answer' }, make('span', { className: 'small muted' }, say('proposals.answer')), ' ', one.answer))
  return found
}

function buttons(one: Proposal, view: CardView): HTMLElement {
  const { say, acts, deciding } = view
  const place = { name: one.author.name, where: one.where }
  const row = make('p', { className: 'proposal-acts' })
  const add = (key: string, run: () => void, className = ''): void => row.append(act(say(`proposals.${key}`), say('proposals.act_of', { act: say(`proposals.${key}`), ...place }), run, className))
  if (one.state === 'open') {
    const { standing: how } = one.outlook ?? { standing: 'gone' as const }
    if (deciding && how !== 'gone') {
      if (how === 'conflict' && one.act === 'replace') add('decide', () => acts.adapt(one), 'primary act-adapt')
      else {
        add('accept', () => acts.accept(one), 'primary act-accept')
        if (one.act !== 'remove') add('adapt', () => acts.adapt(one), 'act-adapt')
      }
    }
    if (deciding) add('decline', () => acts.answer(one), 'act-decline')
    if (one.author.id === view.me) {
      if (one.act !== 'remove' && how !== 'gone') add('amend', () => acts.amend(one), 'act-amend')
      add('withdraw', () => acts.withdraw(one), 'quiet act-withdraw')
    }
  }
  if (one.state === 'declined' && deciding) add('reopen', () => acts.reopen(one), 'quiet act-reopen')
  return row
}

/** The card without the form that may stand open in it. */
export function drawCard(one: Proposal, view: CardView): HTMLElement {
  const { say, language } = view
  const head = make('p', { className: 'proposal-head' }, drawPerson(one.author, say('proposals.somebody')), make('span', { className: 'muted small proposal-at' }, moment(one.changed, language)))
  const kind = one.new ? say(`room.kind.${one.new.kind}`).toLocaleLowerCase('vi') : ''
  const badge = make('span', { className: `badge act-badge act-${one.act}` }, say(`proposals.act.${one.act}`, { kind }))
  const state = one.state === 'open' ? [] : [make('span', { className: `badge state-badge state-${one.state}` }, say(`proposals.state.${one.state}`))]
  const body = make('div', { className: 'card-body' }, head, make('p', { className: 'proposal-badges' }, badge, ...state), drawProposal(one, say))
  if (one.reason !== '') body.append(make('p', { className: 'proposal-reason' }, make('span', { className: 'muted' }, say('proposals.reason_said')), ' ', one.reason))
  body.append(...(one.state === 'open' ? standing(one, view) : []), ...decided(one, view))
  const row = buttons(one, view)
  if (row.childElementCount > 0) body.append(row)
  return body
}
