/** Which rows say little: what stayed, whose number alone is another or written otherwise, spelling, format. */

const STAYED: readonly string[] = ['unchanged', 'renumbered', 'label_style']
const LAYERS: readonly string[] = ['spelling_only', 'format_only']
const SHOWN = 'shows-layers'

/** Changes of spelling and format are a layer apart, drawn when somebody asks for it. */
export const showLayers = (shown: boolean): void => {
  document.body.classList.toggle(SHOWN, shown)
}

/** Whether nothing that is shown changed in a row, in relation to the text beside or the one before. */
export function isQuiet(row: HTMLElement): boolean {
  const quiet = document.body.classList.contains(SHOWN) ? STAYED : [...STAYED, ...LAYERS]
  const { class: kind, third } = row.dataset
  return [kind, third].every((one) => one === undefined || quiet.includes(one))
}

/** Rows that have something in that layer. */
export const countLayers = (body: HTMLElement): number =>
  [...body.querySelectorAll('tr')].filter((row) => row.querySelector('.spelling, .format') !== null).length
