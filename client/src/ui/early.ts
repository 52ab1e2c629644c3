/** What is clicked before the part that answers it has come: answered once it is there. */

/** Holds the last click in these places on what `selector` names, until it is asked for. */
export function earlyClick(places: readonly HTMLElement[], selector: string): () => MouseEvent | null {
  let held: MouseEvent | null = null
  const hold = (event: MouseEvent): void => {
    held = event.target instanceof Element && event.target.closest(selector) ? event : null
  }
  for (const place of places) place.addEventListener('click', hold)
  return () => {
    for (const place of places) place.removeEventListener('click', hold)
    return held
  }
}
