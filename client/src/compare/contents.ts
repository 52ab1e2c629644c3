/** Beside the table: its contents with the number of changes, and what disturbs the structure. */

import { make, need, type Say } from '../ui/page'
import { fill, goTo, rowOf } from './panels'
import { isQuiet } from './quiet'

export interface Disturbance {
  readonly what: string
  readonly before: readonly string[]
  readonly after: readonly string[]
  readonly provision: string
  readonly later?: boolean
}

const isHead = (row: HTMLElement): boolean => row.classList.contains('division') || row.querySelector('p.l0.heading') !== null

function titleOf(row: HTMLElement): string {
  const words = (side: string): string => row.querySelector(`${side} p:not(.note, .kind)`)?.textContent?.trim() ?? ''
  return (words('td.third') || words('td.after') || words('td.before') || words('th')).slice(0, 90)
}

/** One line for each division and article that has changes beneath it, or changed itself. */
export function drawContents(body: HTMLElement, say: Say): void {
  const items: HTMLElement[] = []
  let head: HTMLElement | null = null
  let changes = 0
  const close = (): void => {
    if (head === null || (changes === 0 && !head.classList.contains('division'))) return
    const row = head
    const link = make('button', { type: 'button', className: 'contents-link' }, titleOf(row))
    if (changes > 0) link.append(' ', make('span', { className: 'badge' }, say('room.contents_changes', { count: changes })))
    link.addEventListener('click', () => goTo(row))
    items.push(make('li', { className: row.classList.contains('division') ? 'division' : '' }, link))
  }
  for (const row of body.querySelectorAll<HTMLElement>('tr')) {
    if (isHead(row)) {
      close()
      head = row
      changes = isQuiet(row) ? 0 : 1
    } else if (!isQuiet(row)) changes += 1
  }
  close()
  fill('contents', items)
}

/** Articles that were renumbered one after another are said in one line: first and last of each run. */
function runsOf(guard: readonly Disturbance[]): [Disturbance, Disturbance][] {
  const runs: [Disturbance, Disturbance][] = []
  for (const one of guard) {
    const run = runs.at(-1)
    if (run !== undefined && one.what === 'renumbered' && run[1].what === 'renumbered' && one.later === run[1].later) run[1] = one
    else runs.push([one, one])
  }
  return runs
}

/** The disturbances of the structure; of three texts (`titles`) each pair's under its names. */
export function drawGuard(body: HTMLElement, guard: readonly Disturbance[], titles: readonly string[], say: Say): void {
  const panel = need('guard', HTMLDetailsElement)
  panel.hidden = guard.length === 0
  const title = panel.querySelector('.title')
  if (title !== null) title.textContent = say('room.guard.title', { count: guard.length })
  const pairs = [guard.filter((one) => one.later !== true), guard.filter((one) => one.later === true)]
  fill(
    'guard',
    pairs.flatMap((found, pair) => {
      const items = linesOf(body, found, say)
      if (titles.length < 3 || items.length === 0) return items
      return [make('li', { className: 'muted small between' }, betweenTexts(titles, pair === 1, say)), ...items]
    }),
  )
}

/** The names of two neighbouring texts, as a warning is headed: the second and third when `later`. */
export const betweenTexts = (titles: readonly string[], later: boolean, say: Say): string =>
  say('room.between', { before: titles[later ? 1 : 0] ?? '', after: titles[later ? 2 : 1] ?? '' })

function linesOf(body: HTMLElement, guard: readonly Disturbance[], say: Say): HTMLElement[] {
  return runsOf(guard).map(([one, last]) => {
      const upto = (from: readonly string[], to: readonly string[]): string =>
        one === last ? from.join(', ') : `${from[0] ?? ''} … ${to[0] ?? ''}`
      const words = [...new Set([upto(one.before, last.before), upto(one.after, last.after)])].filter(Boolean).join(' → ')
      const link = make('button', { type: 'button', className: 'contents-link' }, `${words}: ${say(`room.guard.${one.what}`)}`)
      link.addEventListener('click', () => {
        const row = rowOf(body, one.provision)
        if (row !== null) goTo(row)
      })
      return make('li', {}, link)
  })
}
