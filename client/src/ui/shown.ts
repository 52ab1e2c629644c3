/** Where a block of the sheet stands; one that is hidden stands where the nearest one shown above it ends. */

export interface Lines {
  readonly top: number
  readonly bottom: number
  readonly height: number
}

export function standing(block: Element | null | undefined): Lines {
  for (let above = block; above; above = above.previousElementSibling) {
    if (above.getClientRects().length === 0) continue
    const { top, bottom, height } = above.getBoundingClientRect()
    return above === block ? { top, bottom, height } : { top: bottom, bottom, height: 0 }
  }
  return { top: -Infinity, bottom: -Infinity, height: 0 }
}
