/** A case over both vendors, erased for real by the engine: who is erased is what both ledgers bear out. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { startSandbox, type RunningSandbox } from '../../../src/sandbox/server.ts'
import type { Input } from '../../../src/shared/contract.ts'
import type { CaseId, RequestId } from '../../../src/shared/model/ids.ts'
import { expectLedgerMatches } from '../../support/ledger.ts'
import { openBench, page, type Bench } from './support.ts'

let sandbox: RunningSandbox
let bench: Bench

const windows = [{ milliseconds: 1000, calls: 1000 }]
const settings = { quietMilliseconds: 1000, firstPollMilliseconds: 500, longestPollMilliseconds: 1000 }

beforeEach(async () => {
  sandbox = await startSandbox({
    latencyMilliseconds: { minimum: 0, maximum: 10 },
    processing: { batchMilliseconds: 300, perIdentifierMilliseconds: 2, lateMilliseconds: 2500 },
    accounts: [{ windows }],
    mixpanel: {
      processing: {
        pendingMilliseconds: 0,
        stagingMilliseconds: 0,
        startedMilliseconds: 300,
        unknownMilliseconds: 800,
      },
      accounts: [{ windows }],
    },
  })
  const [app] = sandbox.ready.apps
  const [account] = sandbox.ready.mixpanel.accounts
  const project = account?.projects.find(({ residency }) => residency === sandbox.ready.mixpanel.residency)
  const common = { origin: sandbox.ready.origin, windows, margin: 0 }
  bench = await openBench({
    kore: {
      ...common,
      clientId: app?.clientId ?? '',
      secret: app?.clientSecret ?? '',
      settings: { ...settings, identifiersPerCall: 2 },
    },
    mixpanel: { ...common, clientId: project?.projectToken ?? '', secret: account?.oauthToken ?? '', settings },
  })
})

afterEach(async () => {
  await bench.check()
  const attempts = await bench.inFile((sql) => sql.prepare('SELECT jti, kind, ending FROM attempt').all())
  await bench.close()
  expectLedgerMatches({ ledgerEntries: sandbox.ledger(), attempts: attempts as never })
  await sandbox.close()
})

async function scopeTo(requestId: RequestId, scope: Input<'updateDraft'>['scope']): Promise<void> {
  await bench.desk.get('updateDraft', { requestId, scope })
}

async function send(requestId: RequestId): Promise<void> {
  const { digest, identifiers, obstacles } = await bench.desk.get('getPlan', { requestId })
  expect(obstacles).toEqual([])
  await bench.desk.get('sendRequest', { requestId, planDigest: digest, typedCount: identifiers })
  await bench.desk.until(async () => {
    const { counts } = await bench.desk.get('getRequest', { requestId })
    const { queued = 0, sending = 0, accepted = 0 } = counts
    return queued + sending + accepted === 0 ? true : undefined
  })
}

async function standings(caseId: CaseId): Promise<readonly string[]> {
  const rows = await bench.people(caseId)
  return rows.map(
    ({ key, standing, cells }) => `${key}: ${standing} (${cells.map((cell) => cell.standing).join(', ')})`,
  )
}

/** A request of its own, made from a file, erased before. */
async function eraseBefore(email: string): Promise<RequestId> {
  const { desk, connections } = bench
  const { id: requestId } = await desk.get('createDraft', { connectionId: connections.kore })
  const token = await bench.tokenOf(bench.write(`email\n${email}\n`, 'before.csv'))
  const { format, roles } = await desk.get('inspectFile', { token })
  const { id: importId } = await desk.get('startImport', { requestId, token, format, roles })
  await desk.until(async () => ((await desk.get('getImport', { importId })).status === 'running' ? undefined : true))
  await scopeTo(requestId, { kind: 'bots', botIds: ['st-1'] })
  await send(requestId)
  return requestId
}

test('somebody is erased once each of their identifiers is: not before, and not with one in doubt or unread', async () => {
  const { desk } = bench
  const before = await eraseBefore('dee@example.org')
  const detail = await bench.caseOf(
    ['person', 'kore.user id', 'kore.user id', 'mixpanel.distinct id', 'mixpanel.distinct id'],
    [
      'Ada,ada@example.org,u-ada,d-ada,d-ada-2',
      'Bob,sandbox-unknown-user@example.org,,d-bob,',
      'Cyd,cyd@example.org,,d-\u0007cyd,d-cyd',
      'Dee,Dee@Example.org,,d-dee,',
      'Eve,eve@example.org,,,',
      'Fay,ada@example.org,,,d-bob',
      'Gil,dee@example.org,,,',
    ],
  )
  const caseId = detail.id
  const kore = bench.requestOf(detail, 'kore')
  const mixpanel = bench.requestOf(detail, 'mixpanel')
  expect(detail.standings).toEqual({ erased: 0, 'under way': 0, 'not sent': 7, waits: 0, 'not erased': 0 })

  await scopeTo(kore, { kind: 'bots', botIds: ['st-1'] })
  await scopeTo(mixpanel, { kind: 'choice', value: 'GDPR' })
  expect((await desk.get('getRepeats', { requestId: kore })).count).toBe(1)
  await send(kore)
  expect((await desk.get('getCase', { caseId })).phase).toBe('open')
  expect(await standings(caseId)).toEqual([
    'Ada: not sent (erased, not sent)',
    'Bob: waits (waits, not sent)',
    'Cyd: not sent (erased, not sent)',
    'Dee: not sent (erased, not sent)',
    'Eve: erased (erased)',
    'Fay: not sent (erased, not sent)',
    'Gil: erased (erased)',
  ])
  expect(await desk.ask('discardCase', { caseId })).toMatchObject({ ok: false, failure: { code: 'wrong-state' } })
  expect(
    await desk.ask('leaveOutPart', { caseId, connectionId: bench.connections.kore, reason: 'Too late.' }),
  ).toMatchObject({ ok: false, failure: { code: 'wrong-state' } })

  await send(mixpanel)
  expect(await standings(caseId)).toEqual([
    'Ada: erased (erased, erased)',
    'Bob: waits (waits, erased)',
    'Cyd: not erased (erased, not erased)',
    'Dee: erased (erased, erased)',
    'Eve: erased (erased)',
    'Fay: erased (erased, erased)',
    'Gil: erased (erased)',
  ])
  const waiting = await desk.get('getCase', { caseId })
  expect(waiting).toMatchObject({
    phase: 'open',
    waiting: 1,
    standings: { erased: 5, 'under way': 0, 'not sent': 0, waits: 1, 'not erased': 1 },
  })
  expect((await bench.people(caseId, { standing: 'erased' })).map(({ key }) => key)).toEqual([
    'Ada',
    'Dee',
    'Eve',
    'Fay',
    'Gil',
  ])
  expect((await bench.people(caseId, { standing: 'waits' })).map(({ key }) => key)).toEqual(['Bob'])
  expect((await desk.get('listCases', { filter: 'waiting', ...page })).rows.map(({ id }) => id)).toEqual([caseId])

  // What was left out stands as the earlier one does.
  const dee = (await bench.people(caseId, { search: 'Dee' }))[0]
  expect(dee?.cells[0]?.counts).toEqual({ erased: 1 })
  const [left] = await bench.identifiersOf(caseId, dee?.id ?? (0 as never))
  expect(left).toMatchObject({ state: 'cancelled', earlier: { requestId: before, state: 'erased' } })

  await desk.get('decide', {
    requestId: kore,
    target: { all: true },
    state: 'unconfirmed',
    decision: 'accept as unconfirmed',
    reason: 'The vendor does not know this user.',
  })
  expect((await standings(caseId))[1]).toBe('Bob: not erased (not erased, erased)')
  expect(await desk.get('getCase', { caseId })).toMatchObject({ phase: 'closed', waiting: 0 })
})
