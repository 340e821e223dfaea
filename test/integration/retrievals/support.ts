/** A simulated Mixpanel, a history with one connection to it and a draft, for tests of copies of people's data. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../../src/main/adapters/clock/clock.ts'
import type { Database } from '../../../src/main/core/ports.ts'
import type { SandboxConfigInput } from '../../../src/sandbox/config.ts'
import { startSandbox, type RunningSandbox } from '../../../src/sandbox/server.ts'
import { connectionSettingsSchema, type Connection, type RateWindow } from '../../../src/shared/model/connection.ts'
import type { RequestId } from '../../../src/shared/model/ids.ts'
import { caseFactsSchema } from '../../../src/shared/model/request.ts'
import type { RetrievalRow } from '../../../src/shared/model/retrieval.ts'
import { kindNumbers } from '../../../src/shared/model/identifier.ts'
import { createMemorySecrets, must, openHistoryIn, secretReference, withHistory } from '../../support/engine.ts'
import { expectLedgerMatches } from '../../support/ledger.ts'
import type { AttemptKind, AttemptEnding } from '../../../src/shared/model/request.ts'

const oauthToken = 'oauth-token-of-the-sandbox'
const projectToken = 'fedcba9876543210fedcba9876543210'

type Attempt = Readonly<{
  jti: string
  kind: AttemptKind
  ending: AttemptEnding | null
  vendor_words: string | null
  retrieval_id: number | null
}>

export type CopyBench = Readonly<{
  folder: string
  sandbox: RunningSandbox
  secrets: ReturnType<typeof createMemorySecrets>
  connection: Connection
  /** A draft with these distinct ids under this compliance type, not sent. */
  draftOf: (ids: readonly string[], complianceType?: 'GDPR' | 'CCPA') => Promise<RequestId>
  attempts: () => readonly Attempt[]
  remove: () => Promise<void>
}>

export type CopyChoices = Readonly<{
  mixpanel?: SandboxConfigInput['mixpanel']
  sandbox?: SandboxConfigInput
  windows?: readonly RateWindow[]
  perCall?: number
  callTimeoutMilliseconds?: number
  /** The simulator's own windows; those of the connection where absent. */
  vendorWindows?: readonly RateWindow[]
}>

const roomy: readonly RateWindow[] = [{ milliseconds: 1000, calls: 1000 }]

export async function startCopyBench(choices: CopyChoices = {}): Promise<CopyBench> {
  const windows = choices.windows ?? roomy
  const vendorWindows = (choices.vendorWindows ?? windows).map((window) => ({ ...window }))
  const sandbox = await startSandbox({
    latencyMilliseconds: { minimum: 0, maximum: 5 },
    faults: { slowMilliseconds: 700 },
    ...choices.sandbox,
    mixpanel: {
      accounts: [{ oauthToken, windows: vendorWindows, projects: [{ projectToken }] }],
      processing: { pendingMilliseconds: 50, stagingMilliseconds: 50, startedMilliseconds: 100 },
      ...choices.mixpanel,
    },
  })
  const base = mkdtempSync(join(tmpdir(), 'erasure-desk-copies-'))
  const folder = join(base, 'history')
  const database = await openHistoryIn(folder)
  const connection = must(
    await database.saveConnection({
      id: null,
      vendor: 'mixpanel',
      name: 'Simulated vendor',
      environment: 'sandbox',
      isSandbox: true,
      origin: sandbox.ready.origin,
      clientId: projectToken,
      secretReference,
      secretSavedAt: systemClock.now(),
      accountId: null,
      accountName: '',
      windows,
      margin: 0,
      settings: connectionSettingsSchema.parse({
        identifiersPerCall: choices.perCall ?? 10,
        callTimeoutMilliseconds: choices.callTimeoutMilliseconds ?? 2000,
        firstPollMilliseconds: 500,
        longestPollMilliseconds: 1000,
      }),
      now: systemClock.now(),
    }),
  )
  await database.close()
  return {
    folder,
    sandbox,
    secrets: createMemorySecrets({ [secretReference]: oauthToken }),
    connection,
    draftOf: (ids, complianceType = 'GDPR') => makeDraft(folder, connection, ids, complianceType),
    attempts: () =>
      withHistory(folder, (file) =>
        file
          .prepare<[], Attempt>('SELECT jti, kind, ending, vendor_words, retrieval_id FROM attempt ORDER BY id')
          .all(),
      ),
    remove: async () => {
      await sandbox.close()
      rmSync(base, { recursive: true, force: true })
    },
  }
}

async function makeDraft(
  folder: string,
  connection: Connection,
  ids: readonly string[],
  complianceType: string,
): Promise<RequestId> {
  const database = await openHistoryIn(folder)
  const now = systemClock.now()
  const caseFacts = caseFactsSchema.parse({})
  const requestId = must(await database.createDraft({ connectionId: connection.id, name: 'Request', caseFacts, now }))
  must(await database.updateDraft({ requestId, scope: { kind: 'choice', value: complianceType }, now }))
  withHistory(folder, (file) => {
    const importId = file
      .prepare(
        `INSERT INTO import (request_id, file_name, byte_size, format, roles, status, started_at)
         VALUES (?, 'ids.csv', 1, '{}', '[]', 'done', ?)`,
      )
      .run(requestId, now).lastInsertRowid
    const put = file.prepare(
      `INSERT INTO identifier (request_id, import_id, line, kind, value, token, state, state_at)
       VALUES (?, ?, ?, ?, ?, ?, 2, ?)`,
    )
    file.transaction(() => {
      for (const [index, value] of ids.entries()) {
        const token = Buffer.alloc(16)
        token.writeUInt32BE(requestId, 0)
        token.writeUInt32BE(index, 4)
        put.run(requestId, importId, index + 2, kindNumbers['distinct id'], value, token, now)
      }
      file.prepare('INSERT INTO identifier_count VALUES (?, 2, 0, ?)').run(requestId, ids.length)
    })()
  })
  await database.close()
  return requestId
}

/** Every copy of a request, the oldest first. */
export async function copiesOf(database: Database, requestId: RequestId): Promise<readonly RetrievalRow[]> {
  const input = { requestId, anchor: { index: 0 }, limit: 500 } as const
  return must(await database.read('listRetrievals', input, systemClock.now())).rows.toReversed()
}

/** Words of a request's log of this kind, the oldest first. */
export async function eventsOf(database: Database, requestId: RequestId, kind: string): Promise<readonly string[]> {
  const input = { requestId, anchor: { index: 0 }, limit: 500 } as const
  const { rows } = must(await database.read('listEvents', input, systemClock.now()))
  return rows
    .toReversed()
    .filter((row) => row.kind === kind)
    .map(({ words }) => words)
}

/** The judge: the vendor's ledger against the journal, and no call beyond the windows. */
export function judge(bench: CopyBench): void {
  expectLedgerMatches({ ledgerEntries: bench.sandbox.ledger(), attempts: bench.attempts() })
}

/** Every text that the history keeps, from every table, and the bytes of every other file in its folder. */
export function everythingKept(bench: CopyBench): string {
  const texts = withHistory(bench.folder, (file) => {
    const tables = file
      .prepare<[], { name: string }>(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
      .all()
    return tables.map(({ name }) => JSON.stringify(file.prepare(`SELECT * FROM "${name}"`).all()))
  })
  const files = readdirSync(bench.folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name)).toString('latin1'))
  return [...texts, ...files].join('\n')
}
