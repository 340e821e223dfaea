/** What must hold in a history after every command, read by scan from the tables themselves. */
import { expect } from 'vitest'
import { dayOf } from '../../../src/main/adapters/database/commands/moves.ts'
import { all, type Sql } from '../../../src/main/adapters/database/sql.ts'
import {
  isSettled,
  mayBecome,
  stateFromNumber,
  waitingStates,
  type IdentifierState,
} from '../../../src/shared/model/state.ts'

export type StatesById = ReadonlyMap<number, IdentifierState>

/** The state of every identifier. */
export function statesById(sql: Sql): StatesById {
  const rows = all<{ id: number; state: number }>(sql, 'SELECT id, state FROM identifier')
  return new Map(rows.map(({ id, state }) => [id, stateFromNumber(state)]))
}

/**
 * Every identifier is still there, and none made a step that the table of transitions does not have. `atOnce`: two steps
 * of the table that one command may make.
 */
export function checkSteps(
  before: StatesById,
  after: StatesById,
  atOnce: readonly (readonly [IdentifierState, IdentifierState])[] = [],
): void {
  expect(after.size).toBe(before.size)
  for (const [id, state] of after) {
    const was = before.get(id) ?? 'held'
    const isAllowed = mayBecome(was, state) || atOnce.some(([one, other]) => one === was && other === state)
    expect(was === state || isAllowed, `identifier ${id} went from ${was} to ${state}`).toBe(true)
  }
}

/** Counters equal scans, batches and identifiers agree, numbers are dense, and closed means that nothing waits. */
export function checkHistory(sql: Sql): void {
  checkCounters(sql)
  checkTokens(sql)
  checkBatches(sql)
  checkAttempts(sql)
  checkPhases(sql)
}

function checkCounters(sql: Sql): void {
  expect(
    all(sql, 'SELECT * FROM identifier_count WHERE count <> 0 ORDER BY request_id, state, decided'),
    'identifier_count',
  ).toEqual(
    all(sql, `SELECT request_id, state, decided, count(*) AS count FROM identifier GROUP BY 1, 2, 3 ORDER BY 1, 2, 3`),
  )
  expect(
    all(sql, 'SELECT batch_id, state, count FROM batch_count WHERE decided = 0 AND count <> 0 ORDER BY 1, 2'),
    'batch_count',
  ).toEqual(
    all(
      sql,
      `SELECT batch_id, state, count(*) AS count FROM identifier WHERE batch_id IS NOT NULL AND decided = 0
       GROUP BY 1, 2 ORDER BY 1, 2`,
    ),
  )
  expect(all(sql, 'SELECT * FROM batch_count WHERE count < 0')).toEqual([])
  expect(
    all(
      sql,
      `SELECT b.id FROM batch b WHERE size <> (SELECT sum(count) FROM batch_count n WHERE n.batch_id = b.id)
         OR size <> (SELECT count(*) FROM delivery d WHERE d.batch_id = b.id)`,
    ),
    'a batch counts each of its deliveries once',
  ).toEqual([])
  const settled = new Map<string, number>()
  for (const row of all<{ state: number; state_at: number; sandbox: number }>(
    sql,
    `SELECT i.state, i.state_at, c.environment = 'sandbox' AS sandbox FROM identifier i
     JOIN request r ON r.id = i.request_id JOIN connection c ON c.id = r.connection_id`,
  )) {
    if (!isSettled(stateFromNumber(row.state))) continue
    const key = `${dayOf(row.state_at)} ${row.state} ${row.sandbox}`
    settled.set(key, (settled.get(key) ?? 0) + 1)
  }
  const days = all<{ day: string; state: number; sandbox: number; count: number }>(
    sql,
    'SELECT * FROM daily_count WHERE count <> 0',
  )
  expect(
    new Map(days.map(({ day, state, sandbox, count }) => [`${day} ${state} ${sandbox}`, count])),
    'daily_count',
  ).toEqual(settled)
}

/** Outside an import every identifier has its token entered, once, and no token is without its identifier. */
export function checkTokens(sql: Sql): void {
  expect(
    all(
      sql,
      `SELECT id, token, request_id, scope_id FROM identifier
       EXCEPT SELECT identifier_id, token, request_id, scope_id FROM identifier_token`,
    ),
    'identifiers without a token',
  ).toEqual([])
  expect(
    all(
      sql,
      `SELECT identifier_id, token, request_id, scope_id FROM identifier_token
       EXCEPT SELECT id, token, request_id, scope_id FROM identifier`,
    ),
    'tokens without an identifier',
  ).toEqual([])
}

function checkBatches(sql: Sql): void {
  expect(
    all(
      sql,
      `SELECT d.identifier_id FROM delivery d JOIN batch b ON b.id = d.batch_id
       WHERE b.status IN ('queued', 'sending') GROUP BY 1 HAVING count(*) > 1`,
    ),
    'no identifier is in two batches that are still to be sent',
  ).toEqual([])
  expect(
    all(
      sql,
      `SELECT i.id, i.state, b.status FROM identifier i LEFT JOIN batch b ON b.id = i.batch_id
       WHERE (i.state = 3) <> (b.status IS 'sending')
          OR (i.state = 2 AND b.status IS NOT NULL AND b.status <> 'queued')
          OR (b.status IS 'queued' AND i.state <> 2)
          OR (i.state = 5 AND b.status IS NOT 'outcome unknown')
          OR (i.state = 4 AND b.status IS NOT 'accepted')
          OR (i.state = 1 AND b.status IS NOT 'rejected'
              AND NOT EXISTS (SELECT 1 FROM history_repeat h
                              WHERE h.request_id = i.request_id AND h.identifier_id = i.id AND i.decided = 1))
          OR (b.id IS NOT NULL AND NOT EXISTS
               (SELECT 1 FROM delivery d WHERE d.batch_id = b.id AND d.identifier_id = i.id))`,
    ),
    'an identifier and the batch it is in tell the same',
  ).toEqual([])
  expect(
    all(
      sql,
      `SELECT r.id FROM request r LEFT JOIN batch b ON b.request_id = r.id GROUP BY r.id
       HAVING count(b.id) <> r.batch_numbers OR coalesce(max(b.number), 0) <> r.batch_numbers
          OR count(DISTINCT b.number) <> r.batch_numbers`,
    ),
    'batch numbers are dense',
  ).toEqual([])
  expect(
    all(sql, `SELECT id FROM batch WHERE cancel_asked_at IS NOT NULL AND status <> 'accepted'`),
    'only what the vendor has may be taken back there',
  ).toEqual([])
  expect(
    all(
      sql,
      `SELECT a.id FROM attempt a JOIN batch b ON b.id = a.batch_id AND b.origin = 'adopted' WHERE a.kind <> 'status'`,
    ),
    'a task of somebody else is asked about and nothing more',
  ).toEqual([])
  expect(
    all(sql, `SELECT n.batch_id FROM named_stranger n JOIN batch b ON b.id = n.batch_id AND b.origin = 'adopted'`),
    'whom else a task of somebody else erases is not kept',
  ).toEqual([])
}

function checkAttempts(sql: Sql): void {
  expect(
    all(
      sql,
      `SELECT b.id FROM batch b LEFT JOIN attempt a ON a.batch_id = b.id AND a.ended_at IS NULL GROUP BY b.id
       HAVING count(a.id) > 1 OR (b.status = 'sending') <> (coalesce(max(a.kind), '') = 'erase')
          OR b.polling <> (coalesce(max(a.kind), '') IN ('status', 'cancel'))
          OR b.looking_up <> (coalesce(max(a.kind), '') = 'look-up')
          OR (b.looking_up = 1 AND b.looked_up <> 'none')`,
    ),
    'at most one call per batch is under way, and the batch says which',
  ).toEqual([])
}

function checkPhases(sql: Sql): void {
  const rows = all<{ id: number; phase: string; state: number; decided: number }>(
    sql,
    `SELECT DISTINCT r.id, r.phase, i.state, i.decided FROM request r JOIN identifier i ON i.request_id = r.id
     WHERE r.phase <> 'draft'`,
  )
  const pending = new Set(
    rows
      .filter(({ state, decided }) => {
        const name = stateFromNumber(state)
        return !isSettled(name) || (decided === 0 && waitingStates.includes(name))
      })
      .map(({ id }) => id),
  )
  for (const { id, phase } of rows) expect([id, phase]).toEqual([id, pending.has(id) ? 'open' : 'closed'])
}
