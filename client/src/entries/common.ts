/** Every page: the styles, and a question before what cannot be undone by one click. */

import '../styles/tokens.css'
import '../styles/base.css'
import '../styles/pages.css'
import '../styles/print.css'

document.addEventListener('submit', (event) => {
  const question = (event.submitter as HTMLElement | null)?.dataset['confirm'] ?? (event.target as HTMLElement).dataset['confirm']
  if (question !== undefined && !window.confirm(question)) event.preventDefault()
})
