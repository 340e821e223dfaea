/** HTTP/1.1 as it stands on the wire, for a proxy that maims it: calls and answers as bytes, whole or in part. */
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import type { AnswerPart, FaultyAnswer } from './faults.ts'

/** What a call is about, as its first line says it. */
export type WireKind = 'erase' | 'look-up' | 'status' | 'cancel' | 'retrieve' | 'retrieval status'

/** A call as far as it was read. */
export type WireCall = Readonly<{ bytes: Buffer; kind: WireKind; whole: boolean }>

/** Reads a call to its end, or its first bytes alone; `begun` is what was read of it before. Then reading pauses. */
export function readCall(
  socket: Socket,
  until: 'first bytes' | 'whole' = 'whole',
  begun: Buffer = Buffer.alloc(0),
): Promise<WireCall> {
  return new Promise((resolve, reject) => {
    let bytes = begun
    const settle = () => {
      socket.off('data', take)
      socket.off('close', gone)
      socket.pause()
      resolve({ bytes, kind: kindOf(bytes), whole: isWhole(bytes) })
    }
    const take = (piece: Buffer) => {
      bytes = Buffer.concat([bytes, piece])
      if (until === 'first bytes' || isWhole(bytes)) settle()
    }
    const gone = () => reject(new Error('The caller left before the end of its call'))
    socket.on('data', take)
    socket.once('close', gone)
    socket.resume()
  })
}

const koreKinds: Readonly<Record<string, WireKind>> = { GET: 'status', POST: 'look-up', DELETE: 'erase' }
const mixpanelKinds: Readonly<Record<string, WireKind>> = {
  'POST deletions': 'erase',
  'GET deletions': 'status',
  'DELETE deletions': 'cancel',
  'POST retrievals': 'retrieve',
  'GET retrievals': 'retrieval status',
}

/** By the method, and at Mixpanel by what the address is of as well. */
function kindOf(bytes: Buffer): WireKind {
  const [, method = '', of] =
    /^([A-Z]+) (?:\S*?\/data-(deletions|retrievals)\/)?/.exec(bytes.toString('latin1', 0, 200)) ?? []
  return (of === undefined ? koreKinds[method] : mixpanelKinds[`${method} ${of}`]) ?? 'erase'
}

function isWhole(bytes: Buffer): boolean {
  const head = bytes.indexOf('\r\n\r\n')
  if (head < 0) return false
  const length = /\r\ncontent-length: (\d+)/i.exec(bytes.toString('latin1', 0, head))?.[1] ?? '0'
  return bytes.length >= head + 4 + Number(length)
}

/** Reads an answer that ends with its connection. */
export function readAnswer(socket: Socket): Promise<FaultyAnswer> {
  return new Promise((resolve, reject) => {
    const pieces: Buffer[] = []
    socket.on('data', (piece: Buffer) => pieces.push(piece))
    socket.once('end', () => resolve(answerOf(Buffer.concat(pieces))))
    socket.once('close', () => reject(new Error('The vendor gave no answer')))
  })
}

function answerOf(bytes: Buffer): FaultyAnswer {
  const head = bytes.indexOf('\r\n\r\n')
  const [first = '', ...lines] = bytes.toString('latin1', 0, head).split('\r\n')
  const headers = lines.map((line) => {
    const colon = line.indexOf(':')
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()] as const
  })
  const kept = headers.filter(([name]) => !['connection', 'content-length', 'keep-alive'].includes(name))
  const status = Number(first.split(' ')[1])
  return { status, headers: Object.fromEntries(kept), body: bytes.toString('utf8', head + 4) }
}

/** The whole answer, with a length unless it brings one. */
export function bytesOf(answer: FaultyAnswer): Buffer {
  return Buffer.concat([headOf(answer), Buffer.from(answer.body)])
}

/** An answer as far as a part of it goes, and what is left. */
export function partOf(answer: FaultyAnswer, part: AnswerPart): Readonly<{ written: Buffer; left: Buffer }> {
  if (part === 'one chunk') {
    const { body, headers } = answer
    const head = headOf({ ...answer, headers: { ...headers, 'transfer-encoding': 'chunked' } })
    const chunk = `${Buffer.byteLength(body).toString(16)}\r\n${body}\r\n`
    return { written: Buffer.concat([head, Buffer.from(chunk)]), left: Buffer.alloc(0) }
  }
  if (part === 'the body alone') return { written: Buffer.from(answer.body), left: Buffer.alloc(0) }
  const head = headOf(answer)
  const whole = bytesOf(answer)
  const at = {
    nothing: 0,
    'half the first line': 'HTTP/1.1 20'.length,
    'half the headers': Math.floor(head.length / 2),
    'the headers': head.length,
    'half the body': head.length + Math.floor((whole.length - head.length) / 2),
    all: whole.length,
  }[part]
  return { written: whole.subarray(0, at), left: whole.subarray(at) }
}

function headOf({ status, headers, body }: FaultyAnswer): Buffer {
  const hasLength = 'content-length' in headers || 'transfer-encoding' in headers
  const all = hasLength ? headers : { ...headers, 'content-length': `${Buffer.byteLength(body)}` }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return Buffer.from([`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Unknown'}`, ...lines, '', ''].join('\r\n'))
}
