import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import SqliteDatabase from 'better-sqlite3'
import { openDatabase } from '../../../src/main/adapters/database/client.ts'
import { deriveKeys } from '../../../src/main/adapters/database/keys.ts'
import { openFile } from '../../../src/main/adapters/database/open-file.ts'
import type { Database } from '../../../src/main/core/ports.ts'
import type { Result } from '../../../src/shared/failure.ts'
import { caseFactsSchema } from '../../../src/shared/model/request.ts'
import { connectionSettingsSchema, type Connection } from '../../../src/shared/model/connection.ts'
import type { RequestId } from '../../../src/shared/model/ids.ts'

export const workerUrl = new URL('../../../src/main/adapters/database/worker.ts', import.meta.url)
export const key = new Uint8Array(32).fill(7)
export const start = 1_800_000_000_000

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
  more: Readonly<{ perCall?: number; calls?: number; margin?: number }> = {},
): Promise<Connection> {
  return must(
    await database.saveConnection({
      id: null,
      vendor: 'kore',
      name: 'Test account',
      environment: 'sandbox',
      isSandbox: true,
      origin: 'http://127.0.0.1:9',
      clientId: 'cs-1',
      secretReference: 'reference-1',
      secretSavedAt: start,
      accountId: null,
      accountName: '',
      windows: [
        { milliseconds: 60_000, calls: more.calls ?? 60 },
        { milliseconds: 3_600_000, calls: 1800 },
      ],
      margin: more.margin ?? 0,
      settings: connectionSettingsSchema.parse({ identifiersPerCall: more.perCall ?? 2 }),
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
  must(await database.updateDraft({ requestId, scope: { kind: 'bots', botIds: ['st-1'] }, now: start }))
  const file = openBeside(folder)
  const put = file.prepare(
    `INSERT INTO identifier (request_id, line, kind, value, token, state, state_at) VALUES (?, ?, 1, ?, ?, 2, ?)`,
  )
  file.transaction(() => {
    for (let line = 2; line < count + 2; line += 1) {
      const token = Buffer.alloc(16)
      token.writeUInt32BE(line)
      put.run(requestId, line, `person${line}@example.org`, token, start)
    }
    file.prepare('INSERT INTO identifier_count VALUES (?, 2, 0, ?)').run(requestId, count)
  })()
  file.close()
  return requestId
}

/** Opens the draft by the fingerprint of its plan. */
export async function sendDraft(database: Database, requestId: RequestId): Promise<void> {
  const basis = must(await database.planBasis({ requestId, now: start, samplePerGroup: 1 }))
  must(await database.openRequest({ requestId, planDigest: 'plan', fingerprint: basis.fingerprint, now: start }))
}
