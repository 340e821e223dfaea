type ContentType = 'application/json; charset=utf-8' | 'text/html; charset=utf-8' | 'text/plain; charset=utf-8'

/** An answer with a status and a body. One that is cut in mid-body announces its whole length and sends half. */
export type BodyAnswer = {
  readonly kind: 'whole' | 'cut-mid-body'
  readonly status: number
  readonly type: ContentType
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/** How one call is answered, down to the connection. */
export type Answer = BodyAnswer | { readonly kind: 'cut' } | { readonly kind: 'silence' }

/** A JSON answer. */
export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): BodyAnswer {
  return { kind: 'whole', status, type: 'application/json; charset=utf-8', body: JSON.stringify(value), headers }
}

/** An HTML answer, as proxies and login pages give. The words are escaped. */
export function html(status: number, words: string, headers: Readonly<Record<string, string>> = {}): BodyAnswer {
  const title = words.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0) ?? 0};`)
  const body = `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`
  return { kind: 'whole', status, type: 'text/html; charset=utf-8', body, headers }
}

/** A plain text answer. */
export function text(status: number, body: string, headers: Readonly<Record<string, string>> = {}): BodyAnswer {
  return { kind: 'whole', status, type: 'text/plain; charset=utf-8', body, headers }
}
