/** The import as the app does it: the built app's own threads and messages, with a window that asks for the progress. */
import { join } from 'node:path'
import { monitorEventLoopDelay, performance } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { createCsvReader } from '../../src/main/adapters/csv/reader.ts'
import { deriveKeys, openDatabase } from '../../src/main/adapters/database/client.ts'
import { createImports } from '../../src/main/core/import/run.ts'
import { vendors } from '../../src/main/vendors/index.ts'
import type { Database } from '../../src/main/core/ports.ts'
import { connectionSettingsSchema } from '../../src/shared/model/connection.ts'
import type { Result } from '../../src/shared/failure.ts'
import type { ImportId, RequestId } from '../../src/shared/model/ids.ts'
import type { ImportSummary } from '../../src/shared/model/import.ts'
import { caseFactsSchema } from '../../src/shared/model/request.ts'

const delayResolution = 5
const [file = '', folder = ''] = process.argv.slice(2)
const key = new Uint8Array(32).fill(5)
const built = new URL('../../out/main/', import.meta.url)
const now = Date.now()

const database = must(
  await openDatabase({
    workerUrl: new URL('database-worker.js', built),
    folder: join(folder, 'history'),
    key,
    now,
  }),
)
let changed: () => void = () => {}
const imports = createImports({
  database: () => database,
  reader: createCsvReader({ workerUrl: new URL('csv-worker.js', built), tokenKey: () => deriveKeys(key).token }),
  vendors,
  clock: { now: Date.now, steady: () => performance.now(), sleep: async (milliseconds) => await sleep(milliseconds) },
  notify: () => changed(),
  log: { info: () => {}, problem: () => {} },
  writeFile: () => Promise.reject(new Error('Nothing is saved here')),
})
const requestId = await newDraft(database)
const preview = must(await imports.inspect(file, {}))

const delay = monitorEventLoopDelay({ resolution: delayResolution })
delay.enable()
const began = performance.now()
const started = must(await imports.start({ requestId, path: file, format: preview.format, roles: [...preview.roles] }))
const beside = new AbortController()
const writes = longestWrite(database, beside.signal)
const done = await untilEnded(started.id)
const milliseconds = performance.now() - began
delay.disable()
beside.abort()
const longestWriteMilliseconds = await writes
await database.close()
if (done.status !== 'done') throw new Error(`The import ended as ${done.status}: ${done.failure?.message}`)
process.send?.({
  rows: done.rows,
  identifiers: done.identifiers,
  duplicates: done.duplicates,
  rejects: done.rejects,
  milliseconds,
  peakBytes: process.resourceUsage().maxRSS * 1024,
  longestDelayMilliseconds: Math.max(0, delay.max / 1e6 - delayResolution),
  longestWriteMilliseconds,
})

async function untilEnded(importId: ImportId): Promise<ImportSummary> {
  for (;;) {
    const next = new Promise<void>((resolve) => {
      changed = resolve
    })
    const summary = must(await database.read('getImport', { importId }, Date.now()))
    if (summary.status !== 'running') return summary
    await next
  }
}

/** What a running send would wait for the history at worst, asking it twenty times a second. */
async function longestWrite(history: Database, signal: AbortSignal): Promise<number> {
  let longest = 0
  while (!signal.aborted) {
    const asked = performance.now()
    must(await history.writeSetting('bench', String(asked)))
    longest = Math.max(longest, performance.now() - asked)
    await sleep(50)
  }
  return longest
}

async function newDraft(history: Database): Promise<RequestId> {
  const connection = must(
    await history.saveConnection({
      id: null,
      vendor: 'kore',
      name: 'Bench',
      environment: 'sandbox',
      isSandbox: true,
      origin: 'http://127.0.0.1:9',
      clientId: 'cs-1',
      secretReference: 'none',
      secretSavedAt: now,
      accountId: null,
      accountName: '',
      windows: [{ milliseconds: 60_000, calls: 60 }],
      margin: 0,
      settings: connectionSettingsSchema.parse({}),
      now,
    }),
  )
  const draft = { connectionId: connection.id, name: 'Bench', caseFacts: caseFactsSchema.parse({}), now }
  return must(await history.createDraft(draft))
}

function must<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.failure.code}: ${result.failure.message}`)
  return result.value
}
