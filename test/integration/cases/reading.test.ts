/** What the readings of a case's file make of its rows, from the operator's side: every row counted, everybody found. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { CaseDetail, PersonRow } from '../../../src/shared/model/case.ts'
import { openBench, page, type Bench } from './support.ts'

let bench: Bench

beforeEach(async () => {
  bench = await openBench()
})
afterEach(async () => {
  await bench.check()
  await bench.close()
})

/** rows = identifiers + duplicates + rejects + elsewhere, of every reading in order. */
function sums({ parts }: CaseDetail): readonly (readonly (number | undefined)[])[] {
  return parts.flatMap(({ readings }) =>
    readings.map(({ summary }) => [
      summary?.rows,
      summary?.identifiers,
      summary?.duplicates,
      summary?.rejects,
      summary?.elsewhere,
    ]),
  )
}

test('several ids of each vendor in one row are readings of one request each, and all are the row’s person’s', async () => {
  const detail = await bench.caseOf(
    ['person', 'kore.user id', 'kore.user id', 'mixpanel.distinct id', 'mixpanel.distinct id'],
    ['A-1,ada@example.org,u-1,d-1,d-2', 'B-2,bob@example.org,,d-3,'],
  )
  expect(detail).toMatchObject({
    reading: 'done',
    phase: 'draft',
    progress: 1,
    people: 2,
    personColumn: 'person 1',
    fileName: 'people.csv',
    standings: { 'not sent': 2, erased: 0 },
  })
  expect(detail.parts.map(({ connectionName, people, request }) => [connectionName, people, request?.total])).toEqual([
    ['Support bots', 2, 3],
    ['Web analytics', 2, 3],
  ])
  expect(detail.parts.map(({ readings }) => readings.map(({ columns }) => columns))).toEqual([
    [['kore.user id 2'], ['kore.user id 3']],
    [['mixpanel.distinct id 4'], ['mixpanel.distinct id 5']],
  ])
  expect(sums(detail)).toEqual([
    [2, 2, 0, 0, 0],
    [2, 1, 0, 0, 1],
    [2, 2, 0, 0, 0],
    [2, 1, 0, 0, 1],
  ])
  expect(await bench.listed(detail.id)).toEqual(['A-1: ada@example.org, u-1, d-1, d-2', 'B-2: bob@example.org, d-3'])
})

test('rows with one key are one person, emails in any letter case; a blank key makes a person of its row', async () => {
  const detail = await bench.caseOf(
    ['person', 'kore.user id', 'mixpanel.distinct id'],
    [' Ada@Example.org ,u-1,d-1', ',u-2,', 'ada@example.ORG,u-3,', ',u-4,d-4', 'K-1,u-5,', 'k-1,u-6,', 'K-1,,d-7'],
  )
  expect(await bench.listed(detail.id)).toEqual([
    'Ada@Example.org: u-1, u-3, d-1',
    'line 3: u-2',
    'line 5: u-4, d-4',
    'K-1: u-5, d-7',
    'k-1: u-6',
  ])
  expect((await bench.people(detail.id)).map(({ line, lines }) => [line, lines])).toEqual([
    [2, 2],
    [3, 1],
    [5, 1],
    [6, 2],
    [7, 1],
  ])
})

test('without a key column each row is a person', async () => {
  const detail = await bench.caseOf(['kore.user id', 'mixpanel.distinct id'], ['u-1,d-1', 'u-2,d-2'])
  expect(detail).toMatchObject({ people: 2, personColumn: null })
  expect(await bench.listed(detail.id)).toEqual(['line 2: u-1, d-1', 'line 3: u-2, d-2'])
})

test('an identifier that two people share is one identifier, and both have it', async () => {
  const detail = await bench.caseOf(
    ['person', 'kore.user id', 'kore.user id', 'mixpanel.distinct id'],
    ['A,shared@example.org,,d-1', 'B,Shared@Example.org,u-9,d-2', 'C,u-9,shared@example.org,', 'A,u-9,,'],
  )
  expect(sums(detail)).toEqual([
    [4, 2, 2, 0, 0],
    [4, 0, 2, 0, 2],
    [4, 2, 0, 0, 2],
  ])
  expect(await bench.listed(detail.id)).toEqual([
    'A: shared@example.org, u-9, d-1',
    'B: shared@example.org, u-9, d-2',
    'C: u-9, shared@example.org',
  ])
  const [a, b, c] = await bench.people(detail.id)
  const sharedWith = async (person: PersonRow | undefined) =>
    person === undefined
      ? null
      : (await bench.identifiersOf(detail.id, person.id)).map((row) => [row.line, row.sharedWith])
  expect(await sharedWith(a)).toEqual([
    [2, 2],
    [5, 2],
    [2, 0],
  ])
  expect(await sharedWith(b)).toEqual([
    [3, 2],
    [3, 2],
    [3, 0],
  ])
  expect(await sharedWith(c)).toEqual([
    [4, 2],
    [4, 2],
  ])
})

test('a blank line, ragged rows, a row that names nobody and a broken cell add up in every reading', async () => {
  const detail = await bench.caseOf(
    ['person', 'kore.user id', 'mixpanel.distinct id', 'kore.bot ids'],
    [
      'A,u-1,d-1,st-1', // 2
      '', // 3
      'B,u-2', // 4: fewer cells
      'C,u-3,d-3,st-1,more', // 5: more cells
      'D,,,st-1', // 6: names nobody
      'E,u\u0007-5,d-5,', // 7: a control character for one vendor
      'F,,d-6,', // 8: nothing for one vendor
      'G,u-7,,no bot!\u0007', // 9: a broken bot cell
    ],
  )
  expect(sums(detail)).toEqual([
    [8, 1, 0, 6, 1],
    [8, 3, 0, 0, 5],
  ])
  const [first, second] = detail.parts.flatMap(({ readings }) => readings)
  const rejects = await bench.desk.get('listImportRows', {
    importId: first?.importId ?? 0,
    disposition: 'reject',
    ...page,
  })
  expect(rejects.rows.map(({ line, reason }) => [line, reason])).toEqual([
    [3, 'blank line'],
    [4, 'fewer cells than the header'],
    [5, 'more cells than the header'],
    [6, 'no identifier in this row'],
    [7, 'control character inside an identifier'],
    [9, 'not a usable bot id'],
  ])
  expect(second?.summary?.rejects).toBe(0)
  expect(await bench.listed(detail.id)).toEqual(['A: u-1, d-1', 'E: d-5', 'F: d-6', 'G: '])
  const cells = (await bench.people(detail.id)).map(({ key, cells: all }) => [
    key,
    all.map(({ connectionId, rejected, counts }) => [
      connectionId === bench.connections.kore ? 'kore' : 'mixpanel',
      rejected,
      counts,
    ]),
  ])
  expect(cells).toEqual([
    [
      'A',
      [
        ['kore', 0, { queued: 1 }],
        ['mixpanel', 0, { queued: 1 }],
      ],
    ],
    [
      'E',
      [
        ['kore', 1, {}],
        ['mixpanel', 0, { queued: 1 }],
      ],
    ],
    ['F', [['mixpanel', 0, { queued: 1 }]]],
    ['G', [['kore', 1, {}]]],
  ])
})

test('a broken record with the key of somebody keeps them from being erased, wherever it stands; it makes nobody', async () => {
  const detail = await bench.caseOf(
    ['person', 'kore.user id', 'mixpanel.distinct id'],
    ['A,u-1,d-1', 'A,u-2', 'b@example.org,u-3,d-3,', 'B@example.org,u-4,d-4', 'C,u-5', 'A,,'],
  )
  expect(sums(detail)).toEqual([
    [6, 2, 0, 4, 0],
    [6, 2, 0, 0, 4],
  ])
  expect(await bench.listed(detail.id)).toEqual(['A: u-1, d-1', 'B@example.org: u-4, d-4'])
  const rejected = (await bench.people(detail.id)).map(({ key, cells }) => [key, cells.map((cell) => cell.rejected)])
  expect(rejected).toEqual([
    ['A', [1, 0]],
    ['B@example.org', [1, 0]],
  ])
})

test('a person whose only row is rejected as a whole is none; the reject names the row', async () => {
  const detail = await bench.caseOf(['person', 'kore.user id', 'mixpanel.distinct id'], ['A,u-1,d-1', 'B,,'])
  expect(detail.people).toBe(1)
})

test('one channel serves two channel user ids, and stands for nothing where an id is not there', async () => {
  const detail = await bench.caseOf(
    ['kore.channel id', 'kore.channel user id', 'kore.channel user id', 'mixpanel.distinct id'],
    ['slack,U1,U2,', 'slack,U3,,d-1', 'slack,,,d-2', 'slack,,,', ',U4,,'],
  )
  expect(sums(detail)).toEqual([
    [5, 3, 0, 1, 1],
    [5, 1, 0, 0, 4],
    [5, 2, 0, 0, 3],
  ])
  expect(await bench.listed(detail.id)).toEqual([
    'line 2: slack/U1, slack/U2',
    'line 3: slack/U3, d-1',
    'line 4: d-2',
    'line 6: U4',
  ])
})

test('channels are paired with ids in their order; a channel of its own without an id is a reject', async () => {
  const detail = await bench.caseOf(
    ['kore.channel id', 'kore.channel user id', 'kore.channel id', 'kore.channel user id', 'mixpanel.distinct id'],
    ['slack,U1,teams,T1,', 'slack,U2,teams,,d-2'],
  )
  expect(sums(detail)).toEqual([
    [2, 2, 0, 0, 0],
    [2, 1, 0, 1, 0],
    [2, 1, 0, 0, 1],
  ])
  expect(await bench.listed(detail.id)).toEqual(['line 2: slack/U1, teams/T1', 'line 3: slack/U2, d-2'])
})

test('channels that are not as many as their ids, and no ids for a connection, fail in words; nothing is made', async () => {
  const file = bench.write('a,b,c,d,e,f\n1,2,3,4,5,6\n')
  const unequal = await bench.desk.ask(
    'startCase',
    await bench.inputOf(file, [
      'kore.channel id',
      'kore.channel id',
      'kore.channel user id',
      'kore.channel user id',
      'kore.channel user id',
      'mixpanel.distinct id',
    ]),
  )
  expect(unequal).toMatchObject({ ok: false, failure: { code: 'column-missing', kept: 'Nothing was read.' } })
  expect(unequal.ok ? '' : unequal.failure.message).toContain('2 columns of channel ids and 3 of channel user ids')
  const missing = await bench.desk.ask(
    'startCase',
    await bench.inputOf(file, ['kore.user id', '-', '-', '-', '-', '-']),
  )
  expect(missing).toMatchObject({ ok: false, failure: { code: 'column-missing' } })
  expect((await bench.desk.get('listCases', { filter: 'all', ...page })).total).toBe(0)
  expect((await bench.desk.get('listRequests', { filter: 'all', sort: 'newest', ...page })).total).toBe(0)
})

test('people are found by key, by its beginning and by any of their identifiers, and page by page', async () => {
  const lines = Array.from({ length: 30 }, (_, index) => `P-${index},u-${index},d-${index % 10}`)
  const { id: caseId } = await bench.caseOf(['person', 'kore.user id', 'mixpanel.distinct id'], lines)
  const keys = async (search: string) => (await bench.people(caseId, { search })).map(({ key }) => key)
  expect(await keys('P-7')).toEqual(['P-7'])
  expect(await keys('P-2')).toEqual(['P-2', ...Array.from({ length: 10 }, (_, index) => `P-2${index}`)])
  expect(await keys('u-29')).toEqual(['P-29'])
  expect(await keys('d-3')).toEqual(['P-3', 'P-13', 'P-23'])
  expect(await keys('nobody')).toEqual([])

  const all = await bench.people(caseId)
  const first = await bench.desk.get('listPeople', { caseId, standing: null, anchor: { index: 0 }, limit: 10 })
  const after = first.rows.at(-1)?.id ?? 0
  const next = await bench.desk.get('listPeople', { caseId, standing: null, anchor: { after }, limit: 10 })
  expect(next).toMatchObject({ start: 10, total: 30 })
  const jump = await bench.desk.get('listPeople', { caseId, standing: null, anchor: { index: 25 }, limit: 10 })
  expect([...first.rows, ...next.rows].map(({ key }) => key)).toEqual(all.slice(0, 20).map(({ key }) => key))
  expect(jump.rows.map(({ key }) => key)).toEqual(all.slice(25).map(({ key }) => key))
  const standing = await bench.desk.get('listPeople', { caseId, standing: 'not sent', anchor: { after }, limit: 5 })
  expect(standing).toMatchObject({ start: 10, total: 30, rows: all.slice(10, 15) })
  expect(await bench.people(caseId, { standing: 'erased' })).toEqual([])
})
