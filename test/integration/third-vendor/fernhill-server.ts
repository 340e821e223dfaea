/**
 * Fernhill itself, a few lines of HTTP on loopback. A subject's text says what becomes of it: `kept-…` is not erased,
 * `missing-…` is never named, `hold-…` lets its erasure wait, `early-…` is erased even so, `late-…` just before its
 * erasure is withdrawn, `refused-…` has the call refused, `cut-…` cuts the first connection that carries it, after the
 * call was recorded.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { AddressInfo } from 'node:net'

export const workspace = 'ws-1'
export const apiKey = 'key-of-the-workspace-1'

const callsASecond = 5

type Stage = 'waiting' | 'running' | 'over' | 'withdrawn'
type Erasure = { readonly id: string; readonly subjects: readonly string[]; stage: Stage; asked: number }
type Call = Readonly<{ method: string; path: string; id: string; status: number | null; body: string }>

/** Starts it; `calls` are all that arrived, in order, with the attempt each names. */
export async function startFernhill() {
  const arrivals: number[] = []
  const calls: Call[] = []
  const erasures = new Map<string, Erasure>()
  const cut = new Set<string>()

  const create = (body: string): Answer | 'cut' => {
    const { subjects } = JSON.parse(body) as { readonly subjects: readonly string[] }
    const refused = subjects.find((subject) => subject.startsWith('refused-'))
    if (refused !== undefined) return { status: 400, content: { problem: 'A subject of this call may not be erased.' } }
    const id = `er-${erasures.size + 1}`
    const stage = subjects.some((subject) => subject.startsWith('hold-')) ? 'waiting' : 'running'
    erasures.set(id, { id, subjects, stage, asked: 0 })
    const toCut = subjects.filter((subject) => subject.startsWith('cut-') && !cut.has(subject))
    for (const subject of toCut) cut.add(subject)
    return toCut.length > 0 ? 'cut' : { status: 202, content: { erasure: id } }
  }

  const ask = (erasure: Erasure): Answer => {
    erasure.asked += 1
    if (erasure.stage === 'running' && erasure.asked > 1) erasure.stage = 'over'
    return { status: 200, content: viewOf(erasure) }
  }

  const withdraw = (erasure: Erasure): Answer => {
    if (erasure.stage !== 'waiting') return { status: 409, content: { problem: 'This erasure has begun.' } }
    erasure.stage = 'withdrawn'
    return { status: 200, content: viewOf(erasure) }
  }

  const answerTo = (request: IncomingMessage, path: string, body: string): Answer | 'cut' => {
    if (request.headers['x-api-key'] !== apiKey) return { status: 401, content: { problem: 'Key not known.' } }
    const now = performance.now()
    const isTooMany = arrivals.filter((at) => now - at < 1000).length >= callsASecond
    if (isTooMany) return { status: 429, content: { problem: 'Five calls a second.' } }
    arrivals.push(now)
    if (request.method === 'POST' && path === '/erasures') return create(body)
    const erasure = erasures.get(path.replace('/erasures/', ''))
    if (erasure === undefined) return { status: 404, content: { problem: 'There is no such erasure.' } }
    return request.method === 'DELETE' ? withdraw(erasure) : ask(erasure)
  }

  const server = createServer((request, response) => {
    const path = request.url ?? ''
    void text(request).then((body) => {
      const answer = answerTo(request, path, body)
      const status = answer === 'cut' ? null : answer.status
      calls.push({ method: request.method ?? '', path, id: String(request.headers['x-call']), status, body })
      if (answer === 'cut') request.socket.destroy()
      else write(response, answer)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')

  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: calls as readonly Call[],
    close: async () => {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

type Answer = Readonly<{ status: number; content: object }>

function viewOf({ id, stage, subjects }: Erasure) {
  const named = subjects.filter((subject) => !subject.startsWith('missing-'))
  const views = named.map((subject) => ({ subject, outcome: outcomeOf(subject, stage) }))
  return { erasure: id, stage, subjects: views }
}

function outcomeOf(subject: string, stage: Stage): string {
  const isGone = subject.startsWith('early-') || (subject.startsWith('late-') && stage === 'withdrawn')
  if (isGone) return 'gone'
  if (stage !== 'over') return 'pending'
  return subject.startsWith('kept-') ? 'kept' : 'gone'
}

function write(response: ServerResponse, { status, content }: Answer): void {
  const headers = { 'content-type': 'application/json', ...(status === 429 ? { 'retry-after': '1' } : {}) }
  response.writeHead(status, headers).end(JSON.stringify(content))
}
