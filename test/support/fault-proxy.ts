/**
 * A server between the app and a simulated vendor that does to a call what a fault says, and hands on every other. One
 * stands for what lies on the way to one host: this machine's network, a proxy, TLS, and what answers.
 */
import { once } from 'node:events'
import { connect as netConnect, createServer, type AddressInfo, type Socket } from 'node:net'
import { createSecureContext, TLSSocket } from 'node:tls'
import type { HttpParts } from '../../src/main/adapters/http/http.ts'
import { makeCertificate, makeExpiredCertificate, type Certificate } from './certificates.ts'
import { bytesOf, partOf, readAnswer, readCall, type WireCall } from './fault-wire.ts'
import type { Fault, FaultyAnswer } from './faults.ts'

/** What the proxies of one test share. */
export type FaultCertificates = Readonly<Record<'good' | 'unknown authority' | 'another host' | 'expired', Certificate>>

export function makeFaultCertificates(): FaultCertificates {
  return {
    good: makeCertificate('DNS:*.vendor.example,DNS:*.vendor.invalid,IP:127.0.0.1'),
    'unknown authority': makeCertificate('IP:127.0.0.1'),
    'another host': makeCertificate('DNS:another.example'),
    expired: makeExpiredCertificate('IP:127.0.0.1'),
  }
}

export type FaultProxy = Readonly<{
  /** Where the app finds the vendor behind it. */
  origin: string
  /** This machine's network on the way there. */
  network: Pick<HttpParts, 'online' | 'resolveProxy'>
  /** From now on every call is handed on. */
  lift: () => Promise<void>
  close: () => Promise<void>
}>

export type FaultProxyChoices = Readonly<{
  vendorOrigin: string
  fault: Fault
  /** A fault of an answer strikes calls of this kind alone. */
  strikes: WireCall['kind']
  /** Connections that are let through before a fault of the network, the proxy or TLS begins. */
  passes: number
  /** How often it strikes; a fault of the network, the proxy or TLS lasts until it is lifted. */
  times: number
  /** A name of its own among the proxies of a test. */
  label: string
  certificates: FaultCertificates
}>

/** Starts one on a free port of loopback. */
export async function startFaultProxy(choices: FaultProxyChoices): Promise<FaultProxy> {
  const { fault, label, vendorOrigin, certificates } = choices
  const vendorPort = Number(new URL(vendorOrigin).port)
  const sockets = new Set<Socket>()
  let lifted = false
  let connections = 0
  let strikesLeft = choices.times

  const server = createServer((socket) => {
    keep(socket)
    connections += 1
    if (connections === choices.passes && isGone(fault)) server.close()
    serve(socket).catch(() => socket.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  if (choices.passes === 0 && isGone(fault)) await stopListening()

  return {
    origin: originOf(fault, label, port),
    network: {
      online: () => !(isStanding() && isNetwork(fault, 'offline')),
      resolveProxy: async () => {
        if (!isThroughProxy(fault)) return 'DIRECT'
        if (!isStanding()) return `PROXY 127.0.0.1:${port}`
        if (isNetwork(fault, 'no such host')) return 'DIRECT'
        if (isNetwork(fault, 'no proxy named')) throw new Error('The script of the system failed')
        return isNetwork(fault, 'a proxy of another kind') ? 'SOCKS5 127.0.0.1:1080' : `PROXY 127.0.0.1:${port}`
      },
    },
    lift: async () => {
      lifted = true
      if (server.listening) return
      server.listen(port, '127.0.0.1')
      await once(server, 'listening')
    },
    close: async () => {
      for (const socket of sockets) socket.destroy()
      await stopListening()
    },
  }

  function keep(socket: Socket): void {
    sockets.add(socket)
    socket.on('error', () => {})
    socket.once('close', () => sockets.delete(socket))
  }

  function stopListening(): Promise<void> {
    return new Promise((resolve) => {
      server.close(() => resolve())
    })
  }

  /** Whether a fault of the network, the proxy or TLS meets a connection made now. */
  function isStanding(): boolean {
    return !lifted && connections >= choices.passes
  }

  async function serve(socket: Socket): Promise<void> {
    const stands = !lifted && connections > choices.passes
    if (fault.kind === 'connection' && fault.at === 'connected' && stands && strike()) return end(socket, fault.ends)
    const inner = isThroughProxy(fault) ? await openTunnel(socket, stands) : socket
    const plain = inner !== null && isProtected(fault) ? protect(inner, stands) : inner
    if (plain !== null) await answerCall(plain)
  }

  /** Answers `CONNECT`; null where that was the end. */
  async function openTunnel(socket: Socket, stands: boolean): Promise<Socket | null> {
    await readCall(socket)
    if (fault.kind === 'tunnel' && stands) {
      if (fault.says !== null) socket.end(fault.says)
      return null
    }
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n')
    return socket
  }

  /** The side of a host that has a certificate; null where that was the end. */
  function protect(socket: Socket, stands: boolean): Socket | null {
    const how = fault.kind === 'protection' && stands ? fault.how : 'good'
    if (how === 'silence') return null
    if (how === 'cut' || how === 'no protection') {
      socket.once('data', () => (how === 'cut' ? end(socket, 'cut') : socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')))
      return null
    }
    const { key, certificate } = certificates[how]
    const secured = new TLSSocket(socket, {
      isServer: true,
      secureContext: createSecureContext({ key, cert: certificate }),
    })
    keep(secured)
    return secured
  }

  async function answerCall(socket: Socket): Promise<void> {
    const call = await readCall(socket, fault.kind === 'connection' ? 'first bytes' : 'whole')
    if (lifted || call.kind !== choices.strikes || !strikesCalls(fault) || !strike()) {
      const { bytes } = call.whole ? call : await readCall(socket, 'whole', call.bytes)
      socket.end(bytesOf(await askVendor(bytes)))
      return
    }
    if (fault.kind === 'connection') return end(socket, fault.ends)
    const vendors = fault.reachesVendor ? await askVendor(call.bytes) : null
    const { written, left } = partOf(answerOf(fault.answer, vendors), fault.part)
    if (fault.ends === 'drip') {
      socket.write(written)
      return drip(socket, left)
    }
    const how = fault.ends
    socket.write(written, () => end(socket, how))
  }

  function strike(): boolean {
    if (strikesLeft === 0) return false
    strikesLeft -= 1
    return true
  }

  async function askVendor(call: Buffer): Promise<FaultyAnswer> {
    const upstream = netConnect(vendorPort, '127.0.0.1')
    keep(upstream)
    upstream.write(call)
    return await readAnswer(upstream)
  }
}

function strikesCalls(fault: Fault): fault is Extract<Fault, { kind: 'connection' | 'answer' }> {
  return fault.kind === 'answer' || (fault.kind === 'connection' && fault.at === 'first bytes')
}

function answerOf(given: Extract<Fault, { kind: 'answer' }>['answer'], vendors: FaultyAnswer | null): FaultyAnswer {
  if ('status' in given) return given
  if (vendors === null) throw new Error('The vendor’s own answer takes a call that reaches it')
  return { ...vendors, headers: { ...vendors.headers, ...given.headers } }
}

function end(socket: Socket, how: 'cut' | 'close' | 'silence'): void {
  if (how === 'close') socket.end()
  if (how === 'cut') {
    if (socket instanceof TLSSocket) socket.destroy()
    else socket.resetAndDestroy()
  }
}

/** Writes the rest byte by byte, then blanks for as long as anybody reads. */
function drip(socket: Socket, left: Buffer): void {
  let at = 0
  const timer = setInterval(() => {
    socket.write(at < left.length ? left.subarray(at, at + 1) : ' ')
    at += 1
  }, 10)
  socket.once('close', () => clearInterval(timer))
}

function isNetwork(fault: Fault, how: Extract<Fault, { kind: 'network' }>['how']): boolean {
  return fault.kind === 'network' && fault.how === how
}

/** Nobody listens where the host, or the proxy, should be. */
function isGone(fault: Fault): boolean {
  return isNetwork(fault, 'nobody listens') || isNetwork(fault, 'no proxy there')
}

function isThroughProxy(fault: Fault): boolean {
  return fault.kind === 'tunnel' || (fault.kind === 'network' && fault.how !== 'nobody listens')
}

function isProtected(fault: Fault): boolean {
  return fault.kind === 'protection' || isThroughProxy(fault)
}

function originOf(fault: Fault, label: string, port: number): string {
  if (isNetwork(fault, 'no such host')) return `https://${label}.vendor.invalid`
  if (isThroughProxy(fault)) return `https://${label}.vendor.example`
  return `${isProtected(fault) ? 'https' : 'http'}://127.0.0.1:${port}`
}
