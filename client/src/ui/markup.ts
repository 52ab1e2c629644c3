/**
 * HTML becomes nodes here and nowhere else (Trusted Types, W3C): the header the service sends lets no other
 * part of ours do it, and this part gives nodes out, never the power to make them.
 */

interface Policy {
  createHTML(html: string): string
}

/** What a browser with Trusted Types has; the words of the specification, as far as we need them. */
interface Trusting {
  trustedTypes?: { createPolicy(name: string, rules: { createHTML(html: string): string }): Policy }
}

/** What runs, loads or leads elsewhere by itself: no part of ours has it, and from nobody else is it taken. */
const ACTIVE = 'script, style, link, meta, base, iframe, frame, object, embed, portal, foreignObject, animate, set'
const ADDRESSES = new Set(['href', 'xlink:href', 'src', 'action', 'formaction', 'poster', 'data'])
const SCHEMES = new Set(['http:', 'https:', 'mailto:'])

const POLICY = (window as Trusting).trustedTypes?.createPolicy('duthao', { createHTML: (html) => html })

/** A browser without Trusted Types takes the string itself. */
function trusted(html: string): string {
  return POLICY === undefined ? html : POLICY.createHTML(html)
}

function leads(address: string): boolean {
  if (address.startsWith('data:image/')) return true
  return URL.canParse(address, location.href) && SCHEMES.has(new URL(address, location.href).protocol)
}

/**
 * The nodes of a part of a page that our own server drew. Every word in it is escaped there; should one ever
 * not be, what could act is taken out: elements that run or load, `on…` attributes, addresses with a scheme
 * of their own.
 */
export function drawn(html: string): DocumentFragment {
  const template = document.createElement('template')
  template.innerHTML = trusted(html)
  const made = template.content
  for (const element of made.querySelectorAll(ACTIVE)) element.remove()
  for (const element of made.querySelectorAll('*'))
    for (const name of element.getAttributeNames()) {
      const active = name.startsWith('on') || name === 'srcdoc'
      if (active || (ADDRESSES.has(name) && !leads(element.getAttribute(name) ?? ''))) element.removeAttribute(name)
    }
  return made
}

/** What stands on the clipboard, to be read only: in a document of its own, which runs and loads nothing. */
export function foreign(html: string): HTMLElement {
  return new DOMParser().parseFromString(trusted(html), 'text/html').body
}
