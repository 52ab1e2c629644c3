/** The choices of a filter, drawn anew only when they have changed. */

import { make } from './page'

/** Leaves the first option, which is "any", and the choice, if it is still one. */
export function offer(select: HTMLSelectElement, options: readonly (readonly [value: string, words: string])[]): void {
  const digest = JSON.stringify(options)
  if (select.dataset['digest'] === digest) return
  select.dataset['digest'] = digest
  const chosen = select.value
  select.replaceChildren(select.options[0] ?? '', ...options.map(([value, words]) => make('option', { value }, words)))
  select.value = options.some(([value]) => value === chosen) ? chosen : ''
}
