import { copyFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { Database } from '../../../src/main/core/ports.ts'
import type { RequestId } from '../../../src/shared/model/ids.ts'
import type { RetrievalRow } from '../../../src/shared/model/retrieval.ts'
import { must, openHistoryIn, runEngine, withHistory, type RunningEngine } from '../../support/engine.ts'
import {
  copiesOf,
  eventsOf,
  everythingKept,
  judge,
  startCopyBench,
  type CopyBench,
  type CopyChoices,
} from './support.ts'

const benches: CopyBench[] = []
const engines: RunningEngine[] = []

async function bench(choices: CopyChoices = {}): Promise<CopyBench> {
  const started = await startCopyBench(choices)
  benches.push(started)
  return started
}

async function engineOf(vendor: CopyBench, changed?: Parameters<typeof runEngine>[2]): Promise<RunningEngine> {
  const engine = await runEngine(vendor.folder, vendor.secrets, changed)
  engines.push(engine)
  return engine
}

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.end()))
  const ended = benches.splice(0)
  try {
    for (const each of ended) judge(each)
  } finally {
    await Promise.all(ended.map((each) => each.remove()))
  }
})

const ask = async (database: Database, requestId: RequestId, disclosure: string | null = null) =>
  await database.askForRetrievals({ requestId, disclosure, now: Date.now() })

/** Waits until every copy of the request is as `wanted` says. */
async function untilEvery(
  engine: RunningEngine,
  requestId: RequestId,
  wanted: (copy: RetrievalRow) => boolean,
): Promise<readonly RetrievalRow[]> {
  return await engine.until(async () => {
    const copies = await copiesOf(engine.database, requestId)
    return copies.length > 0 && copies.every(wanted) ? copies : undefined
  })
}

const isReady = ({ status }: RetrievalRow) => status === 'ready'

test('copies of a draft are asked for in as many calls as it needs, and followed until they are ready; nobody is erased', async () => {
  const vendor = await bench({ perCall: 2 })
  const requestId = await vendor.draftOf(['ana', 'ben', 'cy', 'dee', 'eve'])
  const engine = await engineOf(vendor)
  expect(must(await ask(engine.database, requestId))).toBe(3)
  engine.wake()
  const copies = await untilEvery(engine, requestId, isReady)
  expect(copies).toMatchObject([
    { number: 1, size: 2, status: 'ready', vendorWords: 'SUCCESS', disclosure: null, linkExpiresAt: null },
    { number: 2, size: 2, status: 'ready' },
    { number: 3, size: 1, status: 'ready', scope: { kind: 'choice', value: 'GDPR' } },
  ])
  const asked = vendor.sandbox.ledger().filter(({ call }) => call === 'retrieve')
  expect(asked.map(({ identifiers }) => identifiers)).toEqual([['ana', 'ben'], ['cy', 'dee'], ['eve']])
  expect(vendor.sandbox.ledger().filter(({ call }) => call === 'erase')).toEqual([])
  expect(await eventsOf(engine.database, requestId, 'copies asked for')).toEqual([
    '3 copies of what the vendor has about 5 identifiers asked for.',
  ])
  expect(await eventsOf(engine.database, requestId, 'copy ready')).toHaveLength(3)
})

test.each([
  [null, 'Data'],
  ['Data', 'Data'],
  ['Categories', 'Categories'],
  ['Sources', 'Sources'],
] as const)('under CCPA a copy that discloses %s is asked for as %s', async (disclosure, told) => {
  const vendor = await bench()
  const requestId = await vendor.draftOf(['ana'], 'CCPA')
  const engine = await engineOf(vendor)
  must(await ask(engine.database, requestId, disclosure))
  engine.wake()
  await untilEvery(engine, requestId, isReady)
  const [asked] = vendor.sandbox.ledger().filter(({ call }) => call === 'retrieve')
  expect(asked).toMatchObject({ complianceType: 'CCPA', disclosureType: told, verdict: 'accepted' })
})

test.each(['link-in-results', 'link-in-result', 'link-in-destination-url'])(
  'a copy with sandbox-%s is ready, and nothing that is kept has anything of its link',
  async (place) => {
    const vendor = await bench()
    const requestId = await vendor.draftOf([`sandbox-${place}`])
    const engine = await engineOf(vendor)
    must(await ask(engine.database, requestId))
    engine.wake()
    await untilEvery(engine, requestId, isReady)
    await engine.end()
    engines.length = 0
    const kept = everythingKept(vendor)
    expect(kept).toContain('copy ready')
    expect(kept).not.toContain('mixpanel-exports')
    expect(kept).not.toContain('signature=')
  },
)

test.each([
  ['failure', 'FAILURE'],
  ['not-found', 'NOT_FOUND'],
  ['revoked', 'REVOKED'],
])('a copy with sandbox-%s fails with the vendor’s word, and a new one can be asked for', async (name, word) => {
  const vendor = await bench()
  const requestId = await vendor.draftOf([`sandbox-${name}`, 'ana'])
  const engine = await engineOf(vendor)
  must(await ask(engine.database, requestId))
  engine.wake()
  const [copy] = await untilEvery(engine, requestId, ({ status }) => status === 'failed')
  expect(copy).toMatchObject({ vendorWords: word, nextPollAt: null })
  must(
    await engine.database.askRetrievalAgain({ requestId, retrievalId: copy!.id, reason: 'try again', now: Date.now() }),
  )
  engine.wake()
  const copies = await engine.until(async () => {
    const all = await copiesOf(engine.database, requestId)
    return all.length === 2 && all.every(({ status }) => status === 'failed' || status === 'ready') ? all : undefined
  })
  expect(copies[1]).toMatchObject({ number: 2, againOf: 1, size: 2 })
})

test('a call that was cut off waits for a person: asked again it is a new copy, and the old one is left', async () => {
  const vendor = await bench({ sandbox: { faults: { times: 1 } } })
  const requestId = await vendor.draftOf(['sandbox-cut-after-recorded', 'ana'])
  const engine = await engineOf(vendor)
  must(await ask(engine.database, requestId))
  engine.wake()
  const [copy] = await untilEvery(engine, requestId, ({ status }) => status === 'outcome unknown')
  expect(copy).toMatchObject({ vendorRequestId: null, nextPollAt: null, note: expect.any(String) })
  expect(await eventsOf(engine.database, requestId, 'copy in doubt')).toHaveLength(1)
  engine.wake()
  expect(vendor.sandbox.ledger().filter(({ call }) => call === 'retrieve')).toHaveLength(1)

  const decision = { requestId, retrievalId: copy!.id, reason: 'It is needed', now: Date.now() }
  must(await engine.database.askRetrievalAgain(decision))
  engine.wake()
  const copies = await engine.until(async () => {
    const all = await copiesOf(engine.database, requestId)
    return all.some(isReady) ? all : undefined
  })
  expect(copies).toMatchObject([{ status: 'left' }, { status: 'ready', againOf: 1 }])
  expect(vendor.sandbox.ledger().filter(({ call }) => call === 'retrieve')).toHaveLength(2)
})

test('a copy in doubt waits for a person: on the overview, among what waits, and with its request, until it is decided', async () => {
  const vendor = await bench({ sandbox: { faults: { times: 1 } } })
  const requestId = await vendor.draftOf(['sandbox-cut-after-recorded', 'ana'])
  const other = await vendor.draftOf(['ben'])
  const engine = await engineOf(vendor)
  const { database } = engine
  const standing = async () => {
    const overview = must(await database.read('getOverview', {}, Date.now()))
    const list = { filter: 'waiting', search: '', sort: 'newest', anchor: { index: 0 }, limit: 10 } as const
    const waiting = must(await database.read('listRequests', list, Date.now()))
    const { copiesInDoubt } = must(await database.read('getRequest', { requestId }, Date.now()))
    return {
      overview: overview.copiesInDoubt,
      copiesInDoubt,
      waiting: waiting.rows.map(({ id }) => id),
      counts: waiting.counts,
    }
  }
  expect(await standing()).toMatchObject({ overview: [], copiesInDoubt: 0, waiting: [] })
  must(await ask(database, requestId))
  must(await ask(database, other))
  engine.wake()
  const [copy] = await untilEvery(engine, requestId, ({ status }) => status === 'outcome unknown')
  await untilEvery(engine, other, isReady)
  expect(await standing()).toMatchObject({
    overview: [{ requestId, requestName: 'Request', count: 1 }],
    copiesInDoubt: 1,
    waiting: [requestId],
    counts: { waiting: 1 },
  })
  must(await database.leaveRetrieval({ requestId, retrievalId: copy!.id, reason: 'Not needed', now: Date.now() }))
  expect(await standing()).toMatchObject({ overview: [], copiesInDoubt: 0, waiting: [], counts: { waiting: 0 } })
})

test('a process that dies in the middle of asking leaves a doubt, and the next one asks for nothing by itself', async () => {
  const vendor = await bench()
  const requestId = await vendor.draftOf(['ana'])
  const database = await openHistoryIn(vendor.folder)
  const taken = must(await database.takeSenderLock({ now: Date.now(), steady: 1 }))
  must(await ask(database, requestId))
  const accountId = vendor.connection.accountId
  const moment = { now: Date.now(), steady: 2 }
  const reserved = must(
    await database.reserveCall({ ...moment, accountId, epoch: taken!.epoch, jti: 'jti-of-the-dead', allowErase: true }),
  )
  expect(reserved).toMatchObject({ kind: 'retrieve', identifiers: [{ value: 'ana' }] })
  await database.close()

  const engine = await engineOf(vendor)
  const [copy] = await untilEvery(engine, requestId, ({ status }) => status === 'outcome unknown')
  expect(copy).toMatchObject({ note: 'Erasure Desk ended while the call that asked for it was under way.' })
  engine.wake()
  await engine.until(() => (engine.status().sends && engine.status().callsUnderWay === 0 ? true : undefined))
  expect(vendor.sandbox.ledger()).toEqual([])
  const left = { requestId, retrievalId: copy!.id, reason: 'Not needed', now: Date.now() }
  must(await engine.database.leaveRetrieval(left))
  expect(await copiesOf(engine.database, requestId)).toMatchObject([{ status: 'left' }])
})

test('stopped while the vendor makes it, the next start goes on asking about it and asks for no other', async () => {
  const vendor = await bench({
    mixpanel: {
      accounts: [
        {
          oauthToken: 'oauth-token-of-the-sandbox',
          windows: [],
          projects: [{ projectToken: 'fedcba9876543210fedcba9876543210' }],
        },
      ],
      processing: { pendingMilliseconds: 300, stagingMilliseconds: 300, startedMilliseconds: 300 },
    },
  })
  const requestId = await vendor.draftOf(['ana'])
  const first = await engineOf(vendor)
  must(await ask(first.database, requestId))
  first.wake()
  await untilEvery(first, requestId, ({ status }) => status === 'accepted')
  await first.end()
  engines.length = 0
  const next = await engineOf(vendor)
  await untilEvery(next, requestId, isReady)
  expect(vendor.sandbox.ledger().filter(({ call }) => call === 'retrieve')).toHaveLength(1)
})

test('copies that were being written down when the app died were never asked for', async () => {
  const vendor = await bench({ perCall: 1 })
  const requestId = await vendor.draftOf(['ana', 'ben'])
  withHistory(vendor.folder, (file) =>
    file.exec(`
      INSERT INTO retrieval (request_id, connection_id, number, scope_id, status, size, asked_at)
        SELECT ${requestId}, ${vendor.connection.id}, 1, scope_id, 'preparing', 1, 1 FROM request;
      INSERT INTO retrieval_member SELECT 1, 0, min(id) FROM identifier;`),
  )
  const engine = await engineOf(vendor)
  await engine.until(() => (engine.status().sends ? true : undefined))
  expect(withHistory(vendor.folder, (file) => file.prepare('SELECT * FROM retrieval_member').all())).toEqual([])
  must(await ask(engine.database, requestId))
  engine.wake()
  const copies = await untilEvery(engine, requestId, isReady)
  expect(copies.map(({ number }) => number)).toEqual([1, 2])
  expect(vendor.sandbox.ledger().filter(({ call }) => call === 'retrieve')).toHaveLength(2)
})

test('an earlier history that is put back asks for none of its copies by itself: they may have been asked for since', async () => {
  const vendor = await bench()
  const requestId = await vendor.draftOf(['ana'])
  const database = await openHistoryIn(vendor.folder)
  must(await ask(database, requestId))
  await database.close()
  const file = join(vendor.folder, 'history.db')
  const backup = join(vendor.folder, '..', 'own-backup.db')
  copyFileSync(file, backup)
  const first = await engineOf(vendor)
  await untilEvery(first, requestId, isReady)
  await first.end()
  engines.length = 0
  copyFileSync(backup, file)

  const engine = await engineOf(vendor)
  const [copy] = await untilEvery(engine, requestId, ({ status }) => status === 'outcome unknown')
  expect(copy?.note).toContain('An earlier copy of the history was put back')
  engine.wake()
  expect(vendor.sandbox.ledger().filter(({ call }) => call === 'retrieve')).toHaveLength(1)
  // The journal that knew of the calls is gone with the history: this ledger cannot be held against it.
  benches.length = 0
  await engine.end()
  engines.length = 0
  await vendor.remove()
})

test('a 429 holds the account and loses nothing', async () => {
  const vendor = await bench({ perCall: 1, vendorWindows: [{ milliseconds: 1000, calls: 1 }], mixpanel: undefined })
  const requestId = await vendor.draftOf(['ana', 'ben'])
  const engine = await engineOf(vendor)
  must(await ask(engine.database, requestId))
  engine.wake()
  await engine.until(() => (vendor.attempts().some(({ ending }) => ending === 'rate limited') ? true : undefined))
  const copies = await copiesOf(engine.database, requestId)
  expect(copies.every(({ status }) => status !== 'failed' && status !== 'outcome unknown')).toBe(true)
})

test('within the budget of one call a second no call of a copy is ever refused for the limit', async () => {
  const vendor = await bench({ perCall: 1, windows: [{ milliseconds: 300, calls: 1 }] })
  const requestId = await vendor.draftOf(['ana', 'ben', 'cy'])
  const engine = await engineOf(vendor)
  must(await ask(engine.database, requestId))
  engine.wake()
  await untilEvery(engine, requestId, isReady)
  expect(vendor.sandbox.ledger().filter(({ verdict }) => verdict === 'rate-limited')).toEqual([])
})

test('a paused request asks for no copy until it goes on', async () => {
  const vendor = await bench()
  const requestId = await vendor.draftOf(['ana'])
  const database = await openHistoryIn(vendor.folder)
  const now = Date.now()
  must(await database.compareWithHistory({ requestId, now }))
  const { fingerprint } = must(await database.planBasis({ requestId, now, samplePerGroup: 1 }))
  must(await database.openRequest({ requestId, planDigest: 'the plan of a test', fingerprint, now }))
  must(await database.setPaused({ requestId, paused: true, now }))
  must(await ask(database, requestId))
  await database.close()
  const engine = await engineOf(vendor)
  await engine.until(() => (engine.status().sends ? true : undefined))
  engine.wake()
  expect(await copiesOf(engine.database, requestId)).toMatchObject([{ status: 'queued' }])
  expect(vendor.sandbox.ledger()).toEqual([])
  must(await engine.database.setPaused({ requestId, paused: false, now: Date.now() }))
  engine.wake()
  await untilEvery(engine, requestId, ({ status }) => status !== 'queued' && status !== 'sending')
})

test('while copies are being made the rows they are of stay, and a second ask is refused', async () => {
  const vendor = await bench()
  const requestId = await vendor.draftOf(['ana'])
  const database = await openHistoryIn(vendor.folder)
  must(await ask(database, requestId))
  expect(await ask(database, requestId)).toMatchObject({ ok: false, failure: { code: 'wrong-state' } })
  expect(await database.discardDraft({ requestId, now: Date.now() })).toMatchObject({
    ok: false,
    failure: { code: 'wrong-state', next: expect.stringContaining('leave them') },
  })
  const [copy] = await copiesOf(database, requestId)
  must(await database.leaveRetrieval({ requestId, retrievalId: copy!.id, reason: 'not needed', now: Date.now() }))
  must(await database.discardDraft({ requestId, now: Date.now() }))
  await database.close()
})

test('a draft without a scope, and one without identifiers, have nothing to ask for', async () => {
  const vendor = await bench()
  const empty = await vendor.draftOf([])
  const database = await openHistoryIn(vendor.folder)
  expect(await ask(database, empty)).toMatchObject({ ok: false, failure: { code: 'nothing-to-send' } })
  const caseFacts = { regulation: 'GDPR', receivedOn: null, answerDue: null, channel: '', reference: '' } as const
  const connectionId = vendor.connection.id
  const bare = must(await database.createDraft({ connectionId, name: 'Bare', caseFacts, now: Date.now() }))
  expect(await ask(database, bare)).toMatchObject({ ok: false, failure: { code: 'scope-missing' } })
  await database.close()
})
