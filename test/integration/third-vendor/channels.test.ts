/** Every channel that a screen uses answers for a vendor that no room but its own folder knows. */
import { writeFileSync } from 'node:fs'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { contract, type ChannelName } from '../../../src/shared/contract.ts'
import type { ConnectionId } from '../../../src/shared/model/ids.ts'
import { openBench, page, type ThirdVendorBench } from './bench.ts'

/** Channels that say nothing of vendors: the window's own, and the simulator that the app brings for those it knows. */
const ofTheApp: ReadonlySet<ChannelName> = new Set<ChannelName>([
  'getAppearance',
  'setAppearance',
  'openExternalLink',
  'startSandbox',
  'stopSandbox',
])
/** Channels about one copy of people's data: at a vendor that makes none there is none to ask about. */
const aboutOneCopy: ReadonlySet<ChannelName> = new Set<ChannelName>([
  'askForRetrievals',
  'askRetrievalAgain',
  'leaveRetrieval',
  'checkRetrieval',
  'fetchRetrievalLink',
  'openRetrievalLink',
  'saveRetrieval',
  'cancelRetrievalSave',
])
const aboutVendors = (Object.keys(contract) as ChannelName[]).filter(
  (channel) => !ofTheApp.has(channel) && !aboutOneCopy.has(channel),
)

let bench: ThirdVendorBench

beforeEach(async () => {
  bench = await openBench()
})

afterEach(async () => {
  await bench.close()
})

test('every channel of the contract answers for Fernhill', async () => {
  const { server, formOf, importLines, send, countsOnceSettled, decideAll, fileIn } = bench
  const desk = bench.desk()
  const connection = await desk.get('saveConnection', formOf())
  const connectionId = connection.id
  const { settings } = connection
  await desk.get('testConnection', { connectionId })
  await desk.get('retireConnection', { connectionId })
  await desk.get('restoreConnection', { connectionId })
  await desk.get('resumeConnection', { connectionId })
  await desk.get('completeSettings', { vendor: 'fernhill', settings })
  await desk.get('checkOrigin', { vendor: 'fernhill', origin: server.origin })
  await desk.get('listVendors', {})
  expect(await desk.get('listConnections', {})).toMatchObject([{ vendor: 'fernhill' }])
  expect(await desk.get('listAccounts', {})).toMatchObject([{ vendor: 'fernhill' }])
  expect(await desk.get('listBudgets', {})).toMatchObject([
    { vendor: 'fernhill', windows: [{ milliseconds: 1000, calls: 5 }] },
  ])
  expect(await desk.get('getConnection', { connectionId })).toMatchObject({ vendor: 'fernhill' })

  const requestId = (await desk.get('createDraft', { connectionId })).id
  await importLines(requestId, ['plain-1,T-1', 'missing-1,T-2', 'hold-1,T-3', 'hold-2,T-4', 'plain-5,T-5', ',T-6'])
  await desk.get('dryRun', { requestId })
  await send(requestId)
  await desk.get('pauseRequest', { requestId })
  await desk.get('resumeRequest', { requestId })
  const held = await desk.until(async () => {
    const { rows } = await desk.get('listBatches', { requestId, ...page })
    return rows.find(({ vendorWords }) => vendorWords === 'waiting')
  })
  const batchId = held.id
  await desk.get('pollNow', { requestId })
  await desk.get('listBatchGroups', { requestId, batchId })
  await desk.get('listStrangers', { requestId, batchId, ...page })
  await desk.get('cancelUnsent', { requestId, reason: 'Nothing is unsent.' })
  await desk.get('cancelBatch', { requestId, batchId, reason: 'Withdrawn in a test.' })
  await countsOnceSettled(requestId)
  expect(await desk.ask('askForRetrievals', { requestId, disclosure: null })).toMatchObject({
    ok: false,
    failure: { message: 'Fernhill makes no copies of people’s data.', kept: 'Nothing was asked for.' },
  })
  expect(await desk.get('listRetrievals', { requestId, ...page })).toMatchObject({ rows: [], total: 0 })
  expect(await desk.get('listScopes', { requestId })).toMatchObject({ scopes: [{ scope: { kind: 'everything' } }] })
  expect((await desk.get('listAttempts', { requestId, ...page })).rows.map(({ kind }) => kind)).toContain('cancel')
  const revoked = await desk.get('listIdentifiers', { requestId, states: ['revoked'], ...page })
  expect(revoked.rows.map(({ kind, value }) => [kind, value])).toEqual(
    ['plain-1', 'hold-1', 'hold-2'].map((value) => ['distinct id', value]),
  )
  expect((await desk.get('listEvents', { requestId, ...page })).rows.length).toBeGreaterThan(3)
  expect(await desk.get('getOverview', {})).toMatchObject({ erasedLast30Days: expect.any(Number) })
  expect((await desk.get('listRequests', { filter: 'all', ...page })).rows).toMatchObject([{ vendor: 'fernhill' }])

  // What is erased in the whole workspace is a repeat in the next file; what was taken back is none.
  const again = (await desk.get('createDraft', { connectionId })).id
  const imported = await importLines(again, ['plain-1,T-7', 'plain-5,T-8', 'plain-5,T-8', 'plain-9,T-9', ''])
  expect(await desk.get('getRepeats', { requestId: again })).toMatchObject({ count: 1, decision: 'leave out' })
  await desk.get('listRepeats', { requestId: again, ...page })
  await desk.get('decideRepeats', { requestId: again, decision: 'send again' })
  expect(await desk.get('suggestBots', { requestId: again })).toMatchObject({ inFile: [], known: [] })
  const importId = imported.id
  expect((await desk.get('listImportRows', { importId, disposition: 'duplicate', ...page })).rows).toHaveLength(1)
  desk.saveTo(fileIn('rejects.csv'))
  await desk.get('saveRejects', { importId })
  await desk.get('cancelImport', { importId })
  await desk.get('chooseFile', {})
  await desk.get('updateDraft', { requestId: again, name: 'Of no more use' })
  await desk.get('removeImport', { importId })
  await desk.get('discardDraft', { requestId: again })
  await decideAll(requestId, 'revoked', 'send again')

  await keepCase(bench, connectionId)

  expect(aboutVendors.filter((channel) => !desk.answered.has(channel))).toEqual([])
  expect(desk.problems).toEqual([])
})

/** Makes a case over Fernhill, with a second connection that is left out, and takes it away again. */
async function keepCase({ desk: deskOf, fileIn, formOf }: ThirdVendorBench, connectionId: ConnectionId): Promise<void> {
  const desk = deskOf()
  const { id: other } = await desk.get('saveConnection', formOf({ name: 'Fernhill, workspace 2' }))
  const file = fileIn('case.csv')
  writeFileSync(file, 'person,Fernhill subject,Fernhill workspace 2 id\nP-1,plain-21,plain-22\n')
  const { token } = (await desk.drop(file)) ?? { token: '' }
  const { format } = await desk.get('inspectFile', { token })
  const connectionIds = [connectionId, other]
  const { columns, from } = await desk.get('guessCaseColumns', { token, format, connectionIds })
  expect({ columns, from }).toEqual({
    from: 'guessed',
    columns: [
      { kind: 'person key' },
      { kind: 'of connection', connectionId, role: 'distinct id' },
      { kind: 'of connection', connectionId: other, role: 'distinct id' },
    ],
  })
  const { id: caseId } = await desk.get('startCase', { name: 'Asks', token, format, connectionIds, columns })
  const detail = await desk.until(async () => {
    const found = await desk.get('getCase', { caseId })
    return found.reading === 'done' ? found : undefined
  })
  expect(detail.parts.map(({ request }) => request?.total)).toEqual([1, 1])
  await desk.get('cancelCaseReading', { caseId })
  expect(await desk.get('updateCase', { caseId, name: 'Asks of October' })).toMatchObject({ name: 'Asks of October' })
  expect((await desk.get('listCases', { filter: 'drafts', ...page })).total).toBe(1)
  const [person] = (await desk.get('listPeople', { caseId, standing: 'not sent', ...page })).rows
  expect(person).toMatchObject({ key: 'P-1', cells: [{ connectionId }, { connectionId: other }] })
  if (person === undefined) return
  const { rows } = await desk.get('listPersonIdentifiers', { caseId, personId: person.id })
  expect(rows.map(({ value }) => value)).toEqual(['plain-21', 'plain-22'])
  // There is nothing to choose, so each draft has its scope from the beginning.
  const plan = await desk.get('getPlan', { requestId: rows[0]?.requestId ?? 0 })
  expect(plan.groups).toMatchObject([{ scope: { kind: 'everything' }, identifiers: 1 }])
  await desk.get('leaveOutPart', { caseId, connectionId: other, reason: 'It is empty.' })
  await desk.get('discardCase', { caseId })
}
