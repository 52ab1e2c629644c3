/** What is clicked before the part that answers it has come: answered once it is there. */

/** What `selector` names and was clicked on. What was drawn anew while the button was down gives the click to what it stands in. */
export function clickedOn(event: MouseEvent, selector: string): HTMLElement | null {
  const of = (place: EventTarget | null | undefined): HTMLElement | null =>
    place instanceof Element ? place.closest<HTMLElement>(selector) : null
  return of(event.target) ?? of(document.elementFromPoint?.(event.clientX, event.clientY))
}

/** Holds the last click in these places on what `selector` names, until it is asked for. */
export function earlyClick(places: readonly HTMLElement[], selector: string): () => MouseEvent | null {
  let held: MouseEvent | null = null
  const hold = (event: MouseEvent): void => {
    held = clickedOn(event, selector) === null ? null : event
  }
  for (const place of places) place.addEventListener('click', hold)
  return () => {
    for (const place of places) place.removeEventListener('click', hold)
    return held
  }
}
