/** Servers that misbehave on purpose. */
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import { systemClock } from '../../../src/main/adapters/clock/clock.ts'
import { createHttp, type HttpParts } from '../../../src/main/adapters/http/http.ts'
import type { Http, HttpCall } from '../../../src/main/core/ports.ts'

export function httpWith(parts: Partial<HttpParts> = {}): Http {
  return createHttp({
    clock: systemClock,
    online: () => true,
    resolveProxy: async () => 'DIRECT',
    certificates: null,
    ...parts,
  })
}

export function callTo(url: string, changed: Partial<HttpCall> = {}): HttpCall {
  return {
    method: 'DELETE',
    url,
    headers: { auth: 'a-token', 'content-type': 'application/json' },
    body: '{"userIds":["ana@example.org"]}',
    timeoutMilliseconds: 2000,
    maximumBodyBytes: 10_000,
    ...changed,
  }
}

/** A server on loopback. `seen` is all that callers wrote, `connections` how often one came. */
export type RawServer = {
  readonly origin: string
  readonly port: number
  readonly seen: () => string
  readonly connections: () => number
  readonly close: () => Promise<void>
}

/** Counts connections and hands each to `serve`, with what was written so far at every piece. */
export function listen(
  serve: (socket: Socket, seen: string) => void,
  onConnection: (socket: Socket) => void = () => {},
): Promise<RawServer> {
  let seen = ''
  const sockets = new Set<Socket>()
  let connections = 0
  const server = createServer((socket) => {
    connections += 1
    sockets.add(socket)
    socket.on('error', () => {})
    onConnection(socket)
    socket.on('data', (piece) => {
      seen += piece.toString('latin1')
      serve(socket, seen)
    })
  })
  return started(
    server,
    sockets,
    () => seen,
    () => connections,
  )
}

function started(
  server: Server,
  sockets: ReadonlySet<Socket>,
  seen: () => string,
  connections: () => number,
): Promise<RawServer> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      const close = () =>
        new Promise<void>((closed) => {
          for (const socket of sockets) socket.destroy()
          server.close(() => closed())
        })
      resolve({ origin: `http://127.0.0.1:${port}`, port, seen, connections, close })
    })
  })
}

/** True once the whole call has arrived. */
export function isWhole(seen: string): boolean {
  return seen.endsWith('{"userIds":["ana@example.org"]}')
}
