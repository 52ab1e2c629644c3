/** A file on its way to the server, and what the server tells of it meanwhile, a line of JSON at a time. */

export interface Told {
  readonly step?: string
  readonly html?: string
  readonly error?: { readonly code: string; readonly message: string }
  /** What was made, in base64, and what it is to be called. */
  readonly file?: string
  readonly name?: string
  readonly saved?: readonly { readonly id: string; readonly title: string }[]
}

/** The whole lines of a text that is still growing, from where one stopped, and where they end. */
export function linesFrom(text: string, from: number): { readonly lines: readonly Told[]; readonly end: number } {
  const end = text.lastIndexOf('\n') + 1
  if (end <= from) return { lines: [], end: from }
  const lines = text
    .slice(from, end)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Told)
  return { lines, end }
}

export interface Hears {
  /** How much is sent, from 0 to 1. */
  sent(part: number): void
  told(line: Told): void
  /** Nothing more comes; whether the server answered in lines at all. */
  ended(answered: boolean): void
}

/** Sends a form, or asks (`null`); the function given back ends it, and with it what the server does. */
export function send(address: string, form: FormData | null, hears: Hears): () => void {
  // XMLHttpRequest, for fetch does not tell how much of a file is sent.
  const request = new XMLHttpRequest()
  let read = 0
  const take = (): void => {
    if (!request.getResponseHeader('content-type')?.startsWith('application/x-ndjson')) return
    const { lines, end } = linesFrom(request.responseText, read)
    read = end
    lines.forEach((line) => hears.told(line))
  }
  request.upload.onprogress = (event) => hears.sent(event.lengthComputable ? event.loaded / event.total : 0)
  request.onprogress = take
  request.onload = () => {
    take()
    hears.ended(read > 0)
  }
  request.onerror = () => hears.ended(false)
  request.open(form === null ? 'GET' : 'POST', address)
  request.setRequestHeader('Accept', 'application/x-ndjson')
  request.send(form)
  return () => request.abort()
}
