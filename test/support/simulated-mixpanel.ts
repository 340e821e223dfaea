/**
 * A Mixpanel at the Http port, on virtual time: tasks that are done as soon as they are there, a latency each way, and the
 * judge of its limit. It counts every arrival by a clock that nobody sets, and answers what comes too early as the vendor
 * does.
 */
import { strict as assert } from 'node:assert'
import type { Http, HttpCall, HttpReport } from '../../src/main/core/ports.ts'
import type { RateWindow } from '../../src/shared/model/connection.ts'
import type { VirtualClock } from '../fakes/clock.ts'
import { hasRoom } from './simulated-vendor.ts'

export type SimulatedMixpanel = Http & {
  /** The vendor's time at which each call arrived, refused ones too. */
  readonly arrivals: readonly number[]
  /** Calls that broke the window. */
  readonly refused: () => number
  readonly created: () => number
  readonly asked: () => number
  /** Tasks that were asked about at least once. */
  readonly settled: () => number
}

/** `latency`: milliseconds of one way, there or back, of the next call. */
export function createSimulatedMixpanel(
  clock: VirtualClock,
  windows: readonly RateWindow[],
  latency: () => number,
): SimulatedMixpanel {
  const arrivals: number[] = []
  const tasks = new Map<string, readonly string[]>()
  const settled = new Set<string>()
  const count = { refused: 0, asked: 0 }

  async function send(call: HttpCall): Promise<HttpReport> {
    const startedAt = clock.now()
    await clock.sleep(latency())
    const { status, body } = take(call)
    await clock.sleep(latency())
    const answer = { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body), cut: false }
    return { stage: 'body', startedAt, endedAt: clock.now(), answer, trouble: null }
  }

  function take(call: HttpCall): Readonly<{ status: number; body: unknown }> {
    const at = clock.steady()
    const fits = windows.every((window) => hasRoom(arrivals, window, at))
    arrivals.push(at)
    if (!fits) {
      count.refused += 1
      return { status: 429, body: { status: 'error', error: 'Too Many Requests, this API is limited to 1 req/s' } }
    }
    assert.match(call.headers['authorization'] ?? '', /^Bearer ./)
    return call.method === 'POST' ? create(call) : tellOf(new URL(call.url).pathname.split('/').at(-1) ?? '')
  }

  function create(call: HttpCall) {
    const { distinct_ids: ids } = JSON.parse(call.body ?? '') as { distinct_ids: readonly string[] }
    assert.ok(ids.length > 0)
    const trackingId = `00000000-0000-4000-8000-${String(tasks.size + 1).padStart(12, '0')}`
    tasks.set(trackingId, ids)
    return { status: 201, body: { status: 'ok', results: [{ tracking_id: trackingId, status: 'PENDING' }] } }
  }

  function tellOf(trackingId: string) {
    const distinctIds = tasks.get(trackingId)
    assert.ok(distinctIds !== undefined)
    count.asked += 1
    settled.add(trackingId)
    const results = { tracking_id: trackingId, status: 'SUCCESS', distinct_ids: distinctIds }
    return { status: 200, body: { status: 'ok', results } }
  }

  return {
    send,
    arrivals,
    refused: () => count.refused,
    created: () => tasks.size,
    asked: () => count.asked,
    settled: () => settled.size,
  }
}
