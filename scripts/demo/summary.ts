/** What the demo came to: for a program as JSON, for a person in words. */
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import type { VendorId } from '../../src/shared/model/connection.ts'
import { personStandings, type PersonStanding } from '../../src/shared/model/person.ts'
import type { RequestDetail } from '../../src/shared/model/request.ts'
import { countAll, identifierStates, type IdentifierState, type StateCounts } from '../../src/shared/model/state.ts'
import type { DemoJob, DemoJobs } from './job.ts'
import type { DemoWindow } from './window.ts'

/**
 * What became of what was sent to one vendor, or to all together. `rows` are those that hold something for it: a case's
 * file is read for each vendor, and for each id that a row may hold.
 */
type DemoCounts = Readonly<{
  rows: number
  identifiers: number
  duplicates: number
  rejects: number
  /** Identifiers by state, every state among them; they add up to `identifiers`. */
  states: Readonly<Record<IdentifierState, number>>
  waitingForAPerson: number
  /** What the plans promised, to be compared with `calls.erase`. */
  plannedEraseCalls: number
  calls: Readonly<{ erase: number; status: number }>
  /** Answers with the vendor's rate limit. */
  rateLimited: number
}>

/** The counts at the top are those of all vendors together. */
export type DemoSummary = DemoCounts &
  Readonly<{
    vendors: Readonly<Record<VendorId, DemoCounts>>
    case: Readonly<{ people: number; standings: Readonly<Record<PersonStanding, number>> }>
    electron: string
    fallbackRuntime: boolean
    databaseEncrypted: boolean
    keychain: string
    seconds: number
  }>

/** Counts from the history itself. Throws in words where the counts do not add up. */
export async function summarise(
  demo: DemoWindow,
  jobs: DemoJobs,
  facts: Readonly<{ userData: string; csv: string; startedAt: number }>,
): Promise<DemoSummary> {
  const vendors: Record<VendorId, DemoCounts> = {}
  for (const [vendor, own] of Object.entries(jobs.vendors))
    vendors[vendor] = addCounts(await Promise.all(own.map(async (job) => await countJob(demo, job))))
  const { people, standings } = jobs.case
  if (personStandings.reduce((sum, standing) => sum + standings[standing], 0) !== people)
    throw new Error('The standings do not add up to the people.')
  const { electron } = await demo.ask('getAppStatus', {})
  return {
    ...addCounts(Object.values(vendors)),
    vendors,
    case: { people, standings },
    electron,
    fallbackRuntime: process.env['ERASURE_DESK_RUNTIME_KIND'] === 'fallback',
    databaseEncrypted: await isEncrypted(path.join(facts.userData, 'history'), knownIdentifiers(facts.csv)),
    keychain: process.env['ERASURE_DESK_KEYCHAIN'] ?? 'session',
    seconds: Math.round((Date.now() - facts.startedAt) / 1000),
  }
}

async function countJob(demo: DemoWindow, { request, plan }: DemoJob): Promise<DemoCounts> {
  if (request.imports.length === 0) throw new Error('The request has no file.')
  const sumOf = (count: (one: RequestDetail['imports'][number]) => number) =>
    request.imports.reduce((sum, one) => sum + count(one), 0)
  const rows = sumOf((one) => one.rows - one.elsewhere)
  const identifiers = sumOf((one) => one.identifiers)
  const duplicates = sumOf((one) => one.duplicates)
  const rejects = sumOf((one) => one.rejects)
  if (rows !== identifiers + duplicates + rejects) throw new Error('Rows of the file are not all accounted for.')
  if (countAll(request.counts) !== identifiers) throw new Error('The states do not add up to the identifiers.')
  const attempts = await everyAttempt(demo, request)
  return {
    rows,
    identifiers,
    duplicates,
    rejects,
    states: everyState(request.counts),
    waitingForAPerson: request.waiting,
    plannedEraseCalls: plan.eraseCalls,
    calls: {
      erase: attempts.filter(({ kind }) => kind === 'erase').length,
      status: attempts.filter(({ kind }) => kind === 'status').length,
    },
    rateLimited: attempts.filter(({ ending }) => ending === 'rate limited').length,
  }
}

/** The same counts of several vendors together. */
export function addCounts(counts: readonly DemoCounts[]): DemoCounts {
  const sumOf = (count: (one: DemoCounts) => number) => counts.reduce((sum, one) => sum + count(one), 0)
  const states = identifierStates.map((state) => [state, sumOf((one) => one.states[state])])
  return {
    rows: sumOf(({ rows }) => rows),
    identifiers: sumOf(({ identifiers }) => identifiers),
    duplicates: sumOf(({ duplicates }) => duplicates),
    rejects: sumOf(({ rejects }) => rejects),
    states: Object.fromEntries(states) as DemoCounts['states'],
    waitingForAPerson: sumOf(({ waitingForAPerson }) => waitingForAPerson),
    plannedEraseCalls: sumOf(({ plannedEraseCalls }) => plannedEraseCalls),
    calls: { erase: sumOf(({ calls }) => calls.erase), status: sumOf(({ calls }) => calls.status) },
    rateLimited: sumOf(({ rateLimited }) => rateLimited),
  }
}

function everyState(counts: StateCounts): DemoCounts['states'] {
  const entries = identifierStates.map((state) => [state, counts[state] ?? 0])
  return Object.fromEntries(entries) as DemoCounts['states']
}

async function everyAttempt(demo: DemoWindow, { id: requestId }: RequestDetail) {
  const first = await demo.ask('listAttempts', { requestId, anchor: { index: 0 }, limit: 500 })
  const rest = await Promise.all(
    Array.from({ length: Math.ceil(first.total / 500) - 1 }, (_, page) =>
      demo.ask('listAttempts', { requestId, anchor: { index: (page + 1) * 500 }, limit: 500 }),
    ),
  )
  return [first, ...rest].flatMap((page) => page.rows)
}

const sqliteMagic = Buffer.from('SQLite format 3\0', 'latin1')

/** True where no file of the history begins as plain SQLite does, and none holds an identifier in plain text. */
export async function isEncrypted(folder: string, identifiers: readonly string[]): Promise<boolean> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async (entry) => ({
        name: entry.name,
        bytes: await readFile(path.join(entry.parentPath, entry.name)),
      })),
  )
  const databases = files.filter(({ name }) => /\.(db|sqlite)$/.test(name))
  return (
    databases.length > 0 &&
    files.every(
      ({ bytes }) =>
        !bytes.subarray(0, sqliteMagic.length).equals(sqliteMagic) &&
        identifiers.every(
          (identifier) => !bytes.includes(identifier) && !bytes.includes(Buffer.from(identifier, 'utf16le')),
        ),
    )
  )
}

/** Identifiers that are certainly in the files: every email, `u-…` id and `$device:…` id of them. */
function knownIdentifiers(csv: string): readonly string[] {
  return [
    ...new Set(csv.match(/\bu-[0-9a-f]{8}-[0-9a-f-]{27}\b|\$device:[0-9a-f-]{36}|\b[\w.]+@[\w.]+\.[a-z]+\b/g) ?? []),
  ]
}

/** The same for a person. */
export function writeSummary(summary: DemoSummary, folder: string): string {
  return [
    '',
    ...Object.entries(summary.vendors).flatMap(([vendor, counts]) => [`  at ${vendor}:`, ...writeCounts(counts)]),
    `  the case: ${summary.case.people} people: ${writeStandings(summary.case.standings)}`,
    `  history ${summary.databaseEncrypted ? 'encrypted: no identifier in plain text in its folder' : 'NOT ENCRYPTED'}`,
    `  Electron ${summary.electron}${summary.fallbackRuntime ? ' (fallback; not the version that is shipped)' : ''}, ${summary.seconds} s`,
    `  pictures and summary.json in ${folder}`,
    '',
  ].join('\n')
}

function writeStandings(standings: DemoSummary['case']['standings']): string {
  return personStandings
    .filter((standing) => standings[standing] > 0)
    .map((standing) => `${standings[standing]} ${standing === 'waits' ? 'wait for a decision' : standing}`)
    .join(', ')
}

function writeCounts(counts: DemoCounts): readonly string[] {
  const states = Object.entries(counts.states)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${grouped(count)} ${state}`)
  return [
    `    ${grouped(counts.rows)} rows: ${grouped(counts.identifiers)} identifiers, ${grouped(counts.duplicates)} duplicates, ${grouped(counts.rejects)} rejects`,
    `    ${states.join(', ')}`,
    `    ${grouped(counts.waitingForAPerson)} wait for a person; the rest is settled`,
    `    ${grouped(counts.calls.erase)} erase calls, ${grouped(counts.calls.status)} status calls, ${grouped(counts.rateLimited)} over the vendor's limits`,
  ]
}

function grouped(count: number): string {
  return count.toLocaleString('en')
}
