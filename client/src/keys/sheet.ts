/** The sheet of shortcuts, drawn from the table. */

import { make, type Say } from '../ui/page'
import { GROUPS, LINES, readable, type Line } from './table'

function drawLine(line: Line, say: Say): HTMLElement[] {
  const keys = Object.values(line.acts).map((ways) => ways.map(readable))
  const shown = keys.flatMap((ways, at) => [...(at > 0 ? [' / '] : []), ...ways.flatMap((way, next) => [...(next > 0 ? [` ${say('room.keys.or')} `] : []), make('kbd', {}, way)])])
  const term = make('dt', {}, ...shown)
  term.dataset['says'] = line.says
  return [term, make('dd', {}, say(`room.key.${line.says}`))]
}

export function drawShortcuts(body: HTMLElement, say: Say): void {
  body.replaceChildren(
    ...GROUPS.flatMap((group) => {
      const lines = LINES.filter((line) => line.group === group)
      const head = make('h3', {}, say(`room.keys.${group}`))
      return [head, make('dl', { className: 'keys' }, ...lines.flatMap((line) => drawLine(line, say)))]
    }),
  )
}
