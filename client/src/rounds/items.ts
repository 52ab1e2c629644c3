/** One more opinion in the form, made of the page's own template; the caret stands in it. */

export function addItem(items: HTMLElement, template: HTMLTemplateElement, provision: string, where: string): void {
  const made = template.content.cloneNode(true) as DocumentFragment
  const n = String(nextNumber(items))
  for (const field of made.querySelectorAll<HTMLElement>('[name], [id], [for]')) {
    for (const attribute of ['name', 'id', 'for']) {
      const value = field.getAttribute(attribute)
      if (value !== null) field.setAttribute(attribute, value.replace(/-N$/, `-${n}`))
    }
  }
  const on = made.querySelector<HTMLInputElement>(`[name="on-${n}"]`)
  if (on) on.value = provision
  const legend = made.querySelector('legend')
  if (legend) legend.textContent = where
  const text = made.querySelector<HTMLTextAreaElement>(`[name="text-${n}"]`)
  items.append(made)
  text?.scrollIntoView({ block: 'center' })
  text?.focus()
}

/** Above all numbers in use, so that the order on the page is the order that is sent. */
export function nextNumber(items: HTMLElement): number {
  const used = [...items.querySelectorAll<HTMLElement>('[name^="text-"]')].map((field) => Number(field.getAttribute('name')?.slice(5)))
  return Math.max(0, ...used) + 1
}
