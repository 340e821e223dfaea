type ContentType =
  'application/json; charset=utf-8' | 'text/html; charset=utf-8' | 'text/plain; charset=utf-8' | 'application/zip'

/** An answer with a status and a body. One that is cut in mid-body announces its whole length and sends half. */
export type BodyAnswer = {
  readonly kind: 'whole' | 'cut-mid-body'
  readonly status: number
  /** Null for an answer that has no body at all. */
  readonly type: ContentType | null
  readonly body: string | Uint8Array
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

/** An answer without a body, as 204 demands. */
export function empty(status: number): BodyAnswer {
  return { kind: 'whole', status, type: null, body: '', headers: {} }
}

/** A file to save, under a name that is offered to the caller. */
export function zipFile(name: string, content: Uint8Array): BodyAnswer {
  const headers = { 'content-disposition': `attachment; filename="${name}"` }
  return { kind: 'whole', status: 200, type: 'application/zip', body: content, headers }
}
