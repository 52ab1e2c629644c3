// The shared document in plain Yjs: a reading of it that shares no code with ours.
import { createRequire } from 'node:module'
const require = createRequire(new URL('../../../client/package.json', import.meta.url))
export const Y = require('yjs')

export const hex = (bytes) => Buffer.from(bytes).toString('hex')
export const bytes = (text) => Uint8Array.from(Buffer.from(text, 'hex'))

const KINDS = 'part chapter section subsection heading article clause point indent paragraph table row appendix'.split(' ')
const TEXTS = 'upper_body body number place date type title authority position signatory'.split(' ')
const LISTS = 'bases preamble closing recipients'.split(' ')
const MARKS = ['bold', 'italic', 'underline']
const string = (value) => (typeof value === 'string' ? value : null)

function marksOf (text) {
  const marks = []
  for (const kind of MARKS) {
    let at = 0
    let open = null
    for (const { insert, attributes } of text.toDelta()) {
      if (typeof insert !== 'string') continue
      if (attributes?.[kind] === true) {
        open ??= at
      } else if (open !== null) {
        marks.push([kind, open, at])
        open = null
      }
      at += [...insert].length
    }
    if (open !== null) marks.push([kind, open, at])
  }
  return marks.sort((a, b) => a[1] - b[1] || a[2] - b[2] || (a[0] < b[0] ? -1 : 1))
}

const before = (a, b) => (a === b ? 0 : a < b ? -1 : 1)

function provisions (doc, removed) {
  const found = []
  for (const [id, entry] of doc.getMap('provisions').entries()) {
    if (!(entry instanceof Y.Map) || id.length < 1 || id.length > 40) continue
    const text = entry.get('text')
    if (!(text instanceof Y.Text) || (entry.get('removed') === true) !== removed) continue
    const cells = entry.get('cells')
    if (removed && text.toString().trim() === '' && !(cells instanceof Y.Array)) continue
    found.push({
      id,
      kind: KINDS.includes(entry.get('kind')) ? entry.get('kind') : 'paragraph',
      order: string(entry.get('order')) ?? '',
      text: text.toString(),
      marks: marksOf(text),
      label: string(entry.get('label')),
      from: string(entry.get('from')),
      cells: cells instanceof Y.Array ? cells.map((cell) => (cell instanceof Y.Text ? cell.toString() : '')) : []
    })
  }
  return found.sort((a, b) => before(a.order, b.order) || before(a.id, b.id))
}

export function reading (doc) {
  const front = doc.getMap('front')
  const lines = (value) => (Array.isArray(value) ? value.filter((line) => typeof line === 'string') : [])
  const rationale = {}
  for (const [id, text] of [...doc.getMap('rationale').entries()].sort((a, b) => before(a[0], b[0]))) {
    if (text instanceof Y.Text && text.length > 0 && id.length <= 40) rationale[id] = text.toString()
  }
  return {
    provisions: provisions(doc, false),
    removed: provisions(doc, true),
    rationale,
    front: Object.fromEntries([
      ...TEXTS.map((key) => [key, string(front.get(key)) ?? '']),
      ...LISTS.map((key) => [key, lines(front.get(key))])
    ]),
    policy: front.get('numbering') === 'keep' ? 'keep' : 'renumber'
  }
}
