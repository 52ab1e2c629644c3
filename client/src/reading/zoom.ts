/** How large the sheet is shown, in per cent: steps, and what is kept for a person on this computer. */

export const STEPS = [60, 70, 80, 90, 100, 110, 125, 150, 175, 200, 250, 300] as const

/** The next step up (1) or down (-1); at the ends it stays. */
export function stepped(zoom: number, direction: 1 | -1): number {
  const next = direction === 1 ? STEPS.find((step) => step > zoom) : STEPS.findLast((step) => step < zoom)
  return next ?? zoom
}

const nameFor = (me: string): string => `duthao.zoom.${me}`

/** What was kept, 100 for nothing or nonsense. */
export function keptZoom(me: string): number {
  try {
    const kept = Number(localStorage.getItem(nameFor(me)))
    return STEPS.find((step) => step === kept) ?? 100
  } catch {
    return 100
  }
}

export function keepZoom(me: string, zoom: number): void {
  try {
    localStorage.setItem(nameFor(me), String(zoom))
  } catch {
    // Where nothing may be kept it holds for this window.
  }
}
