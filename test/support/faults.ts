/** The faults that a fault proxy can have, as data. */

/** An answer instead of the vendor's. */
export type FaultyAnswer = Readonly<{ status: number; headers: Readonly<Record<string, string>>; body: string }>

/** How much of an answer is written before the proxy does what `ends` says. */
export type AnswerPart =
  | 'nothing'
  | 'half the first line'
  | 'half the headers'
  | 'the headers'
  | 'half the body'
  | 'one chunk'
  | 'the body alone'
  | 'all'

export type Fault = Readonly<{
  /** What an operator would call it; in a table of faults with the same outcome. */
  name: string
}> &
  (
    | Readonly<{
        /** This machine's network does not lead to the host. */
        kind: 'network'
        how:
          | 'offline'
          | 'no such host'
          | 'nobody listens'
          | 'no proxy named'
          | 'no proxy there'
          | 'a proxy of another kind'
      }>
    /** What the proxy says when it is asked for a tunnel to the host; null: nothing, and it stays silent. */
    | Readonly<{ kind: 'tunnel'; says: string | null }>
    | Readonly<{
        kind: 'protection'
        how: 'unknown authority' | 'another host' | 'expired' | 'no protection' | 'silence' | 'cut'
      }>
    /** Before the vendor saw anything: the connection is made, or the first bytes of the call are there. */
    | Readonly<{ kind: 'connection'; at: 'connected' | 'first bytes'; ends: 'cut' | 'close' | 'silence' }>
    | Readonly<{
        kind: 'answer'
        /** Whether the call is handed on to the vendor before it is answered. */
        reachesVendor: boolean
        /** Null: the vendor's own, with these headers instead of its. */
        answer: FaultyAnswer | Readonly<{ headers: Readonly<Record<string, string>> }>
        part: AnswerPart
        ends: 'close' | 'cut' | 'silence' | 'drip'
      }>
  )

const html = { 'content-type': 'text/html; charset=utf-8' }
const json = { 'content-type': 'application/json; charset=utf-8' }

/** A web page such as a portal, a proxy or another product gives. */
export function page(title: string): string {
  return `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body><h1>${title}</h1></body></html>\n`
}

/** The vendor's own error body. */
export function vendorError(message: string, code: number): string {
  return JSON.stringify({ errors: [{ msg: message, code }] })
}

/** A whole answer instead of the vendor's; the call never got there. */
export function answered(status: number, body: string, name: string, headers: FaultyAnswer['headers'] = json): Fault {
  return { name, kind: 'answer', reachesVendor: false, answer: { status, headers, body }, part: 'all', ends: 'close' }
}

/** A status in the vendor's own shape. */
export function vendorSays(status: number, message: string, code: number = status): Fault {
  return answered(status, vendorError(message, code), `${status} in the vendor’s shape, “${message}”`)
}

/** A status without a body, as gateways give it. */
export function bare(status: number): Fault {
  return answered(status, '', `${status} without a body`, {})
}

/** A status with a web page. */
export function pageOf(status: number, title: string): Fault {
  return answered(status, page(title), `${status} with a web page`, html)
}

/** A redirect to another host. */
export function redirect(status: number): Fault {
  const headers = { ...html, location: 'https://portal.example/sign-in' }
  return answered(status, page('Moved'), `${status}, to another host`, headers)
}

/** The same fault, but the vendor got the call and acted on it before. */
export function afterVendor(fault: Fault): Fault {
  if (fault.kind !== 'answer') throw new Error('Only an answer can come after the vendor’s')
  return { ...fault, name: `${fault.name}, after the vendor acted`, reachesVendor: true }
}

type AnswerEnd = Extract<Fault, { kind: 'answer' }>['ends']

/** The vendor's own answer as far as `part`; then the connection ends, stays silent, or drips. */
function vendorAnswer(name: string, part: AnswerPart, ends: AnswerEnd, headers: FaultyAnswer['headers'] = {}): Fault {
  return { name, kind: 'answer', reachesVendor: true, answer: { headers }, part, ends }
}

const tunnelAnswer = (status: string, ...headers: readonly string[]) =>
  [`HTTP/1.1 ${status}`, ...headers, 'Content-Length: 0', '', ''].join('\r\n')

/** Faults that are not a status: of the network, a proxy, TLS, a connection, or an answer of the vendor's that is maimed. */
export const faults = {
  offline: { name: 'offline', kind: 'network', how: 'offline' },
  noSuchHost: { name: 'no such host', kind: 'network', how: 'no such host' },
  nobodyListens: { name: 'nobody listens', kind: 'network', how: 'nobody listens' },

  unknownAuthority: { name: 'a certificate of an unknown authority', kind: 'protection', how: 'unknown authority' },
  anotherHost: { name: 'a certificate for another host', kind: 'protection', how: 'another host' },
  expired: { name: 'an expired certificate', kind: 'protection', how: 'expired' },
  noProtection: { name: 'a host that speaks no TLS', kind: 'protection', how: 'no protection' },
  handshakeCut: { name: 'a handshake that is cut', kind: 'protection', how: 'cut' },
  handshakeSilent: { name: 'a handshake that never ends', kind: 'protection', how: 'silence' },

  proxyGone: { name: 'a proxy that cannot be reached', kind: 'network', how: 'no proxy there' },
  proxyUnnamed: { name: 'a proxy script that fails', kind: 'network', how: 'no proxy named' },
  proxySocks: { name: 'a SOCKS proxy', kind: 'network', how: 'a proxy of another kind' },
  proxyPassword: {
    name: 'a proxy that asks for a password',
    kind: 'tunnel',
    says: tunnelAnswer('407 Proxy Authentication Required', 'Proxy-Authenticate: Basic realm="proxy"'),
  },
  proxyRefuses: { name: 'a proxy that refuses', kind: 'tunnel', says: tunnelAnswer('403 Forbidden') },
  proxyRedirects: {
    name: 'a proxy that redirects',
    kind: 'tunnel',
    says: tunnelAnswer('302 Found', 'Location: http://portal.example/'),
  },
  proxyNoHttp: { name: 'a proxy that speaks no HTTP', kind: 'tunnel', says: 'hello\r\n' },
  proxyCloses: { name: 'a proxy that closes', kind: 'tunnel', says: '' },
  proxySilent: { name: 'a proxy that stays silent', kind: 'tunnel', says: null },

  closedAtOnce: { name: 'closed as soon as connected', kind: 'connection', at: 'connected', ends: 'close' },
  cutAtFirstBytes: { name: 'cut at the first bytes', kind: 'connection', at: 'first bytes', ends: 'cut' },
  silentAtFirstBytes: { name: 'silent from the first bytes', kind: 'connection', at: 'first bytes', ends: 'silence' },

  cutBeforeAnswer: vendorAnswer('cut before the answer', 'nothing', 'cut'),
  closedBeforeAnswer: vendorAnswer('closed before the answer', 'nothing', 'close'),
  silentBeforeAnswer: vendorAnswer('no answer ever', 'nothing', 'silence'),
  cutInFirstLine: vendorAnswer('closed in the first line', 'half the first line', 'close'),
  cutInHeaders: vendorAnswer('cut in the headers', 'half the headers', 'cut'),
  silentInHeaders: vendorAnswer('silent in the headers', 'half the headers', 'silence'),
  cutAfterHeaders: vendorAnswer('cut after the headers', 'the headers', 'cut'),
  cutInBody: vendorAnswer('closed in the body', 'half the body', 'close'),
  cutBetweenChunks: vendorAnswer('cut between two chunks', 'one chunk', 'cut'),
  silentInBody: vendorAnswer('silent in the body', 'half the body', 'silence'),
  dripsForEver: vendorAnswer('drips for ever', 'the headers', 'drip', { 'content-length': '9000' }),
  dripsToTheEnd: vendorAnswer('drips to the end', 'the headers', 'drip'),
  cutAfterAnswer: vendorAnswer('cut after the whole answer', 'all', 'cut'),
  typedAsPage: vendorAnswer('typed as a web page', 'all', 'close', { 'content-type': 'text/html' }),
  typedAsText: vendorAnswer('typed as plain text', 'all', 'close', { 'content-type': 'text/plain' }),

  noHttp: {
    name: 'an answer that is no HTTP',
    kind: 'answer',
    reachesVendor: false,
    answer: { status: 0, headers: {}, body: 'SSH-2.0-OpenSSH_9.9\r\n' },
    part: 'the body alone',
    ends: 'close',
  },
  otherProtocol: answered(101, '', '101, another protocol', { connection: 'Upgrade', upgrade: 'websocket' }),
} as const satisfies Readonly<Record<string, Fault>>

/** True for a fault that only ends with the time-out of the call. */
export function lastsTillTimeout(fault: Fault): boolean {
  switch (fault.kind) {
    case 'network':
      return false
    case 'tunnel':
      return fault.says === null
    case 'protection':
      return fault.how === 'silence'
    case 'connection':
      return fault.ends === 'silence'
    case 'answer':
      return fault.ends === 'silence' || (fault.ends === 'drip' && 'content-length' in fault.answer.headers)
  }
}
