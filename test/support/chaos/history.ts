/** The history of a killed process, read from copies, so that the next process finds the files as the dead one left them. */
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openHistory } from '../../../src/main/adapters/database/open-history.ts'
import { all, type Sql } from '../../../src/main/adapters/database/sql.ts'
import { stateFromNumber } from '../../../src/shared/model/state.ts'
import { historyKey, must, withHistory } from '../engine.ts'
import type { JudgedCopy } from './copies-judge.ts'
import type { Judged, JudgedAttempt, JudgedIdentifier } from './judge.ts'

const files = ['history.db', 'history.db-wal']

/** Copies what a dead process left; the index beside the log is not part of it, it is made anew. */
export function copyHistory(from: string, to: string): void {
  rmSync(to, { recursive: true, force: true })
  for (const name of [...files, 'backups']) {
    if (existsSync(join(from, name))) cpSync(join(from, name), join(to, name), { recursive: true })
  }
}

/** Opens the history as the database's thread does at every start, with all that a start puts right, and closes it. */
export async function restartHistory(folder: string): Promise<void> {
  const history = must(await openHistory({ folder, key: historyKey, role: 'writer', now: Date.now() }))
  history.sql.close()
}

/** Looks into a copy of the history, which is removed afterwards. */
export function withCopy<T>(folder: string, look: (sql: Sql) => T): T {
  const base = mkdtempSync(join(tmpdir(), 'erasure-desk-copy-'))
  try {
    copyHistory(folder, join(base, 'history'))
    return withHistory(join(base, 'history'), look)
  } finally {
    rmSync(base, { recursive: true, force: true })
  }
}

/** What the history says, as the judge takes it. Names are the values of the identifiers. */
export function readHistory(sql: Sql): Pick<Judged, 'attempts' | 'identifiers'> {
  const batches = Map.groupBy(
    all<{ identifierId: number; batchId: number; vendorRequestId: string | null; adopted: number; again: number }>(
      sql,
      `SELECT d.identifier_id AS identifierId, d.batch_id AS batchId, b.vendor_request_id AS vendorRequestId, b.origin = 'adopted' AS adopted,
              d.basis IS 'sent again by hand' AS again
       FROM delivery d JOIN batch b ON b.id = d.batch_id`,
    ),
    ({ identifierId }) => identifierId,
  )
  const identifiers = all<{ id: number; name: string; state: number; decided: number }>(
    sql,
    'SELECT id, value AS name, state, decided FROM identifier ORDER BY id',
  ).map(({ id, name, state, decided }): JudgedIdentifier => {
    const own = batches.get(id) ?? []
    return {
      name,
      state: stateFromNumber(state),
      decided: decided === 1,
      batches: own.map(({ adopted, ...batch }) => ({ ...batch, adopted: adopted === 1 })),
      sentAgain: own.filter(({ again }) => again === 1).length,
    }
  })
  const attempts = all<JudgedAttempt>(sql, 'SELECT jti, kind, ending, batch_id AS batchId FROM attempt ORDER BY id')
  return { attempts, identifiers }
}

/** What it says of copies, as their judge takes it. */
export function readCopies(sql: Sql): readonly JudgedCopy[] {
  const names = Map.groupBy(
    all<{ copyId: number; name: string }>(
      sql,
      `SELECT m.retrieval_id AS copyId, i.value AS name FROM retrieval_member m JOIN identifier i ON i.id = m.identifier_id
       ORDER BY m.retrieval_id, m.position`,
    ),
    ({ copyId }) => copyId,
  )
  const attempts = Map.groupBy(
    all<{ copyId: number } & JudgedCopy['attempts'][number]>(
      sql,
      'SELECT retrieval_id AS copyId, jti, kind, ending FROM attempt WHERE retrieval_id IS NOT NULL ORDER BY id',
    ),
    ({ copyId }) => copyId,
  )
  type Row = Pick<JudgedCopy, 'id' | 'status' | 'vendorRequestId'> & Readonly<{ again: number; asked: number }>
  const rows = all<Row>(
    sql,
    `SELECT t.id, t.status, t.vendor_request_id AS vendorRequestId, t.again_of IS NOT NULL AS again,
       EXISTS (SELECT 1 FROM retrieval o WHERE o.request_id = t.request_id AND o.again_of = t.number) AS asked
     FROM retrieval t ORDER BY t.id`,
  )
  return rows.map(({ again, asked, ...row }) => ({
    ...row,
    isAgain: again === 1,
    wasAskedAgain: asked === 1,
    names: (names.get(row.id) ?? []).map(({ name }) => name),
    attempts: attempts.get(row.id) ?? [],
  }))
}
