/** Imports from the operator's side: look at a file, read it into a draft, cancel, save what was rejected. */
import { fail, succeed, type Failure, type Result } from '../../../shared/failure.ts'
import type { ImportId } from '../../../shared/model/ids.ts'
import {
  columnRoleSchema,
  identifierRoles,
  type ColumnRole,
  type FileFormat,
  type FilePreview,
  type ImportSummary,
} from '../../../shared/model/import.ts'
import type { ImportUseCases } from '../files/handlers.ts'
import type { Notify } from '../app/changes.ts'
import type { Clock, CsvReader, CsvReading, Database, FileSample, Log, Vendors } from '../ports.ts'
import { attempted } from '../send/parts.ts'
import { guessRoles, looksLikeHeader, type ColumnTitles } from './columns.ts'
import { rejectsCsv } from './rejects-csv.ts'

export type ImportPorts = Readonly<{
  database: () => Database
  reader: CsvReader
  vendors: Vendors
  clock: Clock
  notify: Notify
  log: Log
  /** Writes a file as a whole: where it fails, nothing of it is left and an older one stays. Rejects on failure. */
  writeFile: (place: string, chunks: AsyncIterable<string>) => Promise<void>
}>

const firstWait = 1000
const longestWait = 30_000

type Running = Readonly<{ reading: CsvReading; settled: Promise<void> }>

/** The use cases; imports under way live in memory, and one that the app's end cuts off is taken back at the next start. */
export function createImports(ports: ImportPorts): ImportUseCases {
  const { database, reader, clock, notify } = ports
  const running = new Map<ImportId, Running>()
  const unfinished = new Map<ImportId, Failure>()
  const titles = titlesOf(ports.vendors)
  const isHeader: Parameters<CsvReader['inspect']>[2] = (first, second) => looksLikeHeader(first, second, titles)

  const summary = async (importId: ImportId): Promise<Result<ImportSummary>> =>
    await database().read('getImport', { importId }, clock.now())

  const inspect = async (path: string, format: Partial<FileFormat>): Promise<Result<Omit<FilePreview, 'token'>>> => {
    const sample = await look(path, format)
    if (!sample.ok) return sample
    const { modifiedAt: _modifiedAt, ...preview } = sample.value
    const remembered = await rememberedRoles(database(), sample.value)
    return succeed(
      remembered === null
        ? { ...preview, roles: [...guessRoles(preview.columns, preview.sample, titles)], rolesFrom: 'guessed' }
        : { ...preview, roles: [...remembered], rolesFrom: 'remembered' },
    )
  }

  const look: ImportUseCases['look'] = async (path, format) => await reader.inspect(path, format, isHeader)

  const read: ImportUseCases['read'] = async ({ requestId, path, sample, roles, reading }) => {
    const { fileName, byteSize, columns, format } = sample
    const started = await database().startImport({
      requestId,
      fileName,
      byteSize,
      format,
      header: format.hasHeader ? columns : [],
      roles,
      ...(reading === undefined ? {} : { reading: { caseId: reading.caseId, position: reading.position } }),
      now: clock.now(),
    })
    if (!started.ok) return started
    const importId = started.value
    const begun = reader.read({ path, sample, roles, ...(reading === undefined ? {} : { reading: reading.file }) })
    if (!begun.ok) {
      await database().endImport({ importId, status: 'failed', failure: begun.failure, now: clock.now() })
      return begun
    }
    const settled = watch(importId, requestId, begun.value)
    running.set(importId, { reading: begun.value, settled })
    return succeed({ importId, settled })
  }

  const start: ImportUseCases['start'] = async ({ requestId, path, format, roles }) => {
    const sample = await look(path, format)
    if (!sample.ok) return sample
    const fitting = checkRoles(roles, sample.value.columns.length)
    if (!fitting.ok) return fitting
    const begun = await read({ requestId, path, sample: sample.value, roles })
    return begun.ok ? await summary(begun.value.importId) : begun
  }

  const watch = async (importId: ImportId, requestId: number, reading: CsvReading): Promise<void> => {
    const { port } = reading
    try {
      const received = await attempted(() =>
        database().receiveImport({ importId, port, now: clock.now() }, () => notify('import', importId)),
      )
      if (!received.ok) {
        ports.log.problem('import-failed', { code: received.failure.code })
        await endWhereStillRunning(importId, received.failure)
      }
    } finally {
      running.delete(importId)
      await reading.close()
      notify('import', importId)
      notify('request', requestId)
      notify('requests')
    }
  }

  /**
   * The history's thread ends every import it received, but for what it could not write: an import on a full disk, say.
   * That is tried again until it is done, since the draft waits for it.
   */
  const endWhereStillRunning = async (importId: ImportId, failure: Failure): Promise<void> => {
    for (let tries = 0; ; tries += 1) {
      const found = await attempted(() => summary(importId))
      if (found.ok && found.value.status !== 'running') break
      const now = clock.now()
      const ended = await attempted(() => database().endImport({ importId, status: 'failed', failure, now }))
      if (ended.ok || !ended.failure.retryable) break
      unfinished.set(importId, ended.failure)
      notify('app')
      await clock.sleep(Math.min(firstWait * 2 ** tries, longestWait))
    }
    if (unfinished.delete(importId)) notify('app')
  }

  const cancel = async (importId: ImportId): Promise<Result<ImportSummary>> => {
    const found = running.get(importId)
    found?.reading.cancel()
    await found?.settled
    return await summary(importId)
  }

  const saveRejects = async (importId: ImportId, place: string): Promise<Result<number>> => {
    const written = { rows: 0 }
    try {
      await ports.writeFile(
        place,
        rejectsCsv(
          async (afterLine) => await database().rejectsPage({ importId, afterLine, limit: 1000 }),
          () => {
            written.rows += 1
          },
        ),
      )
      return succeed(written.rows)
    } catch {
      return fail('file-unreadable', 'The rejects could not be written there.', {
        kept: 'The rejects are still in the history.',
        next: 'Choose another folder, or make room on the disk.',
        retryable: true,
      })
    }
  }

  return { inspect, look, read, start, cancel, saveRejects, trouble: () => unfinished.values().next().value ?? null }
}

/** The titles of every vendor together: which one a file is for is not known when it is looked at. */
function titlesOf(vendors: Vendors): ColumnTitles {
  const own = Object.values(vendors).flatMap(({ profile }) => Object.entries(profile.columnTitles))
  return Object.fromEntries(
    columnRoleSchema.options.map((role) => [role, own.flatMap(([of, titles]) => (of === role ? titles : []))]),
  )
}

async function rememberedRoles(database: Database, sample: FileSample): Promise<readonly ColumnRole[] | null> {
  if (!sample.format.hasHeader) return null
  const remembered = await database.rememberedRoles(sample.columns)
  return remembered.ok && remembered.value?.length === sample.columns.length ? remembered.value : null
}

function checkRoles(roles: readonly ColumnRole[], columns: number): Result<null> {
  const kept = 'Nothing was imported.'
  if (roles.length !== columns) {
    return fail('file-changed', 'The file no longer has the columns it had when they were chosen.', {
      kept,
      next: 'Choose the file again.',
      retryable: true,
    })
  }
  if (!identifierRoles.some((role) => roles.includes(role))) {
    return fail('column-missing', 'No column holds identifiers.', {
      kept,
      next: 'Say which column holds the ids.',
      field: 'roles',
    })
  }
  return succeed(null)
}
