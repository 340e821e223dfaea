import { appearanceSchema, type Appearance, type Overview } from '../../../../shared/contract.ts'
import { succeed, type Result } from '../../../../shared/failure.ts'
import type { StopCause } from '../../../../shared/model/connection.ts'
import type { ConnectionId, RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import { stateFromNumber } from '../../../../shared/model/state.ts'
import { dayOf } from '../commands/moves.ts'
import type { History } from '../history.ts'
import { all, number, one, type Sql } from '../sql.ts'
import { countsOf } from './request-rows.ts'
import { summaries } from './requests.ts'
import { stuckRequests } from './stuck.ts'

const days = 30
const byDeadline = 10

export function getOverview(history: History, _input: unknown, now: Timestamp): Result<Overview> {
  const { sql } = history
  const sandboxApart =
    number(sql, `SELECT count(*) AS value FROM connection WHERE environment <> 'sandbox' AND retired_at IS NULL`) > 0
  const sandbox = sandboxApart ? 0 : 1
  const perDay = dayCounts(sql, now, sandbox)
  const open = all<{ id: number }>(
    sql,
    `SELECT r.id FROM request r JOIN connection c ON c.id = r.connection_id
     WHERE r.phase = 'open' AND (c.environment = 'sandbox') <= ? ORDER BY r.due_on IS NULL, r.due_on, r.id LIMIT ?`,
    sandbox,
    byDeadline,
  )
  return succeed({
    waiting: number(
      sql,
      `SELECT sum(n.count) AS value FROM identifier_count n JOIN request r ON r.id = n.request_id AND r.phase = 'open'
       WHERE n.decided = 0 AND n.state IN (1, 5, 9)`,
    ),
    dueWithinWeek: number(
      sql,
      `SELECT count(*) AS value FROM request r JOIN connection c ON c.id = r.connection_id
       WHERE r.phase = 'open' AND r.due_on <= ? AND (c.environment = 'sandbox') <= ?`,
      dayAt(now, 7),
      sandbox,
    ),
    onTheirWay: number(
      sql,
      `SELECT sum(n.count) AS value FROM identifier_count n JOIN request r ON r.id = n.request_id AND r.phase = 'open'
       JOIN connection c ON c.id = r.connection_id WHERE n.state IN (3, 4) AND (c.environment = 'sandbox') <= ?`,
      sandbox,
    ),
    erasedLast30Days: perDay.reduce((sum, { counts }) => sum + (counts.erased ?? 0), 0),
    sandboxApart,
    days: perDay,
    byDeadline: summaries(
      sql,
      open.map(({ id }) => id),
    ),
    waitingGroups: waitingByRequest(sql),
    copiesInDoubt: copiesInDoubtByRequest(sql),
    stoppedConnections: all<{ id: ConnectionId; name: string; stopped: string }>(
      sql,
      'SELECT id, name, stopped FROM connection WHERE stopped IS NOT NULL AND retired_at IS NULL ORDER BY name, id',
    ).map(({ id, name, stopped }) => ({ connectionId: id, name, title: (JSON.parse(stopped) as StopCause).title })),
    pausedRequests: all<{ id: RequestId; name: string; cause: string }>(
      sql,
      `SELECT id, name, paused_cause AS cause FROM request WHERE phase = 'open' AND paused_cause IS NOT NULL
       ORDER BY due_on IS NULL, due_on, id LIMIT 100`,
    ).map(({ id, name, cause }) => ({
      requestId: id,
      requestName: name,
      title: (JSON.parse(cause) as StopCause).title,
    })),
    stuck: [...stuckRequests(sql, now)],
  })
}

/**
 * Thirty days up to today, oldest first, each with what was settled on it. `sandbox` 0 leaves the sandbox's out. By the
 * calendar, not by 24 hours: twice a year a day is longer or shorter.
 */
function dayCounts(sql: Sql, now: Timestamp, sandbox: number): Overview['days'] {
  return Array.from({ length: days }, (_, index) => {
    const day = dayAt(now, index - (days - 1))
    const rows = all<{ state: number; count: number }>(
      sql,
      'SELECT state, sum(count) AS count FROM daily_count WHERE day = ? AND sandbox <= ? GROUP BY state HAVING sum(count) > 0',
      day,
      sandbox,
    )
    return { day, counts: countsOf(rows.map((row) => ({ ...row, decided: 1 }))).counts }
  })
}

/** The day so many days after the one of `now`, on this machine's calendar. */
function dayAt(now: Timestamp, later: number): string {
  const noon = new Date(now)
  noon.setHours(12, 0, 0, 0)
  noon.setDate(noon.getDate() + later)
  return dayOf(noon.getTime())
}

function waitingByRequest(sql: Sql): Overview['waitingGroups'] {
  return all<{ id: RequestId; name: string; state: number; count: number }>(
    sql,
    `SELECT r.id, r.name, n.state, n.count FROM identifier_count n
     JOIN request r ON r.id = n.request_id AND r.phase = 'open'
     WHERE n.decided = 0 AND n.state IN (1, 5, 9) AND n.count > 0
     ORDER BY r.due_on IS NULL, r.due_on, r.id, n.state LIMIT 100`,
  ).map((row) => ({ requestId: row.id, requestName: row.name, state: stateFromNumber(row.state), count: row.count }))
}

function copiesInDoubtByRequest(sql: Sql): Overview['copiesInDoubt'] {
  const rows = all<{ requestId: RequestId; requestName: string; count: number }>(
    sql,
    `SELECT r.id AS requestId, r.name AS requestName, count(*) AS count FROM retrieval t
     JOIN request r ON r.id = t.request_id AND r.discarded_at IS NULL
     WHERE t.status = 'outcome unknown' GROUP BY r.id ORDER BY r.due_on IS NULL, r.due_on, r.id LIMIT 100`,
  )
  return [...rows]
}

/** What the operator chose, with the defaults where nothing usable is stored. */
export function getAppearance(history: History): Result<Appearance> {
  const stored =
    one<{ value: string }>(history.sql, `SELECT value FROM setting WHERE key = 'appearance'`)?.value ?? '{}'
  const parsed = appearanceSchema.safeParse(parseJson(stored))
  return succeed(parsed.success ? parsed.data : appearanceSchema.parse({}))
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
