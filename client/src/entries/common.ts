/** Every page: the styles, the bell, and a question before what cannot be undone by one click. */

import '../styles/tokens.css'
import '../styles/base.css'
import '../styles/pages.css'
import '../styles/dossiers.css'
import '../styles/print.css'
import { keepFresh } from '../ui/bell'
import { watch } from '../ui/watch'

const bell = document.getElementById('bell')
if (bell) keepFresh(bell)
for (const one of document.querySelectorAll<HTMLElement>('[data-watch]')) watch(one)

if (document.getElementById('pack-form')) void import('../ui/pack')

document.addEventListener('submit', (event) => {
  const question = (event.submitter as HTMLElement | null)?.dataset['confirm'] ?? (event.target as HTMLElement).dataset['confirm']
  if (question !== undefined && !window.confirm(question)) event.preventDefault()
})
