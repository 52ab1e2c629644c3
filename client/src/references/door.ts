/** The way to references: kept once the sheet stands there, chosen when asked for. */

import { Lazily } from '../ui/lazily'
import type { Keeping, KeepingOptions } from './keeping'
import type { Picker } from './picker'

const IDLE_MS = 1000

export class ReferencesDoor {
  readonly #keeping: Lazily<Keeping>
  readonly #picker: Lazily<Picker>

  constructor(
    private readonly options: KeepingOptions,
    sheet: HTMLElement,
    main: HTMLElement,
  ) {
    this.#keeping = Lazily.of(() => import('./keeping'), ({ Keeping: Made }) => new Made(options))
    this.#picker = Lazily.of(() => import('./picker'), ({ Picker: Made }) => new Made({ say: options.say, editor: options.editor, live: options.said, main }))
    sheet.addEventListener('click', (event) => {
      if (event.ctrlKey || event.metaKey) this.#follow(event)
    })
  }

  start(): void {
    setTimeout(() => this.#keeping.use((keeping) => keeping.changed()), IDLE_MS)
  }

  changed(): void {
    this.#keeping.tell((keeping) => keeping.changed())
  }

  insert(): void {
    this.#picker.use((picker) => picker.open())
  }

  #follow(event: MouseEvent): void {
    const editor = this.options.editor()
    const place = editor?.at(event.clientX, event.clientY) ?? null
    if (place === null) return
    this.#keeping.tell((keeping) => {
      const link = keeping.at(place.id, place.offset)
      if (link !== null) editor?.commands.scrollTo(link.target)
    })
  }
}
