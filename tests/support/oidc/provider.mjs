// An OpenID Connect provider that is none of ours (npm's oidc-provider), on a free port it prints.
// It asks for a name and lets in whoever types one; what it says of them comes in as JSON, by name.
import { createServer } from 'node:http'
import { createRequire } from 'node:module'

const { Provider } = createRequire(new URL('../../../client/package.json', import.meta.url))('oidc-provider')
const { people, client, back, after } = JSON.parse(process.argv[2])
const server = createServer()
await new Promise((listening) => server.listen(0, '127.0.0.1', listening))
const issuer = `http://127.0.0.1:${server.address().port}`
console.info = console.warn = () => undefined
const provider = new Provider(issuer, {
  clients: [{
    client_id: client.id, client_secret: client.secret, redirect_uris: [back], post_logout_redirect_uris: [after]
  }],
  claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email', 'email_verified'] },
  findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
  pkce: { required: () => true },
  cookies: { keys: ['test'] }
})
server.on('request', provider.callback())
console.log(JSON.stringify({ issuer }))
