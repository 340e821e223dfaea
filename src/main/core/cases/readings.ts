/** Reads the file of a case in, once for each identifier that a row may hold, one reading after the other. */
import { fail, succeed, type Failure, type Result } from '../../../shared/failure.ts'
import type { PlannedReading } from '../../../shared/model/case-readings.ts'
import type { CaseId, ConnectionId, ImportId, RequestId } from '../../../shared/model/ids.ts'
import { identifierRoles } from '../../../shared/model/import.ts'
import type { Notify } from '../app/changes.ts'
import type { ImportUseCases } from '../files/handlers.ts'
import type { CaseFileReading, Clock, Database, FileSample, Log, StartedCase } from '../ports.ts'
import { attempted } from '../send/parts.ts'

export type CaseReadingPorts = Readonly<{
  database: () => Database
  imports: Pick<ImportUseCases, 'read' | 'cancel'>
  clock: Clock
  notify: Notify
  log: Log
}>

/** Everything a case's file is read by; the sample was taken once, at the start. */
export type CaseFile = Readonly<{
  path: string
  sample: FileSample
  readings: readonly PlannedReading[]
  personKeyColumn: number | null
}>

export type CaseReadings = Readonly<{
  /** Reads the file into the drafts of a case that was just made; progress and end are told as changes. */
  begin: (started: StartedCase, file: CaseFile) => void
  /** Ends every reading of a case, and settles when that is written down. Nothing for one that is not being read. */
  cancel: (caseId: CaseId) => Promise<void>
}>

const firstWait = 1000
const longestWait = 30_000

type Running = { isCancelled: boolean; importId: ImportId | null; settled: Promise<void> }

/** Readings under way live in memory; what the app's end cuts off is incomplete from the next start on. */
export function createCaseReadings(ports: CaseReadingPorts): CaseReadings {
  const { database, imports, clock, notify, log } = ports
  const running = new Map<CaseId, Running>()

  const readAll = async ({ caseId, parts }: StartedCase, file: CaseFile, now: Running): Promise<Failure | null> => {
    const requestOf = new Map(parts.map(({ connectionId, requestId }) => [connectionId, requestId]))
    for (const [position, planned] of file.readings.entries()) {
      if (now.isCancelled) return cancelled()
      const failure = await readOne(caseId, position, planned, requestOf, file, now)
      if (failure !== null) return failure
    }
    return null
  }

  /** Why the reading is not in; null: it is. */
  const readOne = async (
    caseId: CaseId,
    position: number,
    planned: PlannedReading,
    requestOf: ReadonlyMap<ConnectionId, RequestId>,
    file: CaseFile,
    now: Running,
  ): Promise<Failure | null> => {
    const requestId = requestOf.get(planned.connectionId)
    if (requestId === undefined) throw new Error('A reading is planned for a connection that the case does not have')
    const begun = await imports.read({
      requestId,
      path: file.path,
      sample: file.sample,
      roles: planned.roles,
      reading: { caseId, position, file: fileReadingOf(file, position) },
    })
    if (!begun.ok) return begun.failure
    const { importId, settled } = begun.value
    now.importId = importId
    if (now.isCancelled) await imports.cancel(importId)
    await settled
    now.importId = null
    const ended = await database().read('getImport', { importId }, clock.now())
    if (!ended.ok) return ended.failure
    return ended.value.status === 'done' ? null : (ended.value.failure ?? cancelled())
  }

  /** Written down even where the disk is full at first: until then the case counts as being read. */
  const end = async (caseId: CaseId, trouble: Failure | null): Promise<void> => {
    for (let tries = 0; ; tries += 1) {
      const ended = await attempted(() => database().endCaseReading({ caseId, trouble, now: clock.now() }))
      if (ended.ok || !ended.failure.retryable) return
      await clock.sleep(Math.min(firstWait * 2 ** tries, longestWait))
    }
  }

  const run = async (started: StartedCase, file: CaseFile, now: Running): Promise<void> => {
    const { caseId, parts } = started
    try {
      const outcome = await attempted(async () => succeed(await readAll(started, file, now)))
      const trouble = outcome.ok ? outcome.value : outcome.failure
      if (trouble !== null) log.problem('case-not-read-in', { case: caseId, code: trouble.code })
      await end(caseId, trouble)
    } finally {
      running.delete(caseId)
      for (const { requestId } of parts) notify('request', requestId)
      notify('requests')
    }
  }

  return {
    begin: (started, file) => {
      const now: Running = { isCancelled: false, importId: null, settled: Promise.resolve() }
      running.set(started.caseId, now)
      now.settled = run(started, file, now)
    },
    cancel: async (caseId) => {
      const now = running.get(caseId)
      if (now === undefined) return
      now.isCancelled = true
      if (now.importId !== null) await imports.cancel(now.importId)
      await now.settled
    },
  }
}

/** What the reading at `position` is told of the others. */
export function fileReadingOf({ readings, personKeyColumn }: CaseFile, position: number): CaseFileReading {
  const channelOf = (reading: PlannedReading | undefined): number => reading?.roles.indexOf('channel id') ?? -1
  const channel = channelOf(readings[position])
  const identifierColumns = readings.flatMap(({ roles }) =>
    roles.flatMap((role, column) => (identifierRoles.some((of) => of === role) ? [column] : [])),
  )
  return {
    isFirst: position === 0,
    identifierColumns: [...new Set(identifierColumns)],
    channelIsShared:
      channel !== -1 && readings.some((other, place) => place !== position && channelOf(other) === channel),
    personKeyColumn,
  }
}

function cancelled(): Failure {
  const { failure } = fail('cancelled', 'The reading was cancelled.', {
    kept: 'What was read in before it stays with the case, which can only be discarded.',
    next: 'Discard the case and begin it again whenever you like.',
  })
  return failure
}

/** Fails where the file no longer has the columns that were chosen from. */
export function checkColumnCount(chosen: number, found: number): Result<null> {
  if (chosen === found) return succeed(null)
  return fail('file-changed', 'The file no longer has the columns it had when they were chosen.', {
    kept: 'Nothing was read.',
    next: 'Choose the file again.',
    retryable: true,
  })
}
