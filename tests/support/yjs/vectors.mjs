// The conformance vectors of duthao/collab/conformance.py, made by Yjs: printed as JSON.
import { createRequire } from 'node:module'
const require = createRequire(new URL('../../../client/package.json', import.meta.url))
const Y = require('yjs')

const hex = (bytes) => Buffer.from(bytes).toString('hex')

function editing (clientID) {
  const doc = new Y.Doc()
  doc.clientID = clientID
  const updates = []
  doc.on('update', (update) => updates.push(hex(update)))
  return { doc, updates }
}

function provision (doc, id, words) {
  const entry = new Y.Map()
  entry.set('text', new Y.Text(words))
  doc.getMap('provisions').set(id, entry)
}
const textOf = (doc, id) => doc.getMap('provisions').get(id).get('text')

// Deleted words stay deleted, in whatever order the updates come.
const deleted = editing(11)
provision(deleted.doc, 'a', 'Điều một')
textOf(deleted.doc, 'a').insert(8, ' và hai')
textOf(deleted.doc, 'a').delete(4, 8)
textOf(deleted.doc, 'a').insert(0, '🙂')

// Several updates merged before what they lean on has come.
const merged = editing(12)
provision(merged.doc, 'a', 'x')
textOf(merged.doc, 'a').insert(1, 'y')
textOf(merged.doc, 'a').insert(2, 'z')
const late = hex(Y.mergeUpdates(merged.updates.slice(1).map((u) => Buffer.from(u, 'hex'))))

// Two people insert at the beginning of the same row and text.
const first = editing(13)
provision(first.doc, 'a', 'mở đầu')
const row = first.doc.getMap('provisions').get('a')
row.set('cells', Y.Array.from([new Y.Text('3')]))
const second = editing(14)
for (const update of first.updates) Y.applyUpdate(second.doc, Buffer.from(update, 'hex'))
second.updates.length = 0
for (const [side, mark] of [[first, '1'], [second, '2']]) {
  const entry = side.doc.getMap('provisions').get('a')
  side.doc.transact(() => {
    entry.get('cells').insert(0, [new Y.Text(mark)])
    entry.get('text').insert(0, mark)
  })
}
const both = [...first.updates, ...second.updates]
const merging = new Y.Doc()
for (const update of both) Y.applyUpdate(merging, Buffer.from(update, 'hex'))

console.log(JSON.stringify({
  deleted: { updates: deleted.updates, text: textOf(deleted.doc, 'a').toString() },
  merged: { updates: [late, merged.updates[0]], text: textOf(merged.doc, 'a').toString() },
  beginning: {
    updates: both,
    text: textOf(merging, 'a').toString(),
    cells: merging.getMap('provisions').get('a').get('cells').toArray().map(String)
  }
}, null, 1))
