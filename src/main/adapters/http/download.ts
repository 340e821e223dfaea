/**
 * Fetches a file to a place on disk, piece by piece. No credential of ours goes with it, and nothing of the address is in
 * what comes back. The file is there whole or not at all: it grows beside its place, under a name that ends in `.part`.
 */
import { createHash, randomUUID } from 'node:crypto'
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { DownloadReport, Downloads } from '../../core/ports.ts'
import { connect } from './connect.ts'
import { routeOf, type HttpParts } from './http.ts'
import { troubleOf } from './trouble.ts'

/** Until the connection is made, and between two pieces. */
const patienceMilliseconds = 60_000
const mostRedirects = 3

type Asked = Readonly<{ response: IncomingMessage; socket: Socket }>
type Ended = Exclude<DownloadReport, Readonly<{ kind: 'saved' }>>

/** The Downloads port over real sockets. Certificates are always verified. */
export function createDownloads(parts: HttpParts, patience = patienceMilliseconds): Downloads {
  return {
    save: async ({ url, file, signal, onProgress }) => {
      if (signal.aborted) return { kind: 'cancelled' }
      const asked = await follow(new URL(url), parts, signal, patience)
      if ('kind' in asked) return signal.aborted ? { kind: 'cancelled' } : asked
      try {
        return await write(asked, file, signal, patience, onProgress)
      } finally {
        asked.socket.destroy()
      }
    },
  }
}

/** Asks for the file; a redirect is followed within the same host and scheme alone, since that host is the one agreed to. */
async function follow(first: URL, parts: HttpParts, signal: AbortSignal, patience: number): Promise<Asked | Ended> {
  let url = first
  for (let hops = 0; hops <= mostRedirects; hops += 1) {
    const asked = await ask(url, parts, signal, patience)
    if ('kind' in asked) return asked
    const status = asked.response.statusCode ?? 0
    if (status === 200) return asked
    asked.socket.destroy()
    const { location } = asked.response.headers
    if (![301, 302, 303, 307, 308].includes(status) || location === undefined)
      return { kind: 'refused', httpStatus: status }
    const next = URL.parse(location, url.href)
    if (next === null || next.origin !== first.origin) return { kind: 'led elsewhere' }
    url = next
  }
  return { kind: 'led elsewhere' }
}

async function ask(url: URL, parts: HttpParts, signal: AbortSignal, patience: number): Promise<Asked | Ended> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(patience)])
  const route = await routeOf(url, parts, limit)
  if ('trouble' in route) return { kind: 'trouble', words: route.trouble.words }
  const connected = await connect(url, route, parts.certificates, limit, () => {})
  if ('trouble' in connected) return { kind: 'trouble', words: connected.trouble.words }
  const { socket } = connected
  return await new Promise((resolve) => {
    const end = (answer: Asked | Ended) => {
      limit.removeEventListener('abort', abort)
      if ('kind' in answer) socket.destroy()
      resolve(answer)
    }
    const abort = () => end({ kind: 'trouble', words: 'The host did not answer in time.' })
    // No `agent`, not even false: Node would make one, which ignores this socket and opens another, without TLS.
    const request = httpRequest({
      method: 'GET',
      path: `${url.pathname}${url.search}`,
      createConnection: () => socket,
      headers: { host: url.host, accept: '*/*', 'accept-encoding': 'identity', connection: 'close' },
    })
    request.on('response', (response) => end({ response, socket }))
    request.on('error', (error) => end({ kind: 'trouble', words: troubleOf(error).words }))
    limit.addEventListener('abort', abort, { once: true })
    request.end()
    if (limit.aborted) abort()
  })
}

async function write(
  { response, socket }: Asked,
  file: string,
  signal: AbortSignal,
  patience: number,
  onProgress: (bytes: number, total: number | null) => void,
): Promise<DownloadReport> {
  const part = `${file}.${randomUUID().slice(0, 8)}.part`
  const stop = () => socket.destroy()
  signal.addEventListener('abort', stop, { once: true })
  socket.setTimeout(patience, stop)
  let handle: FileHandle | null = null
  try {
    handle = await onDisk(open(part, 'wx', 0o600))
    const { bytes, sha256 } = await pour(response, handle, onProgress)
    await onDisk(handle.sync())
    await handle.close()
    handle = null
    if (signal.aborted) return await without(part, null, { kind: 'cancelled' })
    await onDisk(rename(part, file))
    return { kind: 'saved', bytes, sha256 }
  } catch (error) {
    return await without(part, handle, signal.aborted ? { kind: 'cancelled' } : reportOf(error))
  } finally {
    signal.removeEventListener('abort', stop)
  }
}

async function pour(
  response: IncomingMessage,
  handle: FileHandle,
  onProgress: (bytes: number, total: number | null) => void,
): Promise<Readonly<{ bytes: number; sha256: string }>> {
  const hash = createHash('sha256')
  const said = Number(response.headers['content-length'] ?? Number.NaN)
  const total = Number.isSafeInteger(said) ? said : null
  let bytes = 0
  onProgress(bytes, total)
  for await (const piece of response as AsyncIterable<Buffer>) {
    hash.update(piece)
    await onDisk(handle.writeFile(piece))
    bytes += piece.length
    onProgress(bytes, total)
  }
  // Without a length the end of the connection is the end of the file: nobody could tell whether it is whole.
  if (!response.complete) throw new Error('The file was cut off')
  return { bytes, sha256: hash.digest('hex') }
}

async function without(part: string, handle: FileHandle | null, report: DownloadReport): Promise<DownloadReport> {
  await handle?.close().catch(() => {})
  await rm(part, { force: true }).catch(() => {})
  return report
}

/** What the disk did not do, told apart from what the network did not. */
class DiskError extends Error {
  override readonly name = 'DiskError'
  readonly code: string
  constructor(code: string) {
    super('The disk did not take the file')
    this.code = code
  }
}

async function onDisk<T>(step: Promise<T>): Promise<T> {
  try {
    return await step
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
    throw new DiskError(code)
  }
}

function reportOf(error: unknown): Ended {
  if (error instanceof DiskError) return { kind: 'disk', code: error.code }
  return { kind: 'trouble', words: 'The connection was cut in the middle of the file.' }
}
