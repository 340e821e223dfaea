/**
 * Time that passes, whatever is done to the machine's clock. What counts until a date has come (a call that weighs on
 * the budget, a hold, a wait) would stand for a year where the clock is set back by one, and be over at once where it
 * is set forward.
 *
 * The sender says when each of its steps was on two clocks: the date, which may be set, and a steady one. Where the
 * date moved otherwise than the steady clock, the transaction of that very step dates anew what still counts, so that
 * what is left of it stays the same. Steps may arrive in another order than they were made in: the moves add up.
 *
 * Between two senders there is no steady clock, but the machine counts how long it has been running, its sleep included:
 * where it still is, that says what the date should be. Where it was started anew, a date before the last one that was
 * written means a clock set back, and is taken as if no time had passed since; a later date is believed.
 */
import type { RateWindow } from '../../../../shared/model/connection.ts'
import type { AccountId, RequestId, Timestamp } from '../../../../shared/model/ids.ts'
import type { Moment } from '../../../core/ports.ts'
import { all, one, run, type Sql } from '../sql.ts'
import { addEvent } from './events.ts'

/** The date may be off by this much before anything is dated anew: the two clocks are read one after the other. */
const toleranceMilliseconds = 1000

type SenderClock = Readonly<{
  seen_at: Timestamp
  clock_offset: number
  uptime: number | null
  uptime_at: Timestamp | null
}>

/** Sets the clocks side by side for a new sender, within the transaction that gives it its epoch. */
export function startSteadyTime(sql: Sql, moment: Moment): void {
  const { now, steady } = moment
  const before = senderClock(sql)
  const expected = dateByUptime(before, moment) ?? Math.max(before.seen_at, now)
  if (expected < now || expected - now > toleranceMilliseconds) dateAnew(sql, expected, now)
  run(sql, 'UPDATE sender SET seen_at = ?, clock_offset = ?', now, now - steady)
  noteUptime(sql, moment)
}

/**
 * The date by what the machine has counted since a sender last looked; null where it was started anew. One that has been
 * running longer than before, and was started anew all the same, gives too early a date: calls weigh longer than they
 * had to, at most for as long as the longest window.
 */
function dateByUptime({ uptime: before, uptime_at: at }: SenderClock, { uptime }: Moment): Timestamp | null {
  if (before === null || at === null || uptime === null || uptime === undefined || uptime < before) return null
  return at + uptime - before
}

/** Notes how long the machine has been running, for a sender to come. */
export function noteUptime(sql: Sql, { now, uptime }: Moment): void {
  run(sql, 'UPDATE sender SET uptime = ?, uptime_at = ?', uptime ?? null, now)
}

/**
 * The moment as the budget's date: it passes evenly, and stays within a second of the clock. Within the caller's
 * transaction, which it begins: dates anew what is in the history where the clock was set.
 */
export function steadyTime(sql: Sql, moment: Moment): Timestamp {
  const { now, steady } = moment
  const expected = steady + senderClock(sql).clock_offset
  if (Math.abs(now - expected) <= toleranceMilliseconds) return expected
  dateAnew(sql, expected, now)
  run(sql, 'UPDATE sender SET seen_at = ?, clock_offset = ?', now, now - steady)
  // The date that goes with the uptime is of another reckoning now.
  noteUptime(sql, moment)
  return now
}

/** Notes that a sender wrote at this date. */
export function noteSeen(sql: Sql, now: Timestamp): void {
  run(sql, 'UPDATE sender SET seen_at = max(seen_at, ?)', now)
}

function senderClock(sql: Sql): SenderClock {
  const row = one<SenderClock>(sql, 'SELECT seen_at, clock_offset, uptime, uptime_at FROM sender')
  if (row === undefined) throw new Error('The history has no row for its sender')
  return row
}

function dateAnew(sql: Sql, from: Timestamp, to: Timestamp): void {
  const by = to - from
  const earlier = Math.min(from, to)
  const accounts = all<{ id: AccountId; windows: string }>(sql, 'SELECT id, windows FROM account')
  for (const account of accounts) {
    const windows = JSON.parse(account.windows) as readonly RateWindow[]
    const longest = Math.max(0, ...windows.map(({ milliseconds }) => milliseconds))
    // Set back, this takes calls along that are long over, which would weigh again when their date returns.
    run(
      sql,
      'UPDATE attempt SET spent_from = spent_from + ? WHERE account_id = ? AND spent_from > ?',
      by,
      account.id,
      earlier - longest,
    )
  }
  run(sql, 'UPDATE account SET hold_until = hold_until + ? WHERE hold_until > ?', by, earlier)
  run(sql, 'UPDATE connection SET hold_until = hold_until + ? WHERE hold_until > ?', by, earlier)
  run(sql, 'UPDATE connection SET unclear_since = unclear_since + ?', by)
  // A date that leaps forward may be a machine that woke up: what was due meanwhile is due.
  if (by > 0) return
  run(sql, `UPDATE batch SET not_before = not_before + ? WHERE status = 'queued' AND not_before > ?`, by, to)
  run(sql, 'UPDATE batch SET next_poll_at = next_poll_at + ? WHERE next_poll_at > ?', by, to)
  run(sql, `UPDATE retrieval SET not_before = not_before + ? WHERE status = 'queued' AND not_before > ?`, by, to)
  run(sql, 'UPDATE retrieval SET next_poll_at = next_poll_at + ? WHERE next_poll_at > ?', by, to)
  noteSetBack(sql, to, -by)
}

/** In the log of every request that is being sent: its events now bear dates that go back. */
function noteSetBack(sql: Sql, at: Timestamp, milliseconds: number): void {
  const open = all<{ id: RequestId }>(sql, `SELECT id FROM request WHERE phase = 'open' ORDER BY id`)
  for (const requestId of open.length === 0 ? [null] : open.map(({ id }) => id)) {
    addEvent(sql, {
      at,
      actor: 'app',
      kind: 'clock set back',
      words: `The clock of this computer was set back by ${durationInWords(milliseconds)}. What was sent before still counts against the limits for as long as it would have, and sending goes on; events before this one may bear a later date.`,
      requestId,
      payload: { milliseconds },
    })
  }
}

const units = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
  ['second', 1000],
] as const

/** "3 seconds", "2 hours", "365 days": the largest unit of which there are two, or one second. */
function durationInWords(milliseconds: number): string {
  const [name, size] = units.find((unit) => milliseconds >= 2 * unit[1]) ?? units[3]
  const count = Math.max(1, Math.round(milliseconds / size))
  return count === 1 ? `1 ${name}` : `${count.toLocaleString('en-GB')} ${name}s`
}
