/**
 * The bell of every page: its count is kept fresh while the page can be seen, and at once when
 * something has happened in the room.
 */

const EVERY = 60_000
const SOON = 1_000
const MOST = 99

/** Something happened of which this person may be told: the bell looks. */
export function somethingHappened(): void {
  document.dispatchEvent(new Event('duthao:news'))
}

export function show(bell: HTMLElement, unread: number): void {
  const count = bell.querySelector<HTMLElement>('.bell-count')
  if (!count) return
  count.hidden = unread === 0
  count.textContent = unread > MOST ? `${MOST}+` : String(unread)
  bell.setAttribute('aria-label', (bell.dataset['label'] ?? '').replace('{n}', String(unread)))
}

async function look(bell: HTMLElement): Promise<void> {
  const answer = await fetch('/api/notifications/unread').catch(() => null)
  // Signed out, or the network away: the count stays as it was, the next look may know more.
  if (answer?.ok) show(bell, ((await answer.json()) as { unread: number }).unread)
}

export function keepFresh(bell: HTMLElement): void {
  let soon: number | undefined
  const lookSoon = (): void => {
    window.clearTimeout(soon)
    soon = window.setTimeout(() => {
      if (!document.hidden) void look(bell)
    }, SOON)
  }
  window.setInterval(() => {
    if (!document.hidden) void look(bell)
  }, EVERY)
  document.addEventListener('visibilitychange', lookSoon)
  document.addEventListener('duthao:news', lookSoon)
}
