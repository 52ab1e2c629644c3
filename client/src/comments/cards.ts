/** One thread as a card: what it is about, what was said, and what may be done with it. */

import { make, type Say } from '../ui/page'
import { drawPerson, moment, type Person } from '../ui/person'
import { stretches } from './mentions'
import { isOpen, mayAssign, mayEdit, mayRemove, maySettle, type Comment, type Rights, type Thread } from './types'

export interface CardActs {
  jump(thread: Thread): void
  settle(thread: Thread): void
  assign(thread: Thread, to: string): void
  link(thread: Thread): void
  edit(thread: Thread, comment: Comment): void
  remove(thread: Thread, comment: Comment): void
}

export interface CardView {
  readonly say: Say
  readonly language: string
  readonly rights: Rights
  readonly people: readonly Person[]
  readonly acts: CardActs
}

/** How a thread's place is called. */
export const whereOf = (thread: Thread, say: Say): string => (thread.anchor.on === 'document' ? say('comments.whole') : thread.where || say('comments.gone'))

function act(name: string, words: string, label: string, run: () => void, className = ''): HTMLButtonElement {
  const button = make('button', { type: 'button', className }, words)
  button.ariaLabel = label
  // By this name it is found again when the card is drawn anew beneath the keys.
  button.dataset['act'] = name
  button.addEventListener('click', run)
  return button
}

function drawWords(comment: Comment, view: CardView): HTMLElement {
  const named = view.people.filter(({ id }) => comment.mentions.includes(id))
  const parts = stretches(comment.text, named).map(({ words, person }) =>
    person === null ? words : make('span', { className: person.id === view.rights.me ? 'mention is-me' : 'mention' }, words),
  )
  return make('p', { className: 'comment-words' }, ...parts)
}

function drawComment(thread: Thread, comment: Comment, view: CardView): HTMLElement {
  const { say, language, rights, acts } = view
  const item = make('li', { className: 'comment' })
  item.dataset['comment'] = comment.id
  item.style.setProperty('--person', comment.author.color)
  if (comment.removed) {
    item.append(make('p', { className: 'small muted' }, say('comments.removed', { name: comment.author.name || say('comments.somebody') })))
    return item
  }
  const edited = comment.edited === null ? [] : [make('span', { title: moment(comment.edited, language) }, ` · ${say('comments.edited')}`)]
  const at = make('span', { className: 'muted small' }, moment(comment.at, language), ...edited)
  item.append(make('p', { className: 'comment-head' }, drawPerson(comment.author, say('comments.somebody')), at), drawWords(comment, view))
  const row = make('p', { className: 'comment-acts' })
  const name = comment.author.name
  if (mayEdit(comment, rights)) row.append(act(`edit ${comment.id}`, say('comments.edit'), say('comments.edit_of', { name }), () => acts.edit(thread, comment), 'quiet'))
  if (mayRemove(comment, rights)) row.append(act(`remove ${comment.id}`, say('comments.remove'), say('comments.remove_of', { name }), () => acts.remove(thread, comment), 'quiet'))
  if (row.childElementCount > 0) item.append(row)
  return item
}

/** What it is about: the place as a way there, the words, and what became of them. */
function about(thread: Thread, view: CardView): HTMLElement[] {
  const { say, acts } = view
  const { anchor } = thread
  const where = whereOf(thread, say)
  const jump = act('jump', where, say('comments.jump', { where }), () => acts.jump(thread), 'comment-jump')
  jump.disabled = anchor.on === 'document' || anchor.provision === null
  const made = anchor.made_on.name === null ? [] : [make('span', { className: 'badge' }, say('comments.made_on', { name: anchor.made_on.name }))]
  const state = isOpen(thread) ? [] : [make('span', { className: 'badge is-resolved' }, `✓ ${say('comments.state.resolved')}`)]
  const head = make('p', { className: 'comment-about-head' }, jump, ...made, ...state)
  if (anchor.on === 'document' || anchor.quote === '') return [head]
  if (anchor.standing !== 'orphaned') return [head, make('p', { className: 'comment-quote', lang: 'vi' }, anchor.quote)]
  return [
    head,
    make('p', { className: 'comment-quote is-orphaned', lang: 'vi' }, make('s', {}, anchor.quote)),
    make('p', { className: 'small comment-orphan' }, make('span', { ariaHidden: 'true' }, '⚠ '), say('comments.orphaned')),
  ]
}

function assigning(thread: Thread, view: CardView): HTMLElement[] {
  const { say, rights, people, acts } = view
  const { assigned } = thread
  if (!isOpen(thread) || !mayAssign(thread, rights))
    return assigned === null ? [] : [make('p', { className: 'small comment-assigned' }, say('comments.assigned', { name: assigned.name }))]
  const select = make('select', {}, make('option', { value: '' }, say('comments.nobody')))
  select.dataset['act'] = 'assign'
  for (const { id, name } of people) select.append(make('option', { value: id }, name))
  if (assigned !== null && !people.some(({ id }) => id === assigned.id)) select.append(make('option', { value: assigned.id }, assigned.name))
  select.value = assigned?.id ?? ''
  select.addEventListener('change', () => acts.assign(thread, select.value))
  return [make('label', { className: assigned === null ? 'comment-about only-active' : 'comment-about' }, make('span', {}, say('comments.assign')), select)]
}

/** The card without the form in which one answers. */
export function drawCard(thread: Thread, view: CardView): HTMLElement {
  const { say, language, acts, rights } = view
  const where = whereOf(thread, say)
  const comments = thread.comments.map((comment) => drawComment(thread, comment, view))
  const answers = thread.comments.length - 1
  const body = make('div', { className: 'card-body' }, ...about(thread, view), make('ol', { className: 'comment-list' }, ...comments))
  if (answers > 0) body.append(make('p', { className: 'small muted only-idle' }, say('comments.answers', { n: answers })))
  if (thread.resolved !== null)
    body.append(make('p', { className: 'small comment-settled' }, say('comments.resolved_by', { name: thread.resolved.by.name || say('comments.somebody'), at: moment(thread.resolved.at, language) })))
  body.append(...assigning(thread, view))
  const row = make('p', { className: 'comment-acts only-active' })
  const key = isOpen(thread) ? 'resolve' : 'reopen'
  const place = { name: thread.author.name, where }
  if (maySettle(thread, rights)) row.append(act('settle', say(`comments.${key}`), say('comments.act_of', { act: say(`comments.${key}`), ...place }), () => acts.settle(thread), `act-${key}`))
  row.append(act('link', say('comments.link'), say('comments.act_of', { act: say('comments.link'), ...place }), () => acts.link(thread), 'quiet'))
  body.append(row)
  return body
}
