/**
 * How fast a case of 100,000 people is read in and shown: a real file with ids for two connections, three readings, every
 * tenth person with two rows and every twentieth sharing an id. Prints how long other writes had to wait meanwhile, and
 * while a connection is left out and the case is discarded, and the 50th and 95th percentile of pages. Exit code 1 where a
 * page without a filter takes more than 50 ms, or a write waits more than 200 ms and half as long again as in an ordinary
 * import. `--people=N` for another size.
 */
import { performance } from 'node:perf_hooks'
import { createCaseReadings } from '../../src/main/core/cases/readings.ts'
import type { ReadChannel } from '../../src/main/core/ports.ts'
import { vendors } from '../../src/main/vendors/index.ts'
import type { ParsedInput } from '../../src/shared/contract.ts'
import type { CaseColumn } from '../../src/shared/model/case.ts'
import { readingsOf } from '../../src/shared/model/case-readings.ts'
import type { CaseId } from '../../src/shared/model/ids.ts'
import { caseFactsSchema } from '../../src/shared/model/request.ts'
import { addConnection, must, start } from '../integration/database/support.ts'
import { openDesk, type Desk } from '../integration/import/support.ts'

const limitMilliseconds = 50
const longestWait = 200
const repeats = 100
const longestMilliseconds = 15_000
const asked = process.argv.find((argument) => argument.startsWith('--people='))
const people = Number(asked?.split('=')[1] ?? 100_000)

function fileOf(count: number): string {
  const lines = ['person,email,second,distinct\n']
  for (let row = 0; row < count; row += 1) {
    const email = row % 20 === 1 ? `person${row - 1}@example.org` : `person${row}@example.org`
    lines.push(`P-${row},${email},${row % 3 === 0 ? `u-${row}` : ''},d-${row}\n`)
    if (row % 10 === 0) lines.push(`p-${row},,v-${row},e-${row}\nP-${row},,,f-${row}\n`)
  }
  return lines.join('')
}

/** Reads the file into a new case; gives how long that took, and how long a small write waited meanwhile at most. */
async function readIn(desk: Desk): Promise<Readonly<{ caseId: CaseId; seconds: number; waited: number }>> {
  const { database, imports } = desk
  const [kore] = must(await database.read('listConnections', { retired: false }, start))
  const mixpanel = await addConnection(database, { vendor: 'mixpanel' })
  if (kore === undefined) throw new Error('The desk has a connection')
  const path = desk.write('people.csv', fileOf(people))
  const format = { encoding: 'utf-8', delimiter: ',', hasHeader: true } as const
  const sample = must(await imports.look(path, format))
  const columns: readonly CaseColumn[] = [
    { kind: 'person key' },
    { kind: 'of connection', connectionId: kore.id, role: 'user id' },
    { kind: 'of connection', connectionId: kore.id, role: 'user id' },
    { kind: 'of connection', connectionId: mixpanel.id, role: 'distinct id' },
  ]
  const connections = [
    { id: kore.id, name: kore.name, roles: vendors.kore.profile.columns },
    { id: mixpanel.id, name: mixpanel.name, roles: vendors.mixpanel.profile.columns },
  ]
  const readings = must(readingsOf(columns, connections))
  const started = must(
    await database.startCase({
      name: 'Bench',
      fileName: 'people.csv',
      personColumn: 'person',
      caseFacts: caseFactsSchema.parse({}),
      parts: connections.map(({ id }) => ({ connectionId: id, scope: null })),
      readings: readings.map(({ connectionId }) => ({ connectionId, titles: ['a column'] })),
      remembered: null,
      now: start,
    }),
  )
  const clock = { now: () => start, steady: () => 0, sleep: () => Promise.resolve() }
  const log = { info: () => {}, problem: (event: string) => process.stderr.write(`${event}\n`) }
  const begun = performance.now()
  createCaseReadings({ database: () => database, imports, clock, notify: () => {}, log }).begin(started, {
    path,
    sample,
    readings,
    personKeyColumn: 0,
  })
  const waited = await longestWaitUntil(desk, async () => {
    const all = { filter: 'all', search: '', anchor: { index: 0 }, limit: 1 } as const
    return must(await database.read('listCases', all, start)).rows[0]?.reading !== 'running'
  })
  return { caseId: started.caseId, seconds: (performance.now() - begun) / 1000, waited }
}

/** Milliseconds that one small write after the other waited at most. */
async function longestWaitUntil({ database }: Desk, isDone: () => Promise<boolean>): Promise<number> {
  let waited = 0
  for (;;) {
    const asking = performance.now()
    must(await database.writeSetting('bench', String(asking)))
    waited = Math.max(waited, performance.now() - asking)
    if (await isDone()) return waited
  }
}

/** The same while the same file is read in for one request, as files are that belong to no case. */
async function ordinaryWait(desk: Desk): Promise<number> {
  const requestId = await desk.newDraft()
  const format = { encoding: 'utf-8', delimiter: ',', hasHeader: true } as const
  const roles = ['ignore', 'user id', 'ignore', 'ignore'] as const
  const path = desk.write('one.csv', fileOf(people))
  const { id: importId } = must(await desk.imports.start({ requestId, path, format, roles: [...roles] }))
  return await longestWaitUntil(desk, async () => {
    return must(await desk.database.read('getImport', { importId }, start)).status !== 'running'
  })
}

async function measure(name: string, work: (turn: number) => Promise<unknown>): Promise<number> {
  for (let turn = 0; turn < 3; turn += 1) await work(turn)
  const times: number[] = []
  const end = performance.now() + longestMilliseconds
  for (let turn = 0; turn < repeats && performance.now() < end; turn += 1) {
    const begun = performance.now()
    await work(turn)
    times.push(performance.now() - begun)
  }
  const sorted = times.toSorted((a, b) => a - b)
  const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  process.stdout.write(`  ${name.padEnd(44)}${at(0.5).toFixed(2).padStart(9)}${at(0.95).toFixed(2).padStart(9)}\n`)
  return at(0.95)
}

const desk = await openDesk()
const reference = await ordinaryWait(desk)
const { caseId, seconds, waited } = await readIn(desk)
process.stdout.write(
  `${people.toLocaleString('en-GB')} people: read in ${seconds.toFixed(1)} s; another write waited ${waited.toFixed(0)} ms at most, ${reference.toFixed(0)} ms in an ordinary import\n`,
)
process.stdout.write(`  ${'milliseconds'.padEnd(44)}${'p50'.padStart(9)}${'p95'.padStart(9)}\n`)

async function read<C extends ReadChannel>(channel: C, input: ParsedInput<C>) {
  return must(await desk.database.read(channel, input, start))
}
const change = async (turn: number) => must(await desk.database.writeSetting('bench', String(turn)))
const page = { caseId, standing: null, search: '', limit: 100 } as const
const somewhere = (turn: number) => Math.floor(((turn * 0.618034) % 1) * (people - 100))
const first = (await read('listPeople', { ...page, anchor: { index: 0 } })).rows[0]?.id ?? 0

const pages = [
  await measure('people, page after a row', async (turn) => {
    await read('listPeople', { ...page, anchor: { after: first + somewhere(turn) } })
  }),
  await measure('people, jump to a place', async (turn) => {
    await read('listPeople', { ...page, anchor: { index: somewhere(turn) } })
  }),
]
await measure('people, one standing, nothing changed', async (turn) => {
  await read('listPeople', { ...page, standing: 'not sent', anchor: { index: somewhere(turn) } })
})
await measure('people, one standing, after a change', async (turn) => {
  await change(turn)
  await read('listPeople', { ...page, standing: 'not sent', anchor: { index: somewhere(turn) } })
})
await measure('people, search by a whole id', async (turn) => {
  await read('listPeople', { ...page, search: `d-${somewhere(turn)}`, anchor: { index: 0 } })
})
await measure('the case, nothing changed', async () => {
  await read('getCase', { caseId })
})
await measure('the case, after a change', async (turn) => {
  await change(turn)
  await read('getCase', { caseId })
})
await measure('cases, first page', async () => {
  await read('listCases', { filter: 'all', search: '', anchor: { index: 0 }, limit: 100 })
})

/** Does it, and gives how long a small write waited meanwhile at most. */
async function waitedDuring(name: string, work: Promise<unknown>): Promise<number> {
  const begun = performance.now()
  const progress = { isDone: false }
  void work.finally(() => {
    progress.isDone = true
  })
  let longest = 0
  while (!progress.isDone) {
    const asking = performance.now()
    must(await desk.database.writeSetting('bench', String(asking)))
    longest = Math.max(longest, performance.now() - asking)
  }
  await work
  const took = ((performance.now() - begun) / 1000).toFixed(1)
  process.stdout.write(`  ${name} in ${took} s; another write waited ${longest.toFixed(0)} ms at most\n`)
  return longest
}

const [leaving] = must(await desk.database.read('getCase', { caseId }, start)).parts
if (leaving === undefined) throw new Error('The case has a part')
const { connectionId } = leaving
const leftOut = desk.database.leaveOutPart({ caseId, connectionId, reason: 'Measured.', now: start })
const waits = [
  waited,
  await waitedDuring('left out', leftOut.then(must)),
  await waitedDuring('discarded', desk.database.discardCase({ caseId, now: start }).then(must)),
]
await desk.close()
process.exitCode =
  waits.every((longest) => longest <= Math.max(longestWait, reference * 1.5)) &&
  pages.every((p95) => p95 <= limitMilliseconds)
    ? 0
    : 1
