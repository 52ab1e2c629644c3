/** Text into the clipboard, also where the page comes over plain HTTP and browsers offer only the old way. */

import { make } from './page'

/** Whether it is there now. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyTheOldWay(text)
  }
}

function copyTheOldWay(text: string): boolean {
  const focused = document.activeElement
  const area = make('textarea', { className: 'hidden', value: text })
  document.body.append(area)
  area.focus()
  area.select()
  try {
    return document.execCommand('copy')
  } finally {
    area.remove()
    if (focused instanceof HTMLElement) focused.focus()
  }
}
