/** What holds a case together: its file, its scope, its guards, and what ends it. */
import { utimesSync, writeFileSync } from 'node:fs'
import { afterEach, expect, test } from 'vitest'
import type { Database } from '../../../src/main/core/ports.ts'
import type { CaseId, RequestId } from '../../../src/shared/model/ids.ts'
import { openBench, page, type Bench } from './support.ts'

const benches: Bench[] = []

afterEach(async () => {
  for (const bench of benches.splice(0)) {
    await bench.check()
    await bench.close()
  }
})

async function newBench(...input: Parameters<typeof openBench>): Promise<Bench> {
  const bench = await openBench(...input)
  benches.push(bench)
  return bench
}

const both = ['person', 'kore.user id', 'mixpanel.distinct id'] as const

async function scopeTo(bench: Bench, requestId: RequestId, ...botIds: readonly string[]): Promise<void> {
  await bench.desk.get('updateDraft', { requestId, scope: { kind: 'bots', botIds: [...botIds] } })
}

async function kinds(bench: Bench, requestId: RequestId): Promise<readonly string[]> {
  return (await bench.desk.get('listEvents', { requestId, ...page })).rows.map(({ kind }) => kind)
}

test('rows folded into a scope and brought back leave everybody what is theirs', async () => {
  const bench = await newBench()
  const detail = await bench.caseOf(
    ['person', 'kore.user id', 'kore.user id', 'kore.bot ids', 'mixpanel.distinct id'],
    ['A,u-1,,,d-1', 'B,u-1,u-2,st-1,', 'C,U-1,u-1,st-1,', 'D,u-2,,,', 'A,u-1,,st-2,'],
  )
  const requestId = bench.requestOf(detail, 'kore')
  const unfolded = ['A: u-1, u-1, d-1', 'B: u-1, u-2', 'C: U-1, u-1', 'D: u-2']
  expect(await bench.listed(detail.id)).toEqual(unfolded)
  const shared = async () => {
    const rows = await bench.people(detail.id)
    return await Promise.all(
      rows.map(async ({ id }) => (await bench.identifiersOf(detail.id, id)).map(({ sharedWith }) => sharedWith)),
    )
  }
  expect(await shared()).toEqual([[0, 0, 0], [1, 0], [0, 1], [0]])

  await scopeTo(bench, requestId, 'st-1')
  await bench.check()
  expect(await bench.listed(detail.id)).toEqual(unfolded)
  expect(await shared()).toEqual([[2, 0, 0], [2, 1], [0, 2], [1]])
  const counts = (await bench.people(detail.id)).map(({ cells }) => cells.map(({ counts: all }) => all))
  expect(counts).toEqual([[{ queued: 2 }, { queued: 1 }], [{ queued: 2 }], [{ queued: 2 }], [{ queued: 1 }]])

  await scopeTo(bench, requestId, 'st-2')
  await bench.check()
  expect(await bench.listed(detail.id)).toEqual(['A: u-1, d-1', 'B: u-1, u-2', 'C: U-1, u-1', 'D: u-2'])
  await scopeTo(bench, requestId, 'st-9')
  expect(await bench.listed(detail.id)).toEqual(unfolded)
  expect(await shared()).toEqual([[0, 0, 0], [1, 0], [0, 1], [0]])
})

test('while a request is part of a case, nothing parts it from it: the words name the case and the way', async () => {
  const bench = await newBench()
  const { desk, connections } = bench
  const detail = await bench.caseOf(both, ['A,u-1,d-1'])
  const requestId = bench.requestOf(detail, 'kore')
  const request = await desk.get('getRequest', { requestId })
  expect(request).toMatchObject({ case: { id: detail.id, name: 'October asks' }, name: 'October asks · Support bots' })
  const refused = {
    ok: false,
    failure: {
      code: 'not-allowed',
      message: expect.stringContaining('“October asks”'),
      next: expect.stringContaining('discard the case'),
    },
  }
  const token = await bench.tokenOf(bench.write('email\nmore@example.org\n', 'more.csv'))
  const { format, roles } = await desk.get('inspectFile', { token })
  expect(await desk.ask('startImport', { requestId, token, format, roles })).toMatchObject(refused)
  expect(await desk.ask('removeImport', { importId: request.imports[0]?.id ?? 0 })).toMatchObject(refused)
  expect(await desk.ask('discardDraft', { requestId })).toMatchObject(refused)
  const other = await desk.get('saveConnection', {
    vendor: 'kore',
    name: 'Another',
    origin: 'http://127.0.0.1:9',
    clientId: 'cs-2',
    secret: 'secret',
  })
  expect(await desk.ask('updateDraft', { requestId, connectionId: other.id })).toMatchObject(refused)
  expect(await desk.ask('updateDraft', { requestId, connectionId: connections.kore, name: 'My name' })).toMatchObject({
    ok: true,
  })
  expect(await bench.listed(detail.id)).toEqual(['A: u-1, d-1'])
})

test('name and facts are given to the drafts of the case; a draft with a name of its own keeps it', async () => {
  const bench = await newBench()
  const { desk } = bench
  const detail = await bench.caseOf(both, ['A,u-1,d-1'])
  await desk.get('updateDraft', { requestId: bench.requestOf(detail, 'kore'), name: 'Bots first' })
  const caseFacts = {
    regulation: 'CCPA',
    receivedOn: '2026-10-01',
    answerDue: null,
    channel: 'email',
    reference: 'DSR-7',
  } as const
  const changed = await desk.get('updateCase', { caseId: detail.id, name: 'November asks', caseFacts })
  expect(changed).toMatchObject({ name: 'November asks', caseFacts, answerDue: '2026-11-15' })
  expect(changed.parts.map(({ request }) => [request?.name, request?.answerDue, request?.reference])).toEqual([
    ['Bots first', '2026-11-15', 'DSR-7'],
    ['November asks · Web analytics', '2026-11-15', 'DSR-7'],
  ])
  const listed = await desk.get('listCases', { filter: 'drafts', search: 'dsr-7', ...page })
  expect(listed).toMatchObject({ total: 1, counts: { drafts: 1, open: 0, closed: 0, waiting: 0, all: 1 } })
  expect(listed.rows[0]).toMatchObject({ name: 'November asks', phase: 'draft', people: 1, counts: { queued: 2 } })
})

test('a case is made with its facts in one step: every draft has them from the first moment', async () => {
  const bench = await newBench()
  const caseFacts = {
    regulation: 'CCPA',
    receivedOn: '2026-10-01',
    answerDue: null,
    channel: 'web form',
    reference: 'DSR-8',
  } as const
  const file = bench.write('person,id,distinct\nA,u-1,d-1\n')
  const started = await bench.desk.get('startCase', await bench.inputOf(file, both, { caseFacts }))
  expect(started).toMatchObject({ caseFacts, answerDue: '2026-11-15' })
  expect(started.parts.map(({ request }) => [request?.answerDue, request?.reference])).toEqual([
    ['2026-11-15', 'DSR-8'],
    ['2026-11-15', 'DSR-8'],
  ])
  await bench.readToEnd(started.id)
  expect(await kinds(bench, bench.requestOf(started, 'kore'))).not.toContain('facts set')
})

test('what the columns hold is remembered for the header and the connections, and guessed for others', async () => {
  const bench = await newBench()
  const { desk, connections } = bench
  const file = bench.write('person,email,email 2,Mixpanel id,account\nA,a@example.org,,d-1,x\n')
  const format = { encoding: 'utf-8', delimiter: ',', hasHeader: true } as const
  const guess = async (...connectionIds: readonly (keyof typeof connections)[]) =>
    await desk.get('guessCaseColumns', {
      token: await bench.tokenOf(file),
      format,
      connectionIds: connectionIds.map((of) => connections[of]),
    })
  const guessed = bench.columnsOf(['person', 'kore.user id', 'kore.user id', 'mixpanel.distinct id', '-'])
  expect(await guess('kore', 'mixpanel')).toEqual({ from: 'guessed', columns: guessed })

  const chosen = ['-', 'kore.user id', '-', 'mixpanel.distinct id', 'person'] as const
  const started = await desk.get('startCase', await bench.inputOf(file, chosen))
  await bench.readToEnd(started.id)
  expect(await guess('mixpanel', 'kore')).toEqual({ from: 'remembered', columns: bench.columnsOf(chosen) })
  expect((await guess('kore')).from).toBe('guessed')
  const memory = await bench.inFile((sql) => sql.prepare('SELECT * FROM column_memory').all())
  expect(memory).toEqual([])
})

test('a connection is left out with a reason, its identifiers are part of nobody any more, and the last one stays', async () => {
  const bench = await newBench()
  const { desk, connections } = bench
  const { id: caseId, ...detail } = await bench.caseOf(both, ['A,u-1,d-1', 'B,,d-2'])
  const kore = bench.requestOf({ id: caseId, ...detail }, 'kore')
  const mixpanel = bench.requestOf({ id: caseId, ...detail }, 'mixpanel')
  const leave = async (of: keyof typeof connections, reason: string) =>
    await desk.ask('leaveOutPart', { caseId, connectionId: connections[of], reason })
  expect(await leave('kore', ' ')).toMatchObject({ ok: false, failure: { code: 'reason-missing' } })
  expect(await leave('kore', 'No bot is in use.')).toMatchObject({ ok: true })
  const left = await desk.get('getCase', { caseId })
  expect(left).toMatchObject({ reading: 'done', people: 2, counts: { queued: 2 } })
  expect(left.parts.map(({ request, leftOutAt, people }) => [request?.id, leftOutAt !== null, people])).toEqual([
    [undefined, true, 0],
    [mixpanel, false, 2],
  ])
  expect(left.parts[0]?.readings).toEqual([{ columns: ['kore.user id 2'], importId: null, summary: null }])
  expect(await bench.listed(caseId)).toEqual(['A: d-1', 'B: d-2'])
  expect(await leave('mixpanel', 'Neither.')).toMatchObject({
    ok: false,
    failure: { code: 'not-allowed', next: expect.stringContaining('Discard the case') },
  })
  expect(await desk.ask('getRequest', { requestId: kore })).toMatchObject({ ok: false, failure: { code: 'not-found' } })
  expect(await kinds(bench, mixpanel)).toContain('connection left out')
  expect(await bench.inFile((sql) => sql.prepare('SELECT count(*) AS n FROM identifier').get())).toEqual({ n: 2 })
})

test('where the connection of the first reading is left out, rows that name nobody are rejects of the next', async () => {
  const bench = await newBench()
  const { desk, connections } = bench
  const detail = await bench.caseOf(
    ['person', 'kore.user id', 'kore.user id', 'mixpanel.distinct id'],
    ['A,u-1,,d-1', 'B,u-2,,d-2,ragged', '', 'C,,,', 'D,u-\u00074,,d-4'],
  )
  const left = await desk.get('leaveOutPart', {
    caseId: detail.id,
    connectionId: connections.kore,
    reason: 'No bot is in use.',
  })
  const [reading] = left.parts[1]?.readings ?? []
  expect(reading?.summary).toMatchObject({ rows: 5, identifiers: 2, duplicates: 0, rejects: 3, elsewhere: 0 })
  const rejects = await desk.get('listImportRows', {
    importId: reading?.importId ?? 0,
    disposition: 'reject',
    ...page,
  })
  expect(rejects.rows.map(({ line, reason, raw }) => [line, reason, raw])).toEqual([
    [3, 'more cells than the header', 'B,u-2,,d-2,ragged'],
    [4, 'blank line', ''],
    [5, 'no identifier in this row', 'C,,,'],
  ])
  expect(await bench.listed(detail.id)).toEqual(['A: d-1', 'D: d-4'])
})

test('a case is discarded whole: drafts, people and lines are gone, and the log says so', async () => {
  const bench = await newBench()
  const { desk } = bench
  const detail = await bench.caseOf(both, ['A,u-1,d-1', 'B,,d-2', 'A,u-1,'])
  const kept = await bench.caseOf(both, ['A,u-1,d-1'])
  expect(await desk.get('discardCase', { caseId: detail.id })).toEqual({})
  expect(await desk.ask('getCase', { caseId: detail.id })).toMatchObject({ ok: false, failure: { code: 'not-found' } })
  const left = await bench.inFile((sql) =>
    ['"case"', 'case_part', 'case_reading', 'person', 'person_line', 'request', 'identifier', 'import'].map((table) =>
      sql.prepare(`SELECT count(*) FROM ${table}`).pluck().get(),
    ),
  )
  expect(left).toEqual([1, 2, 2, 1, 1, 2, 2, 2])
  expect(await bench.listed(kept.id)).toEqual(['A: u-1, d-1'])
  expect(await kinds(bench, bench.requestOf(detail, 'kore'))).toContain('draft discarded')
})

test('a case is discarded while the rows of a connection that was left out are still going', async () => {
  const bench = await newBench()
  const { desk, connections } = bench
  const lines = Array.from({ length: 30_000 }, (_, row) => `P-${row},u-${row},v-${row},${row < 10 ? `d-${row}` : ''}`)
  const { id: caseId } = await bench.caseOf(['person', 'kore.user id', 'kore.user id', 'mixpanel.distinct id'], lines)
  const leaving = desk.ask('leaveOutPart', { caseId, connectionId: connections.kore, reason: 'No bot is in use.' })
  await desk.until(async () => {
    const { rows } = await desk.get('listRequests', { filter: 'all', sort: 'newest', ...page })
    return rows.length === 1 ? true : undefined
  })
  expect(await desk.ask('discardCase', { caseId })).toEqual({ ok: true, value: {} })
  await leaving
  const left = await bench.inFile((sql) =>
    ['"case"', 'person', 'person_line', 'request', 'identifier', 'import'].map((table) =>
      sql.prepare(`SELECT count(*) FROM ${table}`).pluck().get(),
    ),
  )
  expect(left).toEqual([0, 0, 0, 0, 0, 0])
})

test('no event of a case holds an identifier or a key', async () => {
  const bench = await newBench()
  const detail = await bench.caseOf(both, ['KEY-1,u-secret-1,d-secret-1', 'KEY-2,u-secret-1,'])
  await scopeTo(bench, bench.requestOf(detail, 'kore'), 'st-1')
  await bench.desk.get('leaveOutPart', {
    caseId: detail.id,
    connectionId: bench.connections.mixpanel,
    reason: 'Asked about bots alone.',
  })
  await bench.desk.get('discardCase', { caseId: detail.id })
  const events = await bench.inFile((sql) => JSON.stringify(sql.prepare('SELECT * FROM event').all()))
  expect(events).not.toMatch(/secret|KEY/)
  expect(events).toContain('The file of the case is read in to its end.')
})

/** What a case that was not read in to its end allows: nothing but to be discarded. */
async function expectIncomplete(bench: Bench, caseId: CaseId): Promise<void> {
  const { desk } = bench
  const detail = await bench.readToEnd(caseId)
  expect(detail.reading).toBe('incomplete')
  for (const of of ['kore', 'mixpanel'] as const) {
    const requestId = bench.requestOf(detail, of)
    const plan = await desk.get('getPlan', { requestId })
    expect(plan.obstacles.map(({ code }) => code)).toContain('case-incomplete')
    const sent = await desk.ask('sendRequest', { requestId, planDigest: plan.digest, typedCount: plan.identifiers })
    expect(sent.ok).toBe(false)
    expect(await kinds(bench, requestId)).toContain('case incomplete')
  }
  expect(
    await desk.ask('leaveOutPart', { caseId, connectionId: bench.connections.kore, reason: 'Never mind.' }),
  ).toMatchObject({ ok: false, failure: { code: 'wrong-state', next: expect.stringContaining('Discard the case') } })
  expect(await desk.get('discardCase', { caseId })).toEqual({})
  expect(await bench.inFile((sql) => sql.prepare('SELECT count(*) FROM person').pluck().get())).toBe(0)
}

test('a file that changes between two readings leaves the case incomplete, in the words it has for that', async () => {
  const change: { before: number; file: string } = { before: 1, file: '' }
  let readings = 0
  const held: { database?: Database } = {}
  const bench = await newBench(
    {},
    {
      database: (database) => {
        held.database = database
        return database
      },
      reader: (reader) => ({
        ...reader,
        read: (input) => {
          if (readings === change.before) {
            writeFileSync(change.file, 'person,id,distinct\nA,u-1,d-1\nB,u-2,d-2\n')
            utimesSync(change.file, new Date(1000), new Date(1000))
          }
          readings += 1
          return reader.read(input)
        },
      }),
    },
  )
  change.file = bench.write('person,id,distinct\nA,u-1,d-1\n')
  const { id: caseId } = await bench.desk.get('startCase', await bench.inputOf(change.file, both))
  const detail = await bench.readToEnd(caseId)
  expect(detail.parts[0]?.readings[0]?.summary).toMatchObject({ status: 'done', identifiers: 1 })
  expect(detail.parts[1]?.readings[0]?.summary).toMatchObject({
    status: 'failed',
    identifiers: 0,
    failure: { code: 'file-changed' },
  })
  const events = await bench.desk.get('listEvents', { requestId: bench.requestOf(detail, 'kore'), ...page })
  expect(events.rows.map(({ words }) => words).join(' ')).toContain('The file changed while it was being read')
  // Nor by the command itself, whatever plan it is given.
  const requestId = bench.requestOf(detail, 'kore')
  await scopeTo(bench, requestId, 'st-1')
  const basis = await held.database?.planBasis({ requestId, now: Date.now(), samplePerGroup: 1 })
  const fingerprint = basis?.ok === true ? basis.value.fingerprint : ''
  expect(
    await held.database?.openRequest({ requestId, planDigest: 'a plan', fingerprint, now: Date.now() }),
  ).toMatchObject({ ok: false, failure: { code: 'wrong-state', kept: 'Nothing was sent.' } })
  await expectIncomplete(bench, caseId)
})

test('cancelled in the middle, no reading goes on and the case can only be discarded', async () => {
  const bench = await newBench()
  const { desk } = bench
  const lines = Array.from({ length: 60_000 }, (_, row) => `P-${row},u-${row},d-${row}\n`)
  const file = bench.write(`person,id,distinct\n${lines.join('')}`)
  const { id: caseId } = await desk.get('startCase', await bench.inputOf(file, both))
  await desk.until(async () => ((await desk.get('getCase', { caseId })).progress > 0 ? true : undefined))
  expect(await desk.ask('discardCase', { caseId })).toMatchObject({ ok: false, failure: { code: 'import-running' } })
  const cancelled = await desk.get('cancelCaseReading', { caseId })
  expect(cancelled.reading).toBe('incomplete')
  expect(cancelled.parts.flatMap(({ readings }) => readings.map(({ summary }) => summary?.status ?? null))).toEqual([
    'cancelled',
    null,
  ])
  await expectIncomplete(bench, caseId)
})
