// Random histories of our document, made by Yjs: `node history.mjs FIRST_SEED COUNT STEPS [halves]`.
//
// One JSON line a history: the updates in the order a server got them, and how Yjs reads the
// document after all of them. Several people edit at once, go offline, come back with their
// whole difference (others' edits in it, when they heard them first), send edits merged into one
// update, undo and redo. With `halves`, deletions may cut an emoji in two.
import { Y, bytes, hex, reading } from './document.mjs'

const [firstSeed, count, steps] = process.argv.slice(2, 5).map(Number)
const halves = process.argv[5] === 'halves'

function chance (seed) { // mulberry32
  return () => {
    seed = (seed + 0x6d2b79f5) | 0
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296
  }
}

const WORDS = ['Đảng ủy ', 'lãnh đạo ', 'cơ quan', '😀', '👨‍👩‍👧', 'quyết nghị'.normalize('NFD'), ' ', 'a', 'ộ', '𠮷 ', '5', '\u00a0', '“”']
const KINDS = ['chapter', 'article', 'clause', 'point', 'paragraph', 'row', 'table']
const DIGITS = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'

class Person {
  constructor (number, server, random) {
    this.random = random
    this.server = server
    this.doc = new Y.Doc({ gc: number % 2 === 0 })
    this.doc.clientID = 1000 + number * 7919 + Math.floor(random() * 1000)
    this.offline = false
    this.held = []
    this.synchronise()
    this.roots = ['provisions', 'rationale', 'front'].map((name) => this.doc.getMap(name))
    this.undo = new Y.UndoManager(this.roots, { trackedOrigins: new Set(['me']), captureTimeout: 0 })
    this.doc.on('update', (update, origin, _doc, transaction) => {
      if (transaction.local) this.send(update)
    })
  }

  send (update) {
    if (this.offline) return
    if (this.held.length > 0 || this.random() < 0.2) this.held.push(update)
    else this.server.receive(update)
    if (this.held.length > 0 && this.random() < 0.4) this.flush()
  }

  flush () {
    if (this.held.length > 0) this.server.receive(Y.mergeUpdates(this.held))
    this.held = []
  }

  receive () {
    Y.applyUpdate(this.doc, Y.encodeStateAsUpdate(this.server.doc, Y.encodeStateVector(this.doc)))
  }

  /** As on the wire: one's whole difference goes out before the server's comes in. */
  synchronise () {
    this.server.receive(Y.encodeStateAsUpdate(this.doc, Y.encodeStateVector(this.server.doc)))
    this.held = []
    this.receive()
  }

  int (below) { return Math.floor(this.random() * below) }
  pick (list) { return list[this.int(list.length)] }
  words () { return Array.from({ length: 1 + this.int(4) }, () => this.pick(WORDS)).join('') }
  entry () { return this.pick([...this.doc.getMap('provisions').values()]) }

  /** An offset that does not stand inside a surrogate pair (unless halves are asked for). */
  offset (text) {
    const at = this.int(text.length + 1)
    const unit = text.toString().charCodeAt(at)
    return !halves && unit >= 0xdc00 && unit < 0xe000 ? at - 1 : at
  }

  type (text) {
    const start = this.offset(text)
    const end = this.offset(text)
    const choice = this.random()
    if (choice < 0.5 || text.length === 0) text.insert(start, this.words())
    else if (choice < 0.8) text.delete(Math.min(start, end), Math.abs(start - end))
    else if (start !== end) {
      const value = this.random() < 0.7 ? true : null
      text.format(Math.min(start, end), Math.abs(start - end), { [this.pick(['bold', 'italic', 'underline'])]: value })
    }
  }

  make () {
    const entry = new Y.Map()
    const id = Array.from({ length: 16 }, () => this.pick([...DIGITS])).join('')
    const kind = this.pick(KINDS)
    entry.set('kind', kind)
    entry.set('order', this.pick([...DIGITS].slice(1)) + this.pick([...DIGITS].slice(1)))
    entry.set('text', new Y.Text(this.random() < 0.5 ? this.words() : ''))
    entry.set('removed', true)
    if (this.random() < 0.3) entry.set('label', this.pick(['5a', 'II', 'đ1']))
    if (this.random() < 0.2) entry.set('from', 'somewhere')
    if (kind === 'row') entry.set('cells', Y.Array.from([new Y.Text(this.words()), new Y.Text('')]))
    this.doc.getMap('provisions').set(id, entry)
    this.doc.transact(() => entry.delete('removed'), 'me')
  }

  reason () {
    const ids = [...this.doc.getMap('provisions').keys()]
    if (ids.length === 0) return
    const map = this.doc.getMap('rationale')
    const id = this.pick(ids)
    if (!map.has(id)) map.set(id, new Y.Text())
    this.type(map.get(id))
  }

  front () {
    const map = this.doc.getMap('front')
    const choice = this.random()
    if (choice < 0.4) map.set(this.pick(['title', 'body', 'date']), this.words())
    else if (choice < 0.8) map.set(this.pick(['bases', 'closing']), [this.words(), this.words()])
    else map.set('numbering', this.pick(['keep', 'renumber']))
  }

  cells (entry) {
    const cells = entry.get('cells')
    if (!(cells instanceof Y.Array)) return
    const choice = this.random()
    if (choice < 0.3 || cells.length === 0) cells.insert(this.int(cells.length + 1), [new Y.Text(this.words())])
    else if (choice < 0.5) cells.delete(this.int(cells.length), 1)
    else this.type(cells.get(this.int(cells.length)))
  }

  edit () {
    const entry = this.entry()
    const choice = this.random()
    if (entry === undefined || choice < 0.12) return this.make()
    if (choice < 0.6) return this.type(entry.get('text'))
    if (choice < 0.68) return this.cells(entry)
    if (choice < 0.74) return entry.set('order', this.pick([...DIGITS].slice(1)))
    if (choice < 0.78) return entry.set('kind', this.pick(KINDS))
    if (choice < 0.82) return entry.set('label', this.words())
    if (choice < 0.87) return entry.set('removed', true)
    if (choice < 0.9) return entry.delete('removed')
    if (choice < 0.95) return this.reason()
    this.front()
  }

  step () {
    const choice = this.random()
    if (choice < 0.06) this.offline ? this.comeBack() : (this.flush(), this.offline = true)
    else if (choice < 0.13) this.undo.undo()
    else if (choice < 0.17) this.undo.redo()
    else if (choice < 0.3 && !this.offline) this.receive()
    else if (this.random() < 0.2) this.doc.transact(() => { this.edit(); this.edit(); this.edit() }, 'me')
    else this.doc.transact(() => this.edit(), 'me')
  }

  /** Two browser windows on one machine: this one hears the other without the server. */
  overhear (other) {
    if (this.offline && other !== this) Y.applyUpdate(this.doc, Y.encodeStateAsUpdate(other.doc, Y.encodeStateVector(this.doc)))
  }

  comeBack () {
    this.offline = false
    this.synchronise()
  }
}

class Server {
  constructor () {
    this.doc = new Y.Doc({ gc: false })
    this.updates = []
    // Yjs tidies formats after others' edits, in a change of its own: part of the history too.
    this.doc.on('update', (update, _origin, _doc, transaction) => {
      if (transaction.local) this.updates.push(hex(update))
    })
  }

  receive (update) {
    this.updates.push(hex(update))
    Y.applyUpdate(this.doc, bytes(hex(update)))
  }
}

for (let seed = firstSeed; seed < firstSeed + count; seed += 1) {
  const random = chance(seed)
  const server = new Server()
  const people = Array.from({ length: 2 + Math.floor(random() * 3) }, (_, n) => new Person(n, server, random))
  const somebody = () => people[Math.floor(random() * people.length)]
  for (let n = 0; n < steps; n += 1) {
    somebody().step()
    if (random() < 0.03) somebody().overhear(somebody())
  }
  for (const person of people) { person.flush(); person.comeBack() }
  for (const person of people) person.receive()
  const readings = new Set(people.map((person) => JSON.stringify(reading(person.doc))))
  console.log(JSON.stringify({ seed, updates: server.updates, reading: reading(server.doc), agreed: readings.size === 1 && readings.has(JSON.stringify(reading(server.doc))) }))
}
