/** Telling the server what a person did; what it refuses comes back as its sentence. */

export interface Refusal {
  readonly code: string
  readonly message: string
}

export type Told = { readonly refused: Refusal } | { readonly got: unknown }

/** `offline` is the sentence for a line that is broken. */
export async function tell(address: string, body: unknown, offline: string, method = 'POST'): Promise<Told> {
  let answer: Response
  try {
    answer = await fetch(address, { method, headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
  } catch {
    return { refused: { code: 'offline', message: offline } }
  }
  const got: unknown = answer.status === 204 ? null : await answer.json()
  return answer.ok ? { got } : { refused: (got as { error: Refusal }).error }
}
