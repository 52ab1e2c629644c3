/**
 * The outline's lines are moved: by pointer, by finger on the grip, by keys.
 *
 * What is lifted, and the place it would take, are held as ids: others may write meanwhile.
 */

import type { DraftEditor } from '../editor/types'
import { pressed } from '../keys/pressed'
import type { Act } from '../keys/table'
import type { Say } from './page'

/** A pointer that goes less far has pressed, not dragged. */
const NEAR = 6
/** Within so many pixels of an edge the list scrolls along. */
const EDGE = 32

export interface OutlineMoving {
  /** Draws the line anew after the list was drawn anew. */
  redraw(): void
}

interface Wanted {
  readonly list: HTMLElement
  readonly live: HTMLElement
  readonly editor: () => DraftEditor | null
  readonly say: Say
}

interface Lifted {
  readonly id: string
  /** The id of the provision it would stand before, "" for the very end, `null` for where it is. */
  before: string | null
  /** Where it may stand: kept, as a pointer asks at every move. */
  places: readonly string[]
  readonly by: 'keys' | 'pointer'
}

export function moveInOutline({ list, live, editor, say }: Wanted): OutlineMoving {
  let lifted: Lifted | null = null
  let held: { id: string; x: number; y: number; pointer: number } | null = null
  let dragged = false
  list.classList.add('can-move')

  const lines = (): HTMLElement[] => [...list.children] as HTMLElement[]
  const lineOf = (id: string): HTMLElement | undefined => lines().find((line) => line.dataset['id'] === id)
  const nameOf = (id: string): string => (lineOf(id)?.querySelector('a')?.textContent ?? '').slice(0, 80)
  /** The places the list can show; the end is shown below its last line. */
  const placesOf = (id: string): string[] => {
    const shown = new Set(lines().map((line) => line.dataset['id']))
    return (editor()?.places(id) ?? []).filter((before) => before === '' || shown.has(before))
  }
  const tell = (key: string, values: Record<string, string> = {}): void => {
    live.textContent = say(key, values)
  }

  function draw(): void {
    list.classList.toggle('is-moving', lifted !== null)
    const last = list.lastElementChild
    for (const line of lines()) {
      const { id } = line.dataset
      line.classList.toggle('is-lifted', lifted !== null && id === lifted.id)
      line.classList.toggle('drop-before', lifted !== null && lifted.before === id)
      line.classList.toggle('drop-behind', lifted?.before === '' && line === last)
    }
  }

  function end(): void {
    lifted = null
    draw()
  }

  function drop(): void {
    if (lifted === null) return
    const { id, before, by } = lifted
    end()
    if (before === null || editor()?.commands.moveBefore(id, before) !== true) {
      tell('outline.stays', { name: nameOf(id) })
      return
    }
    if (by === 'keys') lineOf(id)?.querySelector('a')?.focus()
    const place = editor()?.outline().find((item) => item.id === id)
    tell('outline.dropped', { name: [place?.label, place?.text].filter(Boolean).join(' ').slice(0, 80) })
  }

  function aim(before: string | null): void {
    if (lifted === null || lifted.before === before) return
    lifted.before = before
    draw()
    if (before === null) tell('outline.here')
    else if (before === '') tell('outline.at_end')
    else tell('outline.before', { name: nameOf(before) })
    const shown = before === '' ? list.lastElementChild : lineOf(before ?? lifted.id)
    if (lifted.by === 'keys') shown?.scrollIntoView({ block: 'nearest' })
  }

  /** The next place above or below; where it stands now is one of them. */
  function step(direction: 1 | -1): void {
    if (lifted === null) return
    const { id, before, places } = lifted
    const order = new Map(lines().map((line, at) => [line.dataset['id'] ?? '', at]))
    const at = (place: string | null): number => (place === '' ? order.size : (order.get(place ?? id) ?? 0))
    const stops = [...places, null].sort((a, b) => at(a) - at(b))
    const next = stops[stops.indexOf(before) + direction]
    if (next !== undefined) aim(next)
  }

  function lift(id: string, by: Lifted['by']): boolean {
    const places = placesOf(id)
    if (places.length === 0) {
      tell('outline.nowhere', { name: nameOf(id) })
      return false
    }
    lifted = { id, before: null, places, by }
    draw()
    if (by === 'keys') tell('outline.lifted', { name: nameOf(id) })
    return true
  }

  function cancel(): void {
    if (lifted === null) return
    const { id } = lifted
    end()
    tell('outline.stays', { name: nameOf(id) })
  }

  const acts: Readonly<Record<Exclude<Act<'outline'>, 'lift'>, () => void>> = {
    placeAbove: () => step(-1),
    placeBelow: () => step(1),
    drop,
    putBack: cancel,
  }
  list.addEventListener('keydown', (event) => {
    const id = (event.target as HTMLElement).closest('li')?.dataset['id'] ?? ''
    if (lifted === null) {
      if (!pressed(event, 'lift') || id === '' || editor() === null) return
      event.preventDefault()
      lift(id, 'keys')
      return
    }
    const act = (Object.keys(acts) as (keyof typeof acts)[]).find((name) => pressed(event, name))
    if (act === undefined) return
    event.preventDefault()
    event.stopPropagation()
    acts[act]()
  })
  list.addEventListener('focusout', (event) => {
    // A line that is drawn anew loses the focus for a moment and has it back at once.
    if (lifted?.by === 'keys' && (event.target as HTMLElement).isConnected && !list.contains(event.relatedTarget as Node | null)) cancel()
  })

  /** The place nearest to that height. */
  function placeAt({ id, places }: Lifted, y: number): string | null {
    const edges = new Map(lines().map((line) => [line.dataset['id'] ?? '', line.getBoundingClientRect().top]))
    edges.set('', list.getBoundingClientRect().bottom)
    const far = (place: string | null): number => Math.abs((edges.get(place ?? id) ?? Infinity) - y)
    return [...places, null].reduce((best, place) => (far(place) < far(best) ? place : best), null)
  }

  list.addEventListener('pointerdown', (event) => {
    const target = event.target as HTMLElement
    dragged = false
    // A finger on the words scrolls the list; on the grip it drags.
    if (event.button !== 0 || (event.pointerType === 'touch' && target.closest('.grip') === null)) return
    const id = target.closest('li')?.dataset['id'] ?? ''
    if (id !== '' && lifted === null && editor() !== null) {
      held = { id, x: event.clientX, y: event.clientY, pointer: event.pointerId }
    }
  })
  list.addEventListener('pointermove', (event) => {
    if (held === null || event.pointerId !== held.pointer) return
    if (lifted === null) {
      if (Math.hypot(event.clientX - held.x, event.clientY - held.y) < NEAR) return
      if (!lift(held.id, 'pointer')) {
        held = null
        return
      }
      dragged = true
      list.setPointerCapture(event.pointerId)
    }
    event.preventDefault()
    const pane = list.parentElement!
    const box = pane.getBoundingClientRect()
    if (event.clientY < box.top + EDGE) pane.scrollTop -= EDGE / 2
    if (event.clientY > box.bottom - EDGE) pane.scrollTop += EDGE / 2
    if (lifted !== null) aim(placeAt(lifted, event.clientY))
  })
  const release = (finish: () => void) => (event: PointerEvent) => {
    if (held === null || event.pointerId !== held.pointer) return
    held = null
    if (lifted?.by === 'pointer') finish()
  }
  list.addEventListener('pointerup', release(drop))
  list.addEventListener('pointercancel', release(cancel))
  document.addEventListener('keydown', (event) => {
    if (pressed(event, 'putBack') && lifted?.by === 'pointer') {
      held = null
      cancel()
    }
  })
  // The press that ends a drag opens nothing, and the browser drags no link.
  list.addEventListener('click', (event) => {
    if (!dragged) return
    dragged = false
    event.preventDefault()
    event.stopImmediatePropagation()
  }, true)
  list.addEventListener('dragstart', (event) => event.preventDefault())

  return {
    redraw() {
      if (lifted === null) return
      lifted.places = placesOf(lifted.id)
      if (lineOf(lifted.id) === undefined) end()
      else if (lifted.before !== null && !lifted.places.includes(lifted.before)) aim(null)
      else draw()
    },
  }
}
