// The making of empty reasons as the browser does it (client/src/model/provisions.ts), as JSON:
// `node reasons.mjs ID…` prints one update in hex for each id.
import { Y, hex } from './document.mjs'

function clientOf (id) {
  let hash = 0x811c9dc5
  for (let at = 0; at < id.length; at += 1) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193)
  return hash >>> 0
}

console.log(JSON.stringify(process.argv.slice(2).map((id) => {
  const maker = new Y.Doc()
  maker.clientID = clientOf(id)
  maker.getMap('rationale').set(id, new Y.Text())
  return hex(Y.encodeStateAsUpdate(maker))
})))
