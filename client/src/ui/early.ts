/** What is clicked before the part that answers it has come: answered once it is there. */

/** Holds the last click in these places on what `selector` names, until it is asked for. */
export function earlyClick(places: readonly HTMLElement[], selector: string): () => MouseEvent | null {
  let held: MouseEvent | null = null
  const names = (place: EventTarget | null | undefined): boolean => place instanceof Element && place.closest(selector) !== null
  const hold = (event: MouseEvent): void => {
    // What was drawn anew while the button was down gives the click to what it stands in.
    held = names(event.target) || names(document.elementFromPoint?.(event.clientX, event.clientY)) ? event : null
  }
  for (const place of places) place.addEventListener('click', hold)
  return () => {
    for (const place of places) place.removeEventListener('click', hold)
    return held
  }
}
