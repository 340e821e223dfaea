import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { openDatabase } from '../../../src/main/adapters/database/client.ts'
import { deriveKeys } from '../../../src/main/adapters/database/keys.ts'
import { openFile } from '../../../src/main/adapters/database/open-file.ts'
import type {
  AttemptResult,
  Database,
  Moment,
  ReservedErase,
  ReservedPoll,
  Reservation,
} from '../../../src/main/core/ports.ts'
import type { Result } from '../../../src/shared/failure.ts'
import { caseFactsSchema } from '../../../src/shared/model/request.ts'
import {
  connectionSettingsSchema,
  type Connection,
  type ConnectionSettings,
  type RateWindow,
} from '../../../src/shared/model/connection.ts'
import { kindNumbers } from '../../../src/shared/model/identifier.ts'
import type { ImportId, RequestId } from '../../../src/shared/model/ids.ts'
import { canonicalScope, type Scope } from '../../../src/shared/model/scope.ts'
import { databaseWorker } from '../../support/threads.ts'

export const workerUrl = databaseWorker
export const key = new Uint8Array(32).fill(7)
export const start = 1_800_000_000_000

/** A moment of a clock that nobody sets. */
export function moment(now: number): Moment {
  return { now, steady: now }
}

/** The value of a success; fails the test with the failure's words otherwise. */
export function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.message}`)
  return result.value
}

export function temporaryFolder(): Readonly<{ folder: string; remove: () => void }> {
  const base = mkdtempSync(join(tmpdir(), 'erasure-desk-test-'))
  return { folder: join(base, 'history'), remove: () => rmSync(base, { recursive: true, force: true }) }
}

export async function openIn(folder: string): Promise<Database> {
  return must(await openDatabase({ workerUrl, folder, key, now: start }))
}

/** The history's file itself, beside the threads, for what no method of the port shows. */
export function openBeside(folder: string): SqliteDatabase.Database {
  return openFile(join(folder, 'history.db'), deriveKeys(key).cipher, 'writer')
}

export async function addConnection(
  database: Database,
  more: Readonly<{
    vendor?: 'kore' | 'mixpanel'
    perCall?: number
    calls?: number
    margin?: number
    windows?: readonly RateWindow[]
    environment?: Connection['environment']
    settings?: Partial<ConnectionSettings>
  }> = {},
): Promise<Connection> {
  return must(
    await database.saveConnection({
      id: null,
      vendor: more.vendor ?? 'kore',
      name: 'Test account',
      environment: more.environment ?? 'sandbox',
      isSandbox: (more.environment ?? 'sandbox') === 'sandbox',
      origin: 'http://127.0.0.1:9',
      clientId: 'cs-1',
      secretReference: 'reference-1',
      secretSavedAt: start,
      accountId: null,
      accountName: '',
      windows: more.windows ?? [
        { milliseconds: 60_000, calls: more.calls ?? 60 },
        { milliseconds: 3_600_000, calls: 1800 },
      ],
      margin: more.margin ?? 0,
      settings: connectionSettingsSchema.parse({ identifiersPerCall: more.perCall ?? 2, ...more.settings }),
      now: start,
    }),
  )
}

/** A draft over bot st-1 with `count` queued identifiers, put in place as an import leaves them. */
export async function addDraft(
  database: Database,
  folder: string,
  connection: Connection,
  count: number,
): Promise<RequestId> {
  const requestId = must(
    await database.createDraft({
      connectionId: connection.id,
      name: 'Draft',
      caseFacts: caseFactsSchema.parse({}),
      now: start,
    }),
  )
  const isKore = connection.vendor === 'kore'
  const scope: Scope = isKore ? { kind: 'bots', botIds: ['st-1'] } : { kind: 'choice', value: 'GDPR' }
  must(await database.updateDraft({ requestId, scope, now: start }))
  const kind = kindNumbers[isKore ? 'email' : 'distinct id']
  const file = openBeside(folder)
  const put = file.prepare(
    `INSERT INTO identifier (request_id, line, kind, value, token, state, state_at) VALUES (?, ?, ?, ?, ?, 2, ?)`,
  )
  file.transaction(() => {
    for (let line = 2; line < count + 2; line += 1) {
      const token = Buffer.alloc(16)
      token.writeUInt32BE(line)
      token.writeUInt32BE(requestId, 4)
      put.run(requestId, line, kind, `person${line}@example.org`, token, start)
    }
    file.prepare('INSERT INTO identifier_count VALUES (?, 2, 0, ?)').run(requestId, count)
    enterTokens(file)
  })()
  file.close()
  return requestId
}

/** Enters the tokens of identifiers that a test has put in place itself. */
export function enterTokens(file: SqliteDatabase.Database): void {
  file.exec(`INSERT OR IGNORE INTO identifier_token (token, request_id, scope_id, identifier_id)
    SELECT token, request_id, scope_id, id FROM identifier`)
}

/** Opens the draft by the fingerprint of its plan. */
export async function sendDraft(database: Database, requestId: RequestId): Promise<void> {
  must(await database.compareWithHistory({ requestId, now: start }))
  const basis = must(await database.planBasis({ requestId, now: start, samplePerGroup: 1 }))
  must(await database.openRequest({ requestId, planDigest: 'plan', fingerprint: basis.fingerprint, now: start }))
}

/** A draft without scope and without rows. */
export async function emptyDraft(database: Database, connection: Connection): Promise<RequestId> {
  const caseFacts = caseFactsSchema.parse({})
  return must(await database.createDraft({ connectionId: connection.id, name: 'Draft', caseFacts, now: start }))
}

/** One row of a file: its spelling, and the bot its own cell names. */
export type PutRow = Readonly<{ line: number; value: string; bot?: string; repeats?: number }>

/**
 * A file in a draft as an import leaves it: every row an email in its spelling, or, where it `repeats` an earlier line
 * of the file, a duplicate of that.
 */
export function putImport(folder: string, requestId: RequestId, rows: readonly PutRow[]): ImportId {
  const file = openBeside(folder)
  const put = file.prepare(
    `INSERT INTO identifier (request_id, import_id, line, kind, value, token, scope_id, state, state_at)
     VALUES (?, ?, ?, 1, ?, ?, ?, 2, ?)`,
  )
  const importId = file.transaction(() => {
    const format = { encoding: 'utf-8', delimiter: ',', hasHeader: true }
    const id = Number(
      file
        .prepare(
          `INSERT INTO import (request_id, file_name, byte_size, format, roles, status, progress, row_count,
             identifier_count, duplicate_count, started_at, finished_at)
           VALUES (?, 'people.csv', 1, ?, '[]', 'done', 1, ?, ?, ?, ?, ?)`,
        )
        .run(
          requestId,
          JSON.stringify(format),
          rows.length,
          rows.filter(({ repeats }) => repeats === undefined).length,
          rows.filter(({ repeats }) => repeats !== undefined).length,
          start,
          start,
        ).lastInsertRowid,
    )
    const added = new Map<number, number>()
    for (const row of rows) {
      if (row.repeats === undefined) {
        const token = Buffer.from(row.value.toLowerCase().padEnd(16, '.')).subarray(0, 16)
        const scopeId = row.bot === undefined ? 0 : scopeIdOf(file, row.bot)
        added.set(row.line, Number(put.run(requestId, id, row.line, row.value, token, scopeId, start).lastInsertRowid))
        continue
      }
      const original = added.get(row.repeats) ?? 0
      file
        .prepare(
          `INSERT INTO import_row (import_id, line, end_line, disposition, reason, identifier_id, duplicate_of_line, raw)
           VALUES (?, ?, ?, 'duplicate', 'same identifier', ?, ?, ?)`,
        )
        .run(id, row.line, row.line, original, row.repeats, row.value)
      file
        .prepare(
          `INSERT INTO identifier_alias (identifier_id, value, source, import_id, line, recorded_at)
           VALUES (?, ?, 'other spelling', ?, ?, ?)`,
        )
        .run(original, row.value, id, row.line, start)
    }
    file
      .prepare(
        `INSERT INTO identifier_count VALUES (?, 2, 0, ?)
         ON CONFLICT (request_id, state, decided) DO UPDATE SET count = count + excluded.count`,
      )
      .run(requestId, added.size)
    enterTokens(file)
    return id as ImportId
  })()
  file.close()
  return importId
}

function scopeIdOf(file: SqliteDatabase.Database, bot: string): number {
  const canonical = canonicalScope({ kind: 'bots', botIds: [bot] })
  file.prepare('INSERT INTO scope (canonical) VALUES (?) ON CONFLICT (canonical) DO NOTHING').run(canonical)
  return file.prepare<[string], { id: number }>('SELECT id FROM scope WHERE canonical = ?').get(canonical)?.id ?? 0
}

/** Every row a query gives, from the history's file itself. */
export function scan<Row>(folder: string, query: string, ...values: readonly (string | number)[]): readonly Row[] {
  const file = openBeside(folder)
  try {
    return file.prepare(query).all(...values) as Row[]
  } finally {
    file.close()
  }
}

/** How an attempt ended: answered whole, unless told otherwise. */
export function ended(
  attemptId: AttemptResult['attemptId'],
  epoch: number,
  at: number,
  more: Partial<AttemptResult> = {},
): AttemptResult {
  return {
    attemptId,
    epoch,
    endedAt: at,
    steady: at,
    stage: 'body',
    ending: 'accepted',
    httpStatus: 200,
    vendorWords: null,
    neverCounted: false,
    ...more,
  }
}

/** The erase call that was reserved; fails the test where it is something else. */
export function erase(reservation: Reservation): ReservedErase {
  if (reservation.kind !== 'erase') throw new Error(`Expected an erase call, got ${reservation.kind}`)
  return reservation
}

/** The status call that was reserved; fails the test where it is something else. */
export function poll(reservation: Reservation): ReservedPoll {
  if (reservation.kind !== 'status') throw new Error(`Expected a status call, got ${reservation.kind}`)
  return reservation
}

/** A request of `count` identifiers that is being sent, its sender, and short ways to drive it. */
export async function sending(
  database: Database,
  folder: string,
  count: number,
  more: Parameters<typeof addConnection>[1] = {},
) {
  const connection = await addConnection(database, more)
  const requestId = await addDraft(database, folder, connection, count)
  await sendDraft(database, requestId)
  const epoch = must(await database.takeSenderLock(moment(start)))?.epoch ?? 0
  const { accountId } = connection
  const reserve = async (now: number, jti = `jti-${now}`): Promise<Reservation> =>
    must(await database.reserveCall({ ...moment(now), accountId, epoch, jti, allowErase: true }))

  /** The next erase call, accepted by the vendor; asked about from `pollAt` on. */
  async function accept(now: number, pollAt = now + 1000): Promise<ReservedErase> {
    const call = erase(await reserve(now))
    const vendorRequestId = `eud-${call.batchId}`
    const outcome = { kind: 'accepted', vendorRequestId, nextPollAt: pollAt } as const
    must(await database.finishErase(ended(call.attemptId, epoch, now), outcome))
    return call
  }

  /** The next erase call, cut off. */
  async function cut(now: number): Promise<ReservedErase> {
    const call = erase(await reserve(now))
    const result = ended(call.attemptId, epoch, now, { ending: 'outcome unknown', stage: 'sent', httpStatus: null })
    must(await database.finishErase(result, { kind: 'outcome unknown', words: 'connection reset' }))
    return call
  }

  /** The next erase call, rejected by the vendor as a whole. */
  async function reject(now: number): Promise<ReservedErase> {
    const call = erase(await reserve(now))
    const words = 'Invalid user ids'
    const result = ended(call.attemptId, epoch, now, { ending: 'rejected', httpStatus: 400, vendorWords: words })
    must(await database.finishErase(result, { kind: 'rejected', words }))
    return call
  }

  return { connection, requestId, epoch, reserve, accept, cut, reject }
}
