/**
 * One call, one transmission, on a connection made for it: over node:http directly, since every client above it
 * repeats, follows or keeps something. The stage it reports never claims too little: `first byte` stands from the
 * moment the request is handed to the socket.
 */
import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Clock, Http, HttpCall, HttpReport, HttpTrouble } from '../../core/ports.ts'
import { connect, isLoopbackHost, type Route } from './connect.ts'
import { parseProxy } from './proxy.ts'
import { proxyTrouble, timeoutTrouble, troubleOf } from './trouble.ts'

export type HttpParts = Readonly<{
  clock: Clock
  /** False: nothing leaves this machine; calls to the machine itself go through all the same. */
  online: () => boolean
  /** The system's proxy for a URL as a PAC file writes it: `DIRECT`, `PROXY host:port`, several with `;`. */
  resolveProxy: (url: string) => Promise<string>
  /** Certificate authorities in PEM to trust beside those built in; null: the built-in ones alone. */
  certificates: readonly string[] | null
}>

/** The Http port over real sockets. Certificates are always verified; there is no way to turn that off. */
export function createHttp(parts: HttpParts): Http {
  return {
    send: async (call, onStage = () => {}, mayLeave = async () => true) => {
      const progress: Progress = { stage: 'none', answer: null, trouble: null }
      const startedAt = parts.clock.now()
      const note = (stage: HttpReport['stage']) => {
        progress.stage = stage
        onStage(stage)
      }
      await transmit(call, parts, progress, note, mayLeave)
      const { stage, answer, trouble } = progress
      return { stage, startedAt, endedAt: parts.clock.now(), answer, trouble }
    },
  }
}

type Progress = { -readonly [K in 'stage' | 'answer' | 'trouble']: HttpReport[K] }

async function transmit(
  call: HttpCall,
  parts: HttpParts,
  progress: Progress,
  onStage: (stage: HttpReport['stage']) => void,
  mayLeave: () => Promise<boolean>,
): Promise<void> {
  const url = new URL(call.url)
  if (!isLoopbackHost(url.hostname) && !parts.online()) {
    progress.trouble = { kind: 'offline', words: 'This machine is not connected to a network.' }
    return
  }
  const overdue = () => timeoutTrouble(call.timeoutMilliseconds, progress.stage)
  const timeout = new AbortController()
  const timer = setTimeout(() => timeout.abort(), call.timeoutMilliseconds)
  try {
    const route = await routeOf(url, parts, timeout.signal)
    if ('trouble' in route) {
      progress.trouble = timeout.signal.aborted ? overdue() : route.trouble
      return
    }
    const connected = await connect(url, route, parts.certificates, timeout.signal, onStage)
    if ('trouble' in connected) {
      // A proxy that let the time pass is named as what did.
      const { trouble } = connected
      progress.trouble = timeout.signal.aborted && trouble.kind !== 'proxy' ? overdue() : trouble
      return
    }
    const { socket } = connected
    const asked = await askWhileConnected(socket, mayLeave, timeout.signal)
    if (asked !== 'yes') {
      socket.destroy()
      progress.trouble = asked === 'late' ? overdue() : asked === 'no' ? keptBackTrouble : hungUpTrouble
      return
    }
    await exchange(call, url, socket, timeout.signal, progress, onStage)
    if (timeout.signal.aborted && progress.trouble !== null) progress.trouble = overdue()
  } catch (error) {
    progress.trouble = troubleOf(error)
  } finally {
    clearTimeout(timer)
  }
}

/** A proxy script that hangs or breaks ends the call, not the wait for it. */
export async function routeOf(
  url: URL,
  parts: HttpParts,
  signal: AbortSignal,
): Promise<Route | Readonly<{ trouble: HttpTrouble }>> {
  if (isLoopbackHost(url.hostname)) return { kind: 'direct' }
  const unknown = { trouble: proxyTrouble('The system did not say which proxy to use.') }
  const aborted = new Promise<typeof unknown>((resolve) => {
    signal.addEventListener('abort', () => resolve(unknown), { once: true })
  })
  const asked = parts.resolveProxy(url.href).then(parseProxy, () => unknown)
  return await Promise.race([asked, aborted])
}

const keptBackTrouble: HttpTrouble = { kind: 'other', words: 'The call was kept back before its first byte.' }
const hungUpTrouble: HttpTrouble = { kind: 'reset', words: 'The connection was closed before the call was sent.' }

/** Asks whether the call may still leave; the time-out, and a host that hangs up, end the wait for the answer. */
function askWhileConnected(
  socket: Socket,
  mayLeave: () => Promise<boolean>,
  signal: AbortSignal,
): Promise<'yes' | 'no' | 'late' | 'closed'> {
  return new Promise((resolve) => {
    const settle = (answer: 'yes' | 'no' | 'late' | 'closed') => {
      socket.off('close', closed)
      signal.removeEventListener('abort', late)
      // One that is destroyed may still have an error to tell.
      if (answer === 'yes') socket.off('error', ignore)
      resolve(answer)
    }
    const ignore = () => {}
    const closed = () => settle('closed')
    const late = () => settle('late')
    socket.on('error', ignore)
    socket.once('close', closed)
    signal.addEventListener('abort', late, { once: true })
    mayLeave().then(
      (may) => settle(may ? 'yes' : 'no'),
      () => settle('no'),
    )
  })
}

/** Writes the request and reads the answer; settles in every case, with the socket closed. */
function exchange(
  call: HttpCall,
  url: URL,
  socket: Socket,
  signal: AbortSignal,
  progress: Progress,
  onStage: (stage: HttpReport['stage']) => void,
): Promise<void> {
  return new Promise((resolve) => {
    let settled = false
    const settle = (trouble: HttpTrouble | null) => {
      if (settled) return
      settled = true
      progress.trouble = trouble
      signal.removeEventListener('abort', abort)
      request.destroy()
      socket.destroy()
      resolve()
    }
    const abort = () => settle(timeoutTrouble(call.timeoutMilliseconds, progress.stage))

    // From here on the vendor may have seen a byte of it, whatever the operating system says later.
    onStage('first byte')
    // The URL itself is not handed over: node:http refuses one with https, and TLS is the socket's own affair here.
    // No `agent`, not even false: Node would make one, which ignores this socket and opens another, without TLS.
    const request = httpRequest({
      method: call.method,
      path: `${url.pathname}${url.search}`,
      createConnection: () => socket,
      headers: {
        host: url.host,
        ...call.headers,
        'accept-encoding': 'identity',
        connection: 'close',
        ...(call.body === null ? {} : { 'content-length': Buffer.byteLength(call.body) }),
      },
    })
    request.on('finish', () => {
      if (progress.stage === 'first byte') onStage('sent')
    })
    request.on('response', (response) => {
      onStage('headers')
      readAnswer(response, call.maximumBodyBytes, progress, () => onStage('body'), settle)
    })
    request.on('error', (error) => {
      // Once an answer has begun, its own end decides: a server may answer and close before it has read everything.
      if (progress.answer === null) settle(troubleOf(error))
    })
    request.on('close', () => {
      if (progress.answer === null) settle({ kind: 'reset', words: 'The connection was closed without an answer.' })
    })
    signal.addEventListener('abort', abort, { once: true })
    request.end(call.body ?? undefined)
    if (signal.aborted) abort()
  })
}

function readAnswer(
  response: IncomingMessage,
  maximumBodyBytes: number,
  progress: Progress,
  onBody: () => void,
  settle: (trouble: HttpTrouble | null) => void,
): void {
  const chunks: Buffer[] = []
  let bytes = 0
  const put = (cut: boolean) => {
    progress.answer = {
      status: response.statusCode ?? 0,
      headers: flatHeaders(response),
      body: Buffer.concat(chunks).subarray(0, maximumBodyBytes).toString('utf8'),
      cut,
    }
  }
  put(true)
  response.on('data', (chunk: Buffer) => {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes <= maximumBodyBytes) return
    put(true)
    onBody()
    settle(null)
  })
  response.on('end', () => {
    // Its last piece may have been the one too much: what was cut off stays so.
    if (bytes > maximumBodyBytes) return
    put(!response.complete)
    onBody()
    settle(response.complete ? null : cutTrouble)
  })
  // Closing what was read to its end makes these events too; they must not undo the answer.
  const broken = () => {
    if (response.complete) return
    put(true)
    settle(cutTrouble)
  }
  response.on('error', broken)
  response.on('close', broken)
}

const cutTrouble: HttpTrouble = { kind: 'reset', words: 'The connection was cut in the middle of the answer.' }

function flatHeaders(response: IncomingMessage): Readonly<Record<string, string>> {
  const pairs = Object.entries(response.headers).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, Array.isArray(value) ? value.join(', ') : value] as const],
  )
  return Object.fromEntries(pairs)
}
