/** Connection tests: journalled and inside the same budget as every other call. */
import { fail, succeed, type Result } from '../../../../shared/failure.ts'
import type { ConnectionTest } from '../../../../shared/model/connection.ts'
import type { AttemptId, ConnectionId, Timestamp } from '../../../../shared/model/ids.ts'
import type { AttemptResult, ConnectionForCall, Epoch, Moment } from '../../../core/ports.ts'
import { notFound } from '../failures.ts'
import type { History } from '../history.ts'
import { inTransaction, number, run } from '../sql.ts'
import { accountBudget, journalAttempt, nextFreeAt, weighUnderWay } from './budget.ts'
import { steadyTime } from './clock.ts'
import { connectionForCall } from './connection-row.ts'
import { addEvent } from './events.ts'
import { endAttempt } from './finish-attempt.ts'
import { checkSender } from './sender.ts'

type ReservedTest =
  | Readonly<{ kind: 'test'; attemptId: AttemptId; connection: ConnectionForCall }>
  | Readonly<{ kind: 'wait'; until: Timestamp }>

/** Journals a test, also of a stopped connection: it is how a fix is tried. */
export function reserveTest(
  history: History,
  input: Moment & Readonly<{ connectionId: ConnectionId; epoch: Epoch; jti: string }>,
): Result<ReservedTest> {
  const { sql } = history
  return inTransaction<ReservedTest>(sql, () => {
    const sender = checkSender(history, input.epoch)
    if (!sender.ok) return sender
    const connection = connectionForCall(sql, input.connectionId)
    if (connection === undefined) return notFound('connection')
    if (number(sql, 'SELECT retired_at IS NOT NULL AS value FROM connection WHERE id = ?', connection.id) === 1) {
      return fail('connection-retired', 'This connection is retired.', { next: 'Restore it first, then test it.' })
    }
    const at = steadyTime(sql, input)
    weighUnderWay(sql, connection.accountId, at)
    const free = nextFreeAt(sql, accountBudget(sql, connection.accountId), at)
    if (free > at) return succeed({ kind: 'wait', until: input.now + free - at })
    const attemptId = journalAttempt(sql, {
      jti: input.jti,
      kind: 'test',
      accountId: connection.accountId,
      connectionId: connection.id,
      requestId: null,
      batchId: null,
      epoch: input.epoch,
      now: input.now,
      spentFrom: at + connection.settings.callTimeoutMilliseconds,
      timeoutMilliseconds: connection.settings.callTimeoutMilliseconds,
    })
    return succeed({ kind: 'test', attemptId, connection })
  })
}

/** Writes how the test ended and what it showed. */
export function finishTest(history: History, result: AttemptResult, test: ConnectionTest): Result<null> {
  const { sql } = history
  return inTransaction(sql, () => {
    const ended = endAttempt(history, 'test', result)
    if (!ended.ok) return ended
    if (ended.value.already) return succeed(null)
    run(sql, 'UPDATE connection SET last_test = ? WHERE id = ?', JSON.stringify(test), ended.value.connectionId)
    addEvent(sql, {
      at: result.endedAt,
      actor: 'operator',
      kind: 'tested',
      words: `Connection tested: ${test.title}`,
      connectionId: ended.value.connectionId,
    })
    return succeed(null)
  })
}
