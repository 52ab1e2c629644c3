/** Folding in the sheet: a sign beside the unit of the caret or the pointer, keys, all at once. */

import '../styles/folding.css'

import type { DraftEditor, OutlineItem } from '../editor/types'
import { signKeys } from '../keys/room'
import { make, type Say } from '../ui/page'
import { foldable, toggled, unitAt } from './folding'

/** How far in front of its unit the sign stands. */
const SIGN = 28

export interface FoldingOptions {
  readonly say: Say
  readonly editor: () => DraftEditor | null
  readonly items: () => readonly OutlineItem[]
  readonly nameOf: (id: string) => string
  readonly desk: HTMLElement
  readonly sheet: HTMLElement
  /** Above the outline. */
  readonly head: HTMLElement
  readonly live: HTMLElement
}

export class FoldingView {
  readonly #sign: HTMLButtonElement
  readonly #all: HTMLButtonElement
  /** The unit the pointer is over, before the one of the caret. */
  #over: string | null = null
  #at: string | null = null
  #can: ReadonlySet<string> = new Set()
  #frame = 0

  constructor(private readonly options: FoldingOptions) {
    const { desk, sheet, head, say } = options
    this.#sign = make('button', { type: 'button', className: 'fold-sign no-print', hidden: true })
    this.#all = make('button', { type: 'button', className: 'small quiet', title: say('folding.all_title') })
    this.#all.dataset['keys'] = 'foldAll'
    for (const button of [this.#sign, this.#all])
      // The caret stays where it is.
      button.addEventListener('mousedown', (event) => event.preventDefault())
    this.#sign.addEventListener('click', () => {
      if (this.#at !== null) this.toggle(this.#at)
    })
    this.#all.addEventListener('click', () => this.toggleAll())
    desk.append(this.#sign)
    head.append(this.#all)
    signKeys(head)
    sheet.addEventListener('pointerover', (event) => this.#point(event))
    new ResizeObserver(() => this.changed()).observe(sheet)
    this.changed()
  }

  /** The draft, the caret or what is folded changed. */
  changed(): void {
    if (this.#frame !== 0) return
    this.#frame = requestAnimationFrame(() => {
      this.#frame = 0
      this.#draw()
    })
  }

  /** Folds or opens this unit, or the one of the caret. */
  toggle(id = this.#atCaret()): void {
    const { editor, say, live, nameOf } = this.options
    const now = editor()
    if (now === null) return
    if (id === null || !foldable(this.options.items()).has(id)) {
      live.textContent = say('folding.none')
      return
    }
    now.fold(toggled(now.folded, id))
    const where = nameOf(id).replace(/\.$/, '')
    live.textContent = say(now.folded.has(id) ? 'folding.folded' : 'folding.opened', { where, count: this.#beneath(id) })
  }

  toggleAll(): void {
    const { editor, items, say, live } = this.options
    const can = foldable(items())
    const fold = !this.#anyFolded()
    editor()?.fold(fold ? can : new Set())
    live.textContent = fold ? say('folding.all_folded', { count: can.size }) : say('folding.all_opened')
  }

  #beneath(id: string): number {
    const items = this.options.items()
    const from = items.findIndex((item) => item.id === id)
    const level = items[from]?.level ?? 0
    const end = items.findIndex((item, at) => at > from && item.level <= level)
    return (end < 0 ? items.length : end) - from - 1
  }

  #anyFolded(): boolean {
    const can = foldable(this.options.items())
    return [...(this.options.editor()?.folded ?? [])].some((id) => can.has(id))
  }

  #atCaret(): string | null {
    const id = this.options.editor()?.selection().provisionId ?? null
    return id === null ? null : unitAt(this.options.items(), id)
  }

  #point(event: PointerEvent): void {
    if (event.pointerType === 'touch') return
    const block = event.target instanceof Element ? event.target.closest<HTMLElement>('.provision') : null
    const id = block?.dataset['id'] ?? null
    this.#over = id !== null && this.#can.has(id) ? id : null
    this.changed()
  }

  #draw(): void {
    const { editor, items, say, desk, sheet, nameOf } = this.options
    const now = editor()
    if (now === null) return
    this.#can = foldable(items())
    this.#all.textContent = say(this.#anyFolded() ? 'folding.open_all' : 'folding.fold_all')
    this.#all.hidden = this.#can.size === 0
    const id = this.#over !== null && this.#can.has(this.#over) ? this.#over : this.#atCaret()
    const block = id === null ? null : sheet.querySelector(`.provision[data-id="${CSS.escape(id)}"]`)
    this.#at = id
    this.#sign.hidden = block === null || block.getClientRects().length === 0
    if (block === null || id === null) return
    const [seen, paper, box] = [desk.getBoundingClientRect(), sheet.parentElement!.getBoundingClientRect(), block.getBoundingClientRect()]
    this.#sign.style.insetBlockStart = `${Math.round(box.top - seen.top + desk.scrollTop)}px`
    this.#sign.style.insetInlineStart = `${Math.round(Math.max(paper.left, box.left - SIGN) - seen.left)}px`
    const folded = now.folded.has(id)
    this.#sign.setAttribute('aria-expanded', String(!folded))
    this.#sign.ariaLabel = say(folded ? 'folding.open' : 'folding.fold', { where: nameOf(id).replace(/\.$/, '') })
    this.#sign.title = this.#sign.ariaLabel
  }
}
