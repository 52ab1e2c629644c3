/** Words of an earlier visit that come back by themselves: merged and said, or set aside to be copied. */

import { momentOf } from '../history/slider'
import { BrowserStore, Keeping } from '../sync/kept'
import { canWrite, type SyncState } from '../sync/state'
import type { Keeper } from './aside'
import { make, type PageData, type Say } from './page'

/** Where the document's lead has it so; else what earlier visits kept is brought home once and nothing is kept. */
export class Kept {
  readonly #keeping: Keeping

  constructor(
    private readonly keeper: Keeper,
    data: PageData,
    private readonly say: Say,
  ) {
    const { document, user } = data
    this.#keeping = new Keeping({
      doc: keeper.doc,
      store: new BrowserStore(),
      document: document.id,
      user: user.id,
      generation: document.generation,
      keeps: document.kept_locally,
      words: () => keeper.unsentWords(),
    })
  }

  follow(state: SyncState): void {
    this.#keeping.follow(state)
  }

  /** Called once the server's copy is there; a notice comes before `place`. */
  async bring(state: SyncState, place: HTMLElement): Promise<void> {
    const found = await this.#keeping.recover(canWrite(state.role))
    const merged = found.filter(({ kind }) => kind === 'merged').at(-1)
    for (const one of found) if (one.kind === 'words') this.keeper.setAside(one.provisions, one.at)
    if (merged === undefined) return
    const done = make('button', { type: 'button' }, this.say('room.close'))
    const notice = make('div', { className: 'notice' }, make('p', { role: 'status' }, this.say('room.kept.merged', { at: momentOf(merged.at) })), make('p', { className: 'actions' }, done))
    notice.id = 'kept'
    done.addEventListener('click', () => notice.remove())
    place.before(notice)
  }
}
