/** Errors of sockets in words for an operator: no URL, no header, no body. */
import type { CallStage } from '../../../shared/model/request.ts'
import type { HttpTrouble } from '../../core/ports.ts'

const unknownAuthorities = new Set([
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'CERT_UNTRUSTED',
])

const certificateWords: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'The host’s certificate has expired.',
  CERT_NOT_YET_VALID: 'The host’s certificate is not valid yet; this machine’s clock may be wrong.',
  CERT_REVOKED: 'The host’s certificate was revoked.',
  ERR_TLS_CERT_ALTNAME_INVALID: 'The certificate belongs to another host.',
}

const codeTroubles: Readonly<Record<string, HttpTrouble>> = {
  ENOTFOUND: { kind: 'dns', words: 'No such host is known.' },
  EAI_AGAIN: { kind: 'dns', words: 'The name of the host could not be looked up.' },
  EAI_NODATA: { kind: 'dns', words: 'The host’s name has no address.' },
  ECONNREFUSED: { kind: 'refused', words: 'The host refused the connection.' },
  EHOSTUNREACH: { kind: 'refused', words: 'The host cannot be reached from here.' },
  ENETUNREACH: { kind: 'refused', words: 'The network of the host cannot be reached from here.' },
  EACCES: { kind: 'refused', words: 'This machine does not allow the connection.' },
  EADDRNOTAVAIL: { kind: 'refused', words: 'This machine has no address to connect from.' },
  ECONNRESET: { kind: 'reset', words: 'The connection was cut.' },
  EPIPE: { kind: 'reset', words: 'The connection was closed while the call was being sent.' },
  ECONNABORTED: { kind: 'reset', words: 'The connection was cut.' },
  ETIMEDOUT: { kind: 'timeout', words: 'The host did not answer.' },
  ENETDOWN: { kind: 'offline', words: 'The network went down.' },
}

/** The trouble behind an error of a socket or of Node's HTTP parser. */
export function troubleOf(error: unknown): HttpTrouble {
  const code = codeOf(error)
  const known = Object.hasOwn(codeTroubles, code) ? codeTroubles[code] : undefined
  if (known !== undefined) return known
  if (unknownAuthorities.has(code))
    return {
      kind: 'tls',
      words: 'The host’s certificate comes from an authority that is not known here.',
      unknownAuthority: true,
    }
  if (Object.hasOwn(certificateWords, code)) return { kind: 'tls', words: certificateWords[code] ?? '' }
  if (/^(?:ERR_SSL|ERR_TLS|EPROTO|CERT_|ERR_OSSL)/.test(code))
    return { kind: 'tls', words: 'No protected connection could be agreed on with the host.' }
  if (code.startsWith('HPE_')) return { kind: 'invalid answer', words: 'The answer does not follow HTTP.' }
  return {
    kind: 'other',
    words: code === '' ? 'The connection ended unexpectedly.' : `The connection ended unexpectedly (${code}).`,
  }
}

/** The time for a call is over; `stage` is how far it got by then. */
export function timeoutTrouble(milliseconds: number, stage: CallStage): HttpTrouble {
  const seconds = Math.round(milliseconds / 1000)
  const within = `within ${seconds} ${seconds === 1 ? 'second' : 'seconds'}.`
  switch (stage) {
    case 'none':
    case 'resolved':
    case 'connected':
      return { kind: 'timeout', words: `No connection came about ${within}` }
    case 'first byte':
    case 'sent':
      return { kind: 'timeout', words: `No answer came ${within}` }
    case 'headers':
    case 'body':
      return { kind: 'timeout', words: `The answer did not come to its end ${within}` }
  }
}

export function proxyTrouble(words: string): HttpTrouble {
  return { kind: 'proxy', words }
}

/** Why a proxy cannot be reached; once it was (`reached`), why it gave no answer. */
export function proxyTroubleOf(error: unknown, reached: boolean): HttpTrouble {
  const { kind } = troubleOf(error)
  if (kind === 'dns') return proxyTrouble('The name of the proxy could not be looked up.')
  if (kind === 'tls') return proxyTrouble('No protected connection to the proxy came about.')
  if (kind === 'invalid answer') return proxyTrouble('The proxy’s answer does not follow HTTP.')
  return proxyTrouble(reached ? 'The proxy closed the connection without an answer.' : 'The proxy cannot be reached.')
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : ''
}
