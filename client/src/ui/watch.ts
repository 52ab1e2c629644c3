/** Work that goes on at the server: how far it is, asked for until it has ended; then the page is read anew. */

const EVERY_MS = 1000

interface Far {
  running: boolean
  done: number
  of: number
}

/** `here` names the address that tells (`data-watch`) and holds a `progress`. Without us its link does. */
export function watch(here: HTMLElement): void {
  const bar = here.querySelector('progress')
  const address = here.dataset['watch'] ?? ''
  const look = async (): Promise<void> => {
    try {
      const answer = await fetch(address, { headers: { Accept: 'application/json' } })
      const far = (answer.ok ? await answer.json() : undefined) as Far | undefined
      if (far && !far.running) return window.location.replace(window.location.pathname)
      if (far && bar && far.of > 0) [bar.max, bar.value] = [far.of, far.done]
    } catch {
      // Out of reach for now: asked again.
    }
    setTimeout(() => void look(), EVERY_MS)
  }
  setTimeout(() => void look(), EVERY_MS)
}
