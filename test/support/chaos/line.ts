/** The line between a process and the vendor: it can be cut at any byte, at the moment the process is killed. */
import { once } from 'node:events'
import { createServer, connect, type AddressInfo, type Socket } from 'node:net'

/** Where on the line a call is caught. What lies beyond is never delivered. */
export type Place = 'first byte' | 'middle of the body' | 'body' | 'middle of the answer'

export type Trap = Readonly<{
  call: 'erase' | 'status' | 'look-up' | 'cancel' | 'retrieve' | 'retrieval status'
  place: Place
  /** So many calls of the kind go through first. */
  skip: number
  /** Called once, before anything of what is left goes on. */
  spring: () => void
}>

export type Line = Readonly<{
  /** The origin to call instead of the vendor's. */
  origin: string
  /** Catches the next call that fits; null: every call goes through. */
  set: (trap: Trap | null) => void
  close: () => Promise<void>
}>

/** Opens a line on loopback to the vendor at `origin`. Every connection carries one call. */
export async function openLine(origin: string): Promise<Line> {
  const { hostname, port } = new URL(origin)
  const sockets = new Set<Socket>()
  let trap: Trap | null = null
  let passed = 0

  const server = createServer((caller) => {
    const vendor = connect(Number(port), hostname)
    for (const socket of [caller, vendor]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => sockets.delete(socket))
    }
    // Bytes that were handed over before the caller died still arrive, as on a real line.
    caller.on('close', () => vendor.end())
    vendor.on('close', () => caller.destroy())
    let sent = Buffer.alloc(0)
    let delivered = 0
    let isCut = false
    let caught: Trap | null = null

    const cut = () => {
      isCut = true
      caught?.spring()
      caller.destroy()
    }
    const deliver = (end: number) => {
      if (end > delivered) vendor.write(sent.subarray(delivered, end))
      delivered = Math.max(delivered, end)
    }
    caller.on('data', (chunk: Buffer) => {
      if (isCut) return
      const isFirst = sent.length === 0
      sent = Buffer.concat([sent, chunk])
      if (isFirst) caught = taken(callOf(sent.toString('latin1', 0, 100)))
      const end = caught === null ? null : endOfRequest(caught.place, sent)
      deliver(end ?? sent.length)
      if (end !== null) cut()
    })
    vendor.on('data', (chunk: Buffer) => {
      if (isCut) return
      if (caught?.place !== 'middle of the answer') return void caller.write(chunk)
      caller.write(chunk.subarray(0, chunk.length / 2), cut)
    })
  })

  function taken(call: Trap['call']): Trap | null {
    if (trap === null || trap.call !== call) return null
    passed += 1
    if (passed <= trap.skip) return null
    const caught = trap
    trap = null
    return caught
  }

  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    set: (next) => {
      trap = next
      passed = 0
    },
    close: async () => {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** Which call it is, by the beginning of its request. */
function callOf(head: string): Trap['call'] {
  const isOfCopies = head.includes(' /api/app/data-retrievals/')
  if (head.startsWith('GET ')) return isOfCopies ? 'retrieval status' : 'status'
  if (isOfCopies) return 'retrieve'
  const isMixpanel = head.includes(' /api/app/')
  if (head.startsWith('POST ')) return isMixpanel ? 'erase' : 'look-up'
  return isMixpanel ? 'cancel' : 'erase'
}

/** Where delivery ends, in bytes from the request's first; null: not reached by what has come so far. */
function endOfRequest(place: Place, sent: Buffer): number | null {
  if (place === 'middle of the answer') return null
  if (place === 'first byte') return 1
  const head = sent.indexOf('\r\n\r\n')
  if (head < 0) return null
  const begin = head + 4
  const length = Number(/\r\ncontent-length: (\d+)/i.exec(sent.toString('latin1', 0, begin))?.[1] ?? 0)
  const end = begin + (place === 'body' ? length : Math.floor(length / 2))
  return sent.length >= end ? end : null
}
