/** Makes the connection a call goes over: direct, or through a proxy's CONNECT tunnel. Not one byte of the call is sent. */
import { request as httpRequest } from 'node:http'
import { connect as netConnect, isIP, type Socket } from 'node:net'
import { connect as tlsConnect, createSecureContext, rootCertificates, type SecureContext } from 'node:tls'
import type { HttpTrouble } from '../../core/ports.ts'
import type { CallStage } from '../../../shared/model/request.ts'
import { proxyTrouble, proxyTroubleOf, troubleOf } from './trouble.ts'

/** How a call reaches its host. */
export type Route =
  Readonly<{ kind: 'direct' }> | Readonly<{ kind: 'proxy'; secure: boolean; host: string; port: number }>

export type Connected = Readonly<{ socket: Socket }> | Readonly<{ trouble: HttpTrouble }>

/** True for the machine itself, in the forms a URL's host name has. */
export function isLoopbackHost(hostname: string): boolean {
  return hostname === 'localhost' || hostname === '[::1]' || /^127(?:\.\d{1,3}){3}$/.test(hostname)
}

/**
 * A connected socket for the URL; over TLS, when the handshake is done and the certificate was verified. `onStage`
 * hears `resolved` and `connected`. When `signal` aborts, everything is closed and `trouble` comes back.
 */
export async function connect(
  url: URL,
  route: Route,
  certificates: readonly string[] | null,
  signal: AbortSignal,
  onStage: (stage: CallStage) => void,
): Promise<Connected> {
  const secure = url.protocol === 'https:'
  const host = bareHost(url.hostname)
  const port = url.port === '' ? (secure ? 443 : 80) : Number(url.port)
  const first =
    route.kind === 'direct'
      ? await openSocket(host, port, signal, onStage)
      : await openTunnel(route, host, port, certificates, signal, onStage)
  if ('trouble' in first) return first
  const whole = secure ? await startTls(first.socket, host, certificates, signal) : first
  if ('socket' in whole) onStage('connected')
  return whole
}

function openSocket(
  host: string,
  port: number,
  signal: AbortSignal,
  onStage: (stage: CallStage) => void,
): Promise<Connected> {
  const socket = netConnect({ host, port })
  socket.setNoDelay(true)
  // With several addresses there is an event for each.
  socket.once('lookup', (error) => {
    if (error === null) onStage('resolved')
  })
  return untilReady(socket, 'connect', signal, troubleOf)
}

async function startTls(
  raw: Socket,
  host: string,
  certificates: readonly string[] | null,
  signal: AbortSignal,
  troubleFrom: (error: unknown) => HttpTrouble = tlsTroubleOf,
): Promise<Connected> {
  const socket = tlsConnect({
    socket: raw,
    ...(isIP(host) === 0 ? { servername: host } : {}),
    host,
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: true,
    ...(certificates === null ? {} : { secureContext: secureContextFor(certificates) }),
  })
  return untilReady(socket, 'secureConnect', signal, troubleFrom)
}

/** `CONNECT host:port` (RFC 9110, 9.3.6) at the proxy; the vendor's host is looked up there. */
async function openTunnel(
  proxy: Extract<Route, { kind: 'proxy' }>,
  host: string,
  port: number,
  certificates: readonly string[] | null,
  signal: AbortSignal,
  onStage: (stage: CallStage) => void,
): Promise<Connected> {
  const unanswered = (error: unknown) => proxyTroubleOf(error, true)
  const plain = netConnect({ host: proxy.host, port: proxy.port })
  const reached = await untilReady(plain, 'connect', signal, (error) => proxyTroubleOf(error, false))
  if ('trouble' in reached) return reached
  const ready = proxy.secure ? await startTls(reached.socket, proxy.host, certificates, signal, unanswered) : reached
  if ('trouble' in ready) return ready
  onStage('resolved')

  const target = isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`
  return new Promise((resolve) => {
    const settle = (connected: Connected) => {
      signal.removeEventListener('abort', abort)
      if ('trouble' in connected) ready.socket.destroy()
      resolve(connected)
    }
    const abort = () => settle({ trouble: proxyTrouble('The proxy did not answer in time.') })
    const request = httpRequest({
      method: 'CONNECT',
      path: target,
      // No `agent`, not even false: Node would make one, which ignores this socket.
      createConnection: () => ready.socket,
      headers: { host: target },
    })
    request.on('connect', (response, socket, head) => {
      const status = response.statusCode ?? 0
      if (status >= 200 && status < 300 && head.length === 0) return settle({ socket })
      settle({ trouble: refusedTunnel(status) })
    })
    // A refusal may come as an ordinary answer where the proxy does not know CONNECT.
    request.on('response', (response) => {
      response.resume()
      settle({ trouble: refusedTunnel(response.statusCode ?? 0) })
    })
    request.on('error', (error) => settle({ trouble: unanswered(error) }))
    signal.addEventListener('abort', abort, { once: true })
    request.end()
  })
}

function refusedTunnel(status: number): HttpTrouble {
  if (status === 407)
    return { ...proxyTrouble('The proxy asks for a user name and password (407).'), proxyAuthentication: true }
  if (status >= 300 && status < 400)
    return proxyTrouble(`The proxy answered with a redirect (${status}) instead of connecting, as a sign-in page does.`)
  return proxyTrouble(`The proxy refused to connect to the host (${status}).`)
}

/** Waits for `event`; an error, a close or an abort before it closes the socket and gives the trouble. */
function untilReady(
  socket: Socket,
  event: 'connect' | 'secureConnect',
  signal: AbortSignal,
  troubleFrom: (error: unknown) => HttpTrouble,
): Promise<Connected> {
  return new Promise((resolve) => {
    const settle = (connected: Connected) => {
      socket.off(event, ready)
      socket.off('error', broken)
      socket.off('close', closed)
      signal.removeEventListener('abort', closed)
      if ('trouble' in connected) socket.on('error', () => {}).destroy()
      resolve(connected)
    }
    const ready = () => settle({ socket })
    const broken = (error: Error) => settle({ trouble: troubleFrom(error) })
    const closed = () => settle({ trouble: troubleFrom(new Error('The connection was closed')) })
    socket.on(event, ready)
    socket.on('error', broken)
    socket.on('close', closed)
    signal.addEventListener('abort', closed, { once: true })
    if (signal.aborted) closed()
  })
}

function tlsTroubleOf(error: unknown): HttpTrouble {
  const trouble = troubleOf(error)
  return trouble.kind === 'tls'
    ? trouble
    : { kind: 'tls', words: 'The host closed the connection while it was being protected.' }
}

const contexts = new WeakMap<readonly string[], SecureContext>()

/** Made once for a list: reading a hundred certificates takes longer than a call. */
function secureContextFor(certificates: readonly string[]): SecureContext {
  const known = contexts.get(certificates)
  if (known !== undefined) return known
  const context = createSecureContext({ ca: [...rootCertificates, ...certificates] })
  contexts.set(certificates, context)
  return context
}

function bareHost(hostname: string): string {
  return hostname.startsWith('[') ? hostname.slice(1, -1) : hostname
}
