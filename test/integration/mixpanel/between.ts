/** A server between the engine and the simulated vendor that answers some calls itself, as a vendor might that nobody documents. */
import { createServer, request as forward, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { atEnd } from './support.ts'

export type CallBetween = Readonly<{
  method: string
  path: string
  distinctIds: readonly string[]
  /** What is secret in it: the project token and the header with the OAuth token. */
  secrets: readonly string[]
}>
/** What is answered instead of the vendor; null: the vendor answers. A text is sent as it is, all else as JSON. */
export type AnswerBetween = Readonly<{ status: number; body: unknown }> | null

/** Gives the `between` of a bench: `answer` is asked about every call before the vendor hears of it. */
export function answering(answer: (call: CallBetween) => AnswerBetween) {
  return async (vendorOrigin: string): Promise<string> => {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const body = Buffer.concat(chunks)
        const own = answer(readCall(request, body.toString('utf8')))
        if (own === null) return pass(vendorOrigin, request, body, response)
        response.writeHead(own.status, { 'content-type': 'application/json' })
        response.end(typeof own.body === 'string' ? own.body : JSON.stringify(own.body))
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    atEnd(() => new Promise((resolve) => server.close(resolve)))
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  }
}

function readCall({ method = '', url = '', headers }: IncomingMessage, body: string): CallBetween {
  const { distinct_ids: distinctIds = [] } = (body === '' ? {} : JSON.parse(body)) as { distinct_ids?: string[] }
  const { pathname, searchParams } = new URL(url, 'http://127.0.0.1')
  const secrets = [searchParams.get('token') ?? '', headers.authorization ?? '']
  return { method, path: pathname, distinctIds, secrets }
}

function pass(vendorOrigin: string, request: IncomingMessage, body: Buffer, response: ServerResponse): void {
  const { method, url = '/', headers } = request
  const passed = forward(new URL(url, vendorOrigin), { method, headers, agent: false }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers)
    answer.pipe(response)
    answer.once('error', () => response.destroy())
  })
  passed.once('error', () => response.destroy())
  passed.end(body)
}

/** The refusal because of running tasks, as third-party code reads it. */
export function conflictAnswer(distinctIds: readonly unknown[], taskIds: readonly unknown[]) {
  const error = {
    conflicting_distinct_ids: distinctIds,
    conflicting_task_ids: taskIds,
    error: 'Some distinct_ids are already in a running deletion task',
  }
  return { status: 409, body: { status: 'error', error } }
}

/** A status answer in the vendor's form. */
export function statusAnswer(trackingId: string, status: string, distinctIds: readonly unknown[]) {
  return {
    status: 200,
    body: { status: 'ok', results: { tracking_id: trackingId, status, distinct_ids: distinctIds } },
  }
}
