/** The page "Nhập văn bản": a file is sent with its progress shown, and may be stopped. Without script the form does. */

import { need } from '../ui/page'
import { send } from '../ui/sending'

const form = document.getElementById('import-form')

if (form instanceof HTMLFormElement) {
  const progress = need('import-progress', HTMLElement)
  const step = need('import-step', HTMLElement)
  const bar = need('import-bar', HTMLProgressElement)
  const button = need('import-send', HTMLButtonElement)
  const refusal = need('import-refusal', HTMLElement)
  let stop: (() => void) | undefined

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

  form.addEventListener('submit', (event) => {
    event.preventDefault()
    if (stop) return
    refusal.replaceChildren()
    progress.hidden = bar.hidden = need('import-cancel', HTMLElement).hidden = false
    step.textContent = progress.dataset['sending'] ?? ''
    button.disabled = true
    let done = false
    stop = send(form, {
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
          // Our own server's page, every word in it escaped there.
          need('main', HTMLElement).innerHTML = line.html
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
