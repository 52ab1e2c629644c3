/** The page of a version: read as it was kept, commented on for the live draft. */

import '../styles/comments.css'

import { CommentsHere } from '../comments/here'
import { canPropose, type Role } from '../sync/state'
import { make, need, pageData, sayer } from '../ui/page'

const data = pageData()
const say = sayer(data.messages)
const root = need('version-text', HTMLElement)
const mayComment = canPropose(data.role as Role)

const tools = [...root.querySelectorAll<HTMLElement>('[data-on]')].map((line) => {
  const place = make('span')
  const button = make('button', { type: 'button', className: 'comment-here quiet', ariaLabel: `${say('comments.button')}: ${line.dataset['where'] ?? ''}` })
  button.dataset['words'] = say('comments.button')
  line.append(make('span', { className: 'comment-tools' }, ...(mayComment ? [button] : []), place))
  return { place, ids: [line.dataset['on'] ?? ''], where: line.dataset['where'] ?? '' }
})
need('comments-here', HTMLElement).hidden = !mayComment

const here = new CommentsHere({
  document: data.document.id,
  say,
  root,
  comments: () => mayComment,
  versionOf: () => data.version ?? null,
  places: () => tools,
  lineOf: (held) => held.closest<HTMLElement>('[data-on]'),
})
document.addEventListener('visibilitychange', () => {
  if (document.visibilityState === 'visible') void here.ask()
})
