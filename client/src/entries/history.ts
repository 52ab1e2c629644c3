/** The history page: a slider over the moments of a document; the server renders each. */

import '../styles/history.css'

import { dayOf, groups, led, momentOf, placeOf, type Stop } from '../history/slider'
import { drawn } from '../ui/markup'
import { make, need, sayer } from '../ui/page'

interface HistoryData {
  readonly messages: Readonly<Record<string, string>>
  readonly stops: readonly Stop[]
  readonly people: Readonly<Record<string, { readonly name: string; readonly color: string }>>
  readonly at: number
  /** After this nothing of what is shown changed: it is what the draft says now. */
  readonly newest: number
}

/** Texts of moments kept, so that going back is at once. */
const KEPT = 40
const PLAY_MS = 1200

const data = JSON.parse(need('page-data', HTMLElement).textContent ?? '') as HistoryData
const say = sayer(data.messages)
const { stops } = data
const text = need('history-text', HTMLElement)
const range = need('moment', HTMLInputElement)
const now = need('moment-now', HTMLOutputElement)
const play = need('play', HTMLButtonElement)
const fix = need('fix', HTMLButtonElement)
const filter = need('filter', HTMLFormElement)

/** A moment asked for from outside the stops shown stays as it is until somebody moves. */
let place = placeOf(stops, data.at)
/** The moment that all others are held against, when somebody chose one. */
let fixed: number | null = null
let timer: ReturnType<typeof setTimeout> | undefined
let asked = 0
const texts = new Map<string, Promise<string>>()

const nameOf = (id: string): string => data.people[id]?.name ?? ''

/** What is shown: a moment, and the one it is held against when that is not simply the one before. */
interface Shown {
  readonly seq: number
  readonly before: number
  readonly since?: number
}

const shownAt = (stop: Stop): Shown => ({
  seq: stop.seq,
  before: stop.since,
  ...(fixed === null ? {} : { since: Math.min(fixed, stop.seq) }),
})

function query(shown: Shown): URLSearchParams {
  const found = new URLSearchParams(location.search)
  found.set('at', String(shown.seq))
  if (shown.since === undefined) found.delete('since')
  else found.set('since', String(shown.since))
  return found
}

async function fetchText(shown: Shown): Promise<string> {
  const wanted = query(shown)
  if (!wanted.has('since')) wanted.set('since', String(shown.before))
  if (shown.seq >= data.newest) wanted.set('newest', '1')
  const key = wanted.toString()
  let found = texts.get(key)
  if (found === undefined) {
    found = fetch(`${location.pathname}/text?${key}`).then(async (answer) => {
      if (!answer.ok) throw new Error(String(answer.status))
      return await answer.text()
    })
    texts.set(key, found)
    // A failure is not kept: the next visit asks again.
    found.catch(() => texts.delete(key))
    for (const oldest of texts.keys()) {
      if (texts.size <= KEPT) break
      texts.delete(oldest)
    }
  }
  return await found
}

async function show(shown: Shown): Promise<void> {
  asked += 1
  const mine = asked
  text.setAttribute('aria-busy', 'true')
  try {
    const html = await fetchText(shown)
    if (mine !== asked) return
    text.replaceChildren(drawn(html))
    history.replaceState(null, '', `${location.pathname}?${query(shown)}`)
    text.querySelector('.line.altered')?.scrollIntoView({ block: 'nearest' })
  } catch {
    if (mine !== asked) return
    text.prepend(make('p', { className: 'notice notice-bad', role: 'alert' }, say('history.failed')))
    stopPlaying()
  } finally {
    if (mine === asked) text.removeAttribute('aria-busy')
  }
}

function goTo(wanted: number): void {
  const stop = stops[wanted]
  if (stop === undefined) return
  place = wanted
  mark(stop.seq)
  void show(shownAt(stop))
  // The next one is likely asked for: it is there when it is.
  const next = stops[wanted + 1]
  if (next !== undefined) void fetchText(shownAt(next)).catch(() => {})
}

/** The slider, its words and the list of sittings at this moment. */
function mark(seq: number): void {
  const stop = stops[place]
  if (stop === undefined) return
  range.value = String(place)
  const said = `${momentOf(stop.at)} · ${nameOf(stop.user)}`
  now.textContent = said
  range.setAttribute('aria-valuetext', said)
  for (const one of need('strip', HTMLElement).children)
    one.classList.toggle('here', (one as HTMLElement).dataset['sitting'] === String(stop.sitting))
  for (const link of document.querySelectorAll<HTMLAnchorElement>('#sittings a')) {
    const current = Number(link.dataset['last']) === stop.sitting
    if (current) link.setAttribute('aria-current', 'true')
    else link.removeAttribute('aria-current')
    if (current && stop.sitting === seq) link.scrollIntoView({ block: 'nearest' })
  }
  need('earlier', HTMLButtonElement).disabled = place <= 0
  need('later', HTMLButtonElement).disabled = place >= stops.length - 1
}

function stopPlaying(): void {
  clearTimeout(timer)
  timer = undefined
  play.setAttribute('aria-pressed', 'false')
  play.querySelector('span')!.textContent = say('history.play')
}

function step(): void {
  if (place >= stops.length - 1) {
    stopPlaying()
    return
  }
  goTo(place + 1)
  timer = setTimeout(step, PLAY_MS)
}

function showFixed(): void {
  fix.setAttribute('aria-pressed', String(fixed !== null))
  fix.textContent = say(fixed === null ? 'history.fix' : 'history.unfix')
  const stop = fixed === null ? undefined : stops[placeOf(stops, fixed)]
  need('fixed-said', HTMLElement).textContent = stop === undefined ? '' : say('history.fixed', { at: momentOf(stop.at) })
}

function draw(): void {
  range.max = String(Math.max(stops.length - 1, 0))
  need('strip', HTMLElement).replaceChildren(
    ...groups(stops, (stop) => stop.sitting).map(({ key, count, first }) => {
      const one = make('span', { title: nameOf(first.user) })
      one.style.flexGrow = String(count)
      one.style.setProperty('--person', data.people[first.user]?.color ?? '')
      one.dataset['sitting'] = String(key)
      return one
    }),
  )
  need('days', HTMLElement).replaceChildren(
    ...groups(stops, (stop) => dayOf(stop.at)).map(({ key, count }) => {
      const one = make('span', {}, key)
      one.style.flex = `${count} 1 0`
      return one
    }),
  )
  need('slider', HTMLElement).hidden = stops.length === 0
  showFixed()
  mark(data.at)
}

range.addEventListener('input', () => goTo(Number(range.value)))
range.addEventListener('keydown', (event) => {
  const wanted = led(stops, place, event.key)
  if (wanted === null || event.ctrlKey || event.altKey || event.metaKey) return
  event.preventDefault()
  if (wanted !== place) goTo(wanted)
})
need('earlier', HTMLButtonElement).addEventListener('click', () => goTo(place - 1))
need('later', HTMLButtonElement).addEventListener('click', () => goTo(place + 1))
play.addEventListener('click', () => {
  if (timer !== undefined) {
    stopPlaying()
    return
  }
  play.setAttribute('aria-pressed', 'true')
  play.querySelector('span')!.textContent = say('history.stop')
  // From the end it begins again, as any player does.
  if (place >= stops.length - 1) place = -1
  step()
})
fix.addEventListener('click', () => {
  const stop = stops[place]
  fixed = fixed === null && stop !== undefined ? stop.seq : null
  showFixed()
  if (stop !== undefined) goTo(place)
})
need('sittings', HTMLElement).addEventListener('click', (event) => {
  const link = (event.target as HTMLElement).closest('a')
  if (link === null || event.ctrlKey || event.metaKey || event.shiftKey) return
  event.preventDefault()
  stopPlaying()
  const seq = Number(link.dataset['last'])
  place = placeOf(stops, seq)
  mark(seq)
  // A sitting is shown whole: what it began with, against what it ended with.
  void show({ seq, before: seq, since: Number(link.dataset['since']) })
})
need('changed-only', HTMLInputElement).addEventListener('change', (event) => {
  text.classList.toggle('changed-only', (event.target as HTMLInputElement).checked)
})
need('filter-go', HTMLButtonElement).hidden = true
filter.addEventListener('change', () => filter.requestSubmit())

draw()
