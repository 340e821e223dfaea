/**
 * A Kore.ai at the Http port, on virtual time: the answers of the vendor's pages, a latency each way, a fixed time until
 * an erasure is done, and the judge of the limits. It counts every arrival by a clock that nobody sets, in lists of its
 * own, and answers what comes too early as the vendor does.
 */
import { strict as assert } from 'node:assert'
import type { Http, HttpCall, HttpReport } from '../../src/main/core/ports.ts'
import type { RateWindow } from '../../src/shared/model/connection.ts'
import type { VirtualClock } from '../fakes/clock.ts'

/** What was erased, by request id: in memory, or where it does not weigh on what is measured. */
export type KeptIds = Readonly<{
  keep: (requestId: string, ids: readonly string[]) => void
  idsOf: (requestId: string) => readonly string[]
}>

export type SimulatedVendorChoices = Readonly<{
  clock: VirtualClock
  /** The vendor's own time in milliseconds, which nobody sets; the clock's steady time where it is not given. */
  time?: () => number
  windows: readonly RateWindow[]
  /** Milliseconds of one way, there or back, of the call with this number. */
  latency: (call: number) => number
  /** Milliseconds from the acceptance of the batch with this number until its answer says so. */
  readyAfter: (batch: number) => number
  ids?: KeptIds
}>

export type SimulatedVendor = Http & {
  /** The vendor's time at which each call arrived, refused ones too. */
  readonly arrivals: readonly number[]
  /** Calls that broke a window. */
  readonly refused: () => number
  readonly erased: () => number
  readonly asked: () => number
  /** The vendor's time at which the last erase call arrived. */
  readonly lastErase: () => number
  /** Emails that were looked up. */
  readonly lookedUp: () => number
  /** Batches that were answered whole. */
  readonly settled: () => number
  /** Batches that were answered whole at their first status call. */
  readonly settledAtOnce: () => number
}

type Request = { readonly readyAt: number; readonly createdOn: string; asked: number; settled: boolean }

export function keepInMemory(): KeptIds {
  const kept = new Map<string, readonly string[]>()
  return { keep: (requestId, ids) => void kept.set(requestId, ids), idsOf: (requestId) => kept.get(requestId) ?? [] }
}

/** The largest number of calls more than a window allows, over every rolling window; 0: none was broken. */
export function worstExcess(arrivals: readonly number[], windows: readonly RateWindow[]): number {
  const times = arrivals.toSorted((one, other) => one - other)
  const excesses = windows.map(({ milliseconds, calls }) => {
    let first = 0
    let worst = 0
    for (const [index, time] of times.entries()) {
      while (time - (times[first] ?? time) >= milliseconds) first += 1
      worst = Math.max(worst, index - first + 1 - calls)
    }
    return worst
  })
  return Math.max(0, ...excesses)
}

export function createSimulatedVendor(choices: SimulatedVendorChoices): SimulatedVendor {
  const { clock, windows, latency, readyAfter } = choices
  const ids = choices.ids ?? keepInMemory()
  const time = choices.time ?? clock.steady
  const arrivals: number[] = []
  const requests = new Map<string, Request>()
  const tokens = new Set<string>()
  const lookedUp = new Set<string>()
  const count = { calls: 0, refused: 0, asked: 0, settled: 0, settledAtOnce: 0, lastErase: 0 }

  async function send(call: HttpCall): Promise<HttpReport> {
    count.calls += 1
    const oneWay = latency(count.calls)
    const startedAt = clock.now()
    await clock.sleep(oneWay)
    const { status, body } = take(call)
    await clock.sleep(oneWay)
    const headers = { 'content-type': 'application/json; charset=utf-8' }
    return {
      stage: 'body',
      startedAt,
      endedAt: clock.now(),
      answer: { status, headers, body: JSON.stringify(body), cut: false },
      trouble: null,
    }
  }

  function take(call: HttpCall): Readonly<{ status: number; body: unknown }> {
    const at = time()
    const fits = windows.every((window) => hasRoom(arrivals, window, at))
    arrivals.push(at)
    if (!fits) {
      count.refused += 1
      return {
        status: 429,
        body: refusal('Rate limit for this API has been reached. Please try again after some time.', 429),
      }
    }
    const token = call.headers['auth'] ?? ''
    if (token === '' || tokens.has(token))
      return { status: 401, body: refusal('error verifying the jwt: possibly a replay', 401) }
    tokens.add(token)
    if (call.method === 'POST') return takeLookUp(call)
    return call.method === 'DELETE' ? takeErase(call, at) : takeStatus(call, at)
  }

  function takeErase(call: HttpCall, at: number) {
    const { userIds, botIds, RemoveDataFromAllBots } = JSON.parse(call.body ?? '') as Record<string, unknown>
    assert.ok(Array.isArray(userIds) && userIds.length > 0 && Array.isArray(botIds) && RemoveDataFromAllBots === false)
    const requestId = `eud-${String(requests.size + 1).padStart(8, '0')}-0000-5000-8000-000000000000`
    requests.set(requestId, {
      readyAt: at + readyAfter(requests.size + 1),
      createdOn: new Date(clock.now()).toISOString(),
      asked: 0,
      settled: false,
    })
    ids.keep(requestId, userIds as string[])
    count.lastErase = at
    return { status: 200, body: { requestId, status: 'in-progress' } }
  }

  function takeLookUp(call: HttpCall) {
    const { emailIds } = JSON.parse(call.body ?? '') as Readonly<{ emailIds: readonly string[] }>
    for (const emailId of emailIds) lookedUp.add(emailId)
    return { status: 200, body: emailIds.map((emailId) => ({ userInfo: { emailId, userId: `u-${lookedUp.size}` } })) }
  }

  function takeStatus(call: HttpCall, at: number) {
    const requestId = call.url.split('/').at(-1) ?? ''
    const request = requests.get(requestId)
    if (request === undefined) return { status: 400, body: refusal('Invalid request id', 400) }
    request.asked += 1
    count.asked += 1
    const isReady = at >= request.readyAt
    if (isReady && !request.settled) {
      request.settled = true
      count.settled += 1
      if (request.asked === 1) count.settledAtOnce += 1
    }
    const { createdOn } = request
    const response = isReady ? ids.idsOf(requestId).map((userId) => ({ userId, status: 'SUCCESS' })) : []
    return {
      status: 200,
      body: { _id: requestId, createdOn, lastUpdatedOn: createdOn, RemoveDataFromAllBots: false, response },
    }
  }

  return {
    send,
    arrivals,
    refused: () => count.refused,
    erased: () => requests.size,
    asked: () => count.asked,
    lastErase: () => count.lastErase,
    lookedUp: () => lookedUp.size,
    settled: () => count.settled,
    settledAtOnce: () => count.settledAtOnce,
  }
}

function refusal(msg: string, code: number) {
  return { errors: [{ msg, code }] }
}

/** Whether one more call at `at` keeps the window. `arrivals` rise: a call weighs until it is as old as the window is long. */
export function hasRoom(arrivals: readonly number[], { milliseconds, calls }: RateWindow, at: number): boolean {
  const blocking = arrivals.at(-calls)
  return blocking === undefined || at - blocking >= milliseconds
}
