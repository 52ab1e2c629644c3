/** How the draft is looked at: its size, alone on the screen, one article alone; and how much there is of it. */

import '../styles/reading.css'

import type { DraftEditor, ReadProvision } from '../editor/types'
import { obey, pressed } from '../keys/pressed'
import { signKeys } from '../keys/room'
import { articleOf } from '../model'
import { make, type Say } from '../ui/page'
import { Pause } from '../ui/pause'
import { countsOf } from './counts'
import { keepZoom, keptZoom, stepped } from './zoom'

const PAUSE_MS = 600
const LATEST_MS = 5000

export interface ReadingOptions {
  readonly say: Say
  /** Whose size is kept on this computer. */
  readonly me: string
  readonly language: string
  readonly editor: () => DraftEditor | null
  readonly nameOf: (id: string) => string
  readonly desk: HTMLElement
  readonly live: HTMLElement
}

export class ReadingView {
  readonly #counts = make('span', { className: 'view-counts' })
  readonly #size: HTMLButtonElement
  readonly #read: HTMLButtonElement
  readonly #one: HTMLButtonElement
  readonly #before: HTMLButtonElement
  readonly #after: HTMLButtonElement
  #zoom: number
  readonly #pause = new Pause(() => this.#count(), PAUSE_MS, LATEST_MS)

  constructor(private readonly options: ReadingOptions) {
    const { say, desk, me } = options
    const button = (key: string, sign: string, keys: string, act: () => void): HTMLButtonElement => {
      const one = make('button', { type: 'button', className: 'quiet', title: say(key) }, sign)
      // A sign needs a name; words are their own, and the title tells more.
      if (sign.length === 1) one.ariaLabel = say(key)
      one.dataset['keys'] = keys
      // The caret stays where it is.
      one.addEventListener('mousedown', (event) => event.preventDefault())
      one.addEventListener('click', act)
      return one
    }
    this.#zoom = keptZoom(me)
    this.#size = button('reading.actual', '', 'zoomActual', () => this.#resize(100))
    this.#before = button('reading.before', '↑', 'articleBefore', () => this.step(-1))
    this.#after = button('reading.after', '↓', 'articleAfter', () => this.step(1))
    this.#one = button('reading.one', say('reading.one_short'), 'oneArticle', () => this.toggleOne())
    this.#read = button('reading.read', say('reading.read_short'), 'read', () => this.toggleReading())
    const bar = make(
      'div',
      { className: 'view no-print', role: 'group', ariaLabel: say('reading.label') },
      this.#counts,
      button('reading.smaller', '−', 'zoomOut', () => this.#resize(stepped(this.#zoom, -1))),
      this.#size,
      button('reading.larger', '+', 'zoomIn', () => this.#resize(stepped(this.#zoom, 1))),
      this.#before,
      this.#one,
      this.#after,
      this.#read,
    )
    signKeys(bar)
    desk.append(bar)
    desk.addEventListener('keydown', (event) => this.#key(event))
    this.#resize(this.#zoom)
    this.#count()
    this.shown()
  }

  /** Somebody changed the draft. */
  changed(): void {
    this.#pause.tell()
  }

  /** What is alone on the sheet may be something else by now. */
  shown(): void {
    const only = this.options.editor()?.only ?? null
    this.#one.setAttribute('aria-pressed', String(only !== null))
    this.#before.hidden = only === null
    this.#after.hidden = only === null
  }

  /** Alone on the screen, and back. */
  toggleReading(on = !document.body.classList.contains('undisturbed')): void {
    document.body.classList.toggle('undisturbed', on)
    this.#read.setAttribute('aria-pressed', String(on))
    this.options.live.textContent = this.options.say(on ? 'reading.on' : 'reading.off')
    if (on) this.options.desk.focus()
  }

  /** The article of the caret alone on the sheet, and back. */
  toggleOne(): void {
    const editor = this.options.editor()
    if (editor === null) return
    const article = editor.only === null ? this.#article(0) : null
    if (editor.only === null && article === null) this.options.live.textContent = this.options.say('reading.no_article')
    else this.#show(article)
  }

  /** To the next article or the one before, when one is alone on the sheet. */
  step(direction: 1 | -1): void {
    const article = (this.options.editor()?.only ?? null) === null ? null : this.#article(direction)
    if (article !== null) this.#show(article)
  }

  #show(article: string | null): void {
    const { editor, live, say, nameOf } = this.options
    const here = editor()?.only ?? null
    if (editor()?.showOnly(article) !== true) return
    editor()?.commands.scrollTo(article ?? here ?? '')
    live.textContent = article === null ? say('reading.all') : say('reading.only', { where: nameOf(article) })
  }

  /** The article of the caret, or so many before or behind the one that is alone; `null` for none. */
  #article(direction: -1 | 0 | 1): string | null {
    const editor = this.options.editor()
    const all: readonly ReadProvision[] = editor?.all() ?? []
    const kinds = all.map(({ kind }) => kind)
    const from = all.findIndex(({ id }) => id === (editor?.only ?? editor?.selection().provisionId))
    if (direction === 0) return all[articleOf(kinds, from)]?.id ?? null
    for (let at = from + direction; at >= 0 && at < all.length; at += direction) if (kinds[at] === 'article') return all[at]?.id ?? null
    return null
  }

  #key(event: KeyboardEvent): void {
    obey(event, [
      [pressed(event, 'zoomIn'), () => this.#resize(stepped(this.#zoom, 1))],
      [pressed(event, 'zoomOut'), () => this.#resize(stepped(this.#zoom, -1))],
      [pressed(event, 'zoomActual'), () => this.#resize(100)],
      [pressed(event, 'close') && document.body.classList.contains('undisturbed'), () => this.toggleReading(false)],
    ])
  }

  #resize(zoom: number): void {
    this.#zoom = zoom
    keepZoom(this.options.me, zoom)
    this.#size.textContent = `${zoom}%`
    this.options.desk.style.setProperty('--zoom', String(zoom / 100))
  }

  #count(): void {
    const editor = this.options.editor()
    if (editor === null) return
    const { words, articles } = countsOf(editor.all())
    const written = (count: number): string => count.toLocaleString(this.options.language === 'en' ? 'en-GB' : 'vi-VN')
    const told = this.options.say('reading.counts', { words: written(words), articles: written(articles) })
    if (this.#counts.textContent !== told) this.#counts.textContent = told
  }
}
