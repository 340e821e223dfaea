import { connect, type Socket } from 'node:net'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { botId, call, clientId, eraseIds, erasePath, signToken, startBench, status, type Bench } from './support.ts'
import { startSandbox } from '../../../src/sandbox/server.ts'

let bench: Bench

beforeEach(async () => {
  bench = await startBench()
})

afterEach(() => bench.sandbox.close())

const control = () => ({ [bench.sandbox.ready.control.header]: bench.sandbox.ready.control.token })

/** Opens a connection and writes the text as it is. */
function write(text: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(bench.sandbox.ready.port, '127.0.0.1', () => socket.write(text, () => resolve(socket)))
    socket.once('error', reject)
  })
}

describe('ledger', () => {
  it('holds every call in order, with its token, identifiers and end', async () => {
    const answer = await eraseIds(bench, 'ana@example.com')
    const { requestId } = JSON.parse(answer.text) as { requestId: string }
    await status(bench, requestId, { jti: 'the-second' })
    const [first, second] = bench.sandbox.ledger()
    expect(first).toEqual({
      sequence: 1,
      receivedAt: bench.clock.now(),
      method: 'DELETE',
      path: erasePath,
      vendor: 'kore',
      call: 'erase',
      jti: expect.stringMatching(/^[0-9a-f-]{36}$/),
      appId: clientId,
      projectToken: null,
      accountId: 'sandbox-account',
      verdict: 'accepted',
      tookEffect: true,
      requestId,
      removeDataFromAllBots: false,
      botIds: [botId],
      complianceType: null,
      disclosureType: null,
      taskStatus: null,
      identifierCount: 1,
      identifiers: ['ana@example.com'],
      behaviours: [],
      status: 200,
      ended: 'answered',
      endedAt: bench.clock.now(),
    })
    expect(second).toMatchObject({ sequence: 2, call: 'status', jti: 'the-second', requestId, tookEffect: false })
  })

  it('writes a call down when its headers arrive, and shows a caller that left before its body was whole', async () => {
    const auth = await signToken(bench.clock, { jti: 'left-early' })
    const socket = await write(
      `DELETE ${erasePath} HTTP/1.1\r\nHost: x\r\nauth: ${auth}\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n{"userIds":["a`,
    )
    const opened = await bench.sandbox.waitForCall(({ jti }) => jti === 'left-early')
    expect(opened).toMatchObject({ verdict: 'receiving', ended: 'open', identifierCount: 0 })
    socket.destroy()
    const left = await bench.sandbox.waitForCall(
      ({ ended, verdict }) => ended === 'client-gone' && verdict === 'incomplete',
    )
    expect(left).toMatchObject({ sequence: opened.sequence, tookEffect: false, status: null })
  })

  it('shows a caller that left before the answer, after the call took effect', async () => {
    const auth = await signToken(bench.clock)
    const body = JSON.stringify({ userIds: ['u-sandbox-slow-1'], botIds: [botId] })
    const socket = await write(
      `DELETE ${erasePath} HTTP/1.1\r\nHost: x\r\nauth: ${auth}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
    )
    await bench.sandbox.waitForCall(({ tookEffect }) => tookEffect)
    socket.destroy()
    const left = await bench.sandbox.waitForCall(({ ended }) => ended === 'client-gone')
    expect(left).toMatchObject({ verdict: 'accepted', tookEffect: true, status: null })
    bench.clock.advance(10_000)
    expect(bench.sandbox.ledger()[0]).toMatchObject({ ended: 'client-gone', status: null })
  })

  it('keeps a call that is no HTTP path out of trouble', async () => {
    const socket = await write('OPTIONS * HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n')
    const entry = await bench.sandbox.waitForCall(({ ended }) => ended === 'answered')
    expect(entry).toMatchObject({ path: '*', verdict: 'unknown-path', status: 404 })
    socket.destroy()
  })
})

describe('controls', () => {
  it('gives the ledger for the control token alone, and counts none of it as a call', async () => {
    await eraseIds(bench, 'a')
    await eraseIds(bench, 'b')
    const { origin } = bench.sandbox.ready
    for (const headers of [{}, { 'x-sandbox-control': 'wrong' }])
      expect((await call(origin, 'GET', '/__sandbox/ledger', headers)).status).toBe(403)
    const all = await call(origin, 'GET', '/__sandbox/ledger', control())
    expect(JSON.parse(all.text)).toEqual({ entries: bench.sandbox.ledger() })
    const later = await call(origin, 'GET', '/__sandbox/ledger?after=1', control())
    expect(JSON.parse(later.text)).toMatchObject({ entries: [{ sequence: 2 }] })
    expect(bench.sandbox.ledger()).toHaveLength(2)
  })

  it('are never in the rate windows', async () => {
    const { origin } = bench.sandbox.ready
    const headers = { ...control(), auth: await signToken(bench.clock) }
    for (let count = 0; count < 70; count += 1) await call(origin, 'GET', '/__sandbox/ledger', headers)
    expect((await eraseIds(bench, 'a')).status).toBe(200)
  })

  it('tell anybody that the sandbox is there, and nothing else', async () => {
    const health = await call(bench.sandbox.ready.origin, 'GET', '/__sandbox/health')
    expect(JSON.parse(health.text)).toEqual({ ready: true, vendors: ['kore', 'mixpanel'], calls: 0 })
    expect((await call(bench.sandbox.ready.origin, 'GET', '/__sandbox/other', control())).status).toBe(404)
  })

  it('forget calls, requests, windows, tokens and faults on reset, and keep the credentials', async () => {
    const { origin } = bench.sandbox.ready
    expect((await call(origin, 'POST', '/__sandbox/reset')).status).toBe(403)
    const id = 'sandbox-500-after@example.com'
    expect((await eraseIds(bench, id)).status).toBe(500)
    const requestId = bench.sandbox.ledger()[0]?.requestId ?? ''
    for (let count = 1; count < 60; count += 1) await eraseIds(bench, 'a')
    expect((await eraseIds(bench, 'a')).status).toBe(429)

    expect((await call(origin, 'POST', '/__sandbox/reset', control())).status).toBe(200)
    expect(bench.sandbox.ledger()).toEqual([])
    expect((await status(bench, requestId)).status).toBe(404)
    expect((await eraseIds(bench, id)).status).toBe(500)
  })
})

describe('listening', () => {
  it('is on loopback alone', () => {
    expect(bench.sandbox.ready.origin).toBe(`http://127.0.0.1:${bench.sandbox.ready.port}`)
  })

  it('says in words that a port is taken', async () => {
    await expect(startSandbox({ port: bench.sandbox.ready.port })).rejects.toThrow(/is in use by another program/)
  })
})
