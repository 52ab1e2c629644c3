/**
 * The page "Nhập văn bản": files are sent with their progress shown, and may be stopped. One takes the whole page;
 * several stand below one another, each read, shown and saved by a request of its own. Without script the form does.
 */

import { Files } from '../ui/files'
import { drawn } from '../ui/markup'
import { need } from '../ui/page'
import { send } from '../ui/sending'

const form = document.getElementById('import-form')

if (form instanceof HTMLFormElement) {
  const progress = need('import-progress', HTMLElement)
  const step = need('import-step', HTMLElement)
  const bar = need('import-bar', HTMLProgressElement)
  const button = need('import-send', HTMLButtonElement)
  const refusal = need('import-refusal', HTMLElement)
  const chosen = need('file', HTMLInputElement)
  let stop: (() => void) | undefined

  chosen.multiple = true
  need('file-hint', HTMLElement).append(' ', chosen.dataset['several'] ?? '')

  const rest = (words = ''): void => {
    stop = undefined
    progress.hidden = words === ''
    bar.hidden = true
    need('import-cancel', HTMLElement).hidden = true
    step.textContent = words
    button.disabled = false
  }

  const refuse = (words: string): void => {
    rest()
    const notice = document.createElement('p')
    notice.className = 'notice notice-bad'
    notice.textContent = words
    refusal.replaceChildren(notice)
  }

  const several = (files: readonly File[]): void => {
    const place = need('import-several', HTMLElement)
    if (files.length > Number(place.dataset['most'])) {
      refuse(place.dataset['tooMany'] ?? '')
      return
    }
    form.hidden = true
    document.querySelectorAll('.steps li').forEach((line, at) => line.toggleAttribute('aria-current', at === 1))
    place.hidden = false
    need('import-several-title', HTMLElement).focus()
    void new Files(place, form, progress.dataset).read(files)
  }

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (stop) return
    refusal.replaceChildren()
    const files = [...(chosen.files ?? [])]
    if (files.length > 1) {
      several(files)
      return
    }
    progress.hidden = bar.hidden = need('import-cancel', HTMLElement).hidden = false
    step.textContent = progress.dataset['sending'] ?? ''
    button.disabled = true
    let done = false
    stop = send(form.action, new FormData(form), {
      sent: (part) => {
        if (part < 1) bar.value = part
        else bar.removeAttribute('value')
      },
      told: (line) => {
        if (line.step !== undefined) step.textContent = line.step
        if (line.error) {
          done = true
          refuse(line.error.message)
        }
        if (line.html !== undefined) {
          done = true
          need('main', HTMLElement).replaceChildren(drawn(line.html))
          need('import-title', HTMLElement).focus()
          window.scrollTo(0, 0)
        }
      },
      ended: () => {
        if (!done) refuse(progress.dataset['failed'] ?? '')
      },
    })
  })

  need('import-cancel', HTMLButtonElement).addEventListener('click', () => {
    stop?.()
    rest(progress.dataset['cancelled'])
  })
}
