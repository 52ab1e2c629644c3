// Reads documents as Yjs reads them: JSON lines of lists of updates (hex) in, readings out.
import { createInterface } from 'node:readline'
import { Y, bytes, hex, reading } from './document.mjs'

for await (const line of createInterface({ input: process.stdin })) {
  const doc = new Y.Doc({ gc: false })
  for (const update of JSON.parse(line)) Y.applyUpdate(doc, bytes(update))
  console.log(JSON.stringify({
    reading: reading(doc),
    state: hex(Y.encodeStateAsUpdate(doc)),
    pending: doc.store.pendingStructs !== null || doc.store.pendingDs !== null
  }))
}
