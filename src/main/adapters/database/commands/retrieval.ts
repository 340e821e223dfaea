/**
 * What an operator decides about copies of people's data: to ask for them, again, at once, or no longer; and what became
 * of their files.
 */
import { fail, succeed, type Failed, type Result } from '../../../../shared/failure.ts'
import type { IdentifierId, RequestId, RetrievalId, Timestamp } from '../../../../shared/model/ids.ts'
import { isUnderWay, type RetrievalStatus } from '../../../../shared/model/retrieval.ts'
import { stateNumbers } from '../../../../shared/model/state.ts'
import type { Database, RetrievedFile } from '../../../core/ports.ts'
import { notFound } from '../failures.ts'
import type { History } from '../history.ts'
import { all, inTransaction, insert, number, one, run, type Sql } from '../sql.ts'
import { identifiersPerCall } from './call-size.ts'
import { importRunning, importRuns, requestRow, type RequestRow } from './drafts.ts'
import { addEvent, identifiersInWords } from './events.ts'

type Input<
  K extends 'askForRetrievals' | 'askRetrievalAgain' | 'leaveRetrieval' | 'checkRetrieval' | 'noteRetrievedFile',
> = Parameters<Database[K]>[0]

const nothingAsked = { kept: 'Nothing was asked for.' } as const

/**
 * The port's promise. One copy is written in a transaction, so that no call waits for the writer, and none of them leaves
 * before the last is written: the next sender drops what a crash left of it.
 */
export async function askForRetrievals(history: History, input: Input<'askForRetrievals'>): Promise<Result<number>> {
  const { sql } = history
  const checked = checkAsk(sql, input.requestId)
  if (!checked.ok) return checked
  const limit = identifiersPerCall(sql, checked.value.connection_id)
  let after = 0
  for (;;) {
    const last = inTransaction(sql, () => succeed(prepareNext(sql, checked.value, { ...input, after, limit })))
    if (!last.ok) return last
    if (last.value === null) break
    after = last.value
    await history.pause()
  }
  return inTransaction(sql, () => {
    const { count, identifiers } = one<{ count: number; identifiers: number }>(
      sql,
      `SELECT count(*) AS count, coalesce(sum(size), 0) AS identifiers FROM retrieval
       WHERE request_id = ? AND status = 'preparing'`,
      input.requestId,
    ) ?? { count: 0, identifiers: 0 }
    if (count === 0)
      return fail('nothing-to-send', 'This request has no identifier that a copy could be made of.', nothingAsked)
    run(sql, `UPDATE retrieval SET status = 'queued' WHERE request_id = ? AND status = 'preparing'`, input.requestId)
    addEvent(sql, {
      at: input.now,
      actor: 'operator',
      kind: 'copies asked for',
      words: `${count === 1 ? 'A copy' : `${count} copies`} of what the vendor has about ${identifiersInWords(identifiers)} asked for${input.disclosure === null ? '' : `, disclosing ${input.disclosure}`}.`,
      requestId: input.requestId,
      payload: { copies: count, identifiers, disclosure: input.disclosure },
    })
    return succeed(count)
  })
}

function checkAsk(sql: Sql, requestId: RequestId): Result<RequestRow & Readonly<{ scope_id: number }>> {
  const request = requestRow(sql, requestId)
  if (request === undefined) return notFound('request')
  if (importRuns(sql, requestId)) return importRunning()
  if (request.scope_id === null)
    return fail('scope-missing', 'The scope of this request is not chosen yet.', {
      ...nothingAsked,
      next: 'Choose it first: the vendor is told with the copy.',
    })
  const asked = number(
    sql,
    `SELECT count(*) AS value FROM retrieval WHERE request_id = ? AND status IN ('preparing', 'queued', 'sending')`,
    requestId,
  )
  if (asked > 0)
    return fail('wrong-state', 'Copies of this request are being asked for already.', {
      ...nothingAsked,
      next: 'Wait until the vendor has answered for them.',
      retryable: true,
    })
  return succeed({ ...request, scope_id: request.scope_id })
}

type Next = Readonly<{ requestId: RequestId; disclosure: string | null; now: Timestamp; after: number; limit: number }>

/** Writes the copy of the next identifiers; gives the last of them, null where there is none left. */
function prepareNext(sql: Sql, request: Readonly<{ connection_id: number; scope_id: number }>, next: Next) {
  const identifiers = all<{ id: IdentifierId }>(
    sql,
    `SELECT id FROM identifier WHERE request_id = ? AND id > ? AND state <> ? AND value IS NOT NULL ORDER BY id LIMIT ?`,
    next.requestId,
    next.after,
    stateNumbers.cancelled,
    next.limit,
  ).map(({ id }) => id)
  const last = identifiers.at(-1)
  if (last === undefined) return null
  const retrievalId = addRetrieval(sql, {
    ...next,
    connectionId: request.connection_id,
    scopeId: request.scope_id,
    againOf: null,
    status: 'preparing',
    size: identifiers.length,
  })
  for (const [position, identifierId] of identifiers.entries()) {
    run(sql, 'INSERT INTO retrieval_member VALUES (?, ?, ?)', retrievalId, position, identifierId)
  }
  return last
}

function addRetrieval(
  sql: Sql,
  retrieval: Readonly<{
    requestId: RequestId
    connectionId: number
    scopeId: number
    disclosure: string | null
    againOf: number | null
    status: 'preparing' | 'queued'
    size: number
    now: Timestamp
  }>,
): RetrievalId {
  return insert<RetrievalId>(
    sql,
    `INSERT INTO retrieval (request_id, connection_id, number, scope_id, disclosure, again_of, status, size, asked_at)
     VALUES (?1, ?2, (SELECT coalesce(max(number), 0) + 1 FROM retrieval WHERE request_id = ?1), ?3, ?4, ?5, ?6, ?7, ?8)`,
    retrieval.requestId,
    retrieval.connectionId,
    retrieval.scopeId,
    retrieval.disclosure,
    retrieval.againOf,
    retrieval.status,
    retrieval.size,
    retrieval.now,
  )
}

type Row = Readonly<{
  id: RetrievalId
  number: number
  connection_id: number
  scope_id: number
  disclosure: string | null
  status: RetrievalStatus
  vendor_request_id: string | null
}>

function rowOf(sql: Sql, { requestId, retrievalId }: Readonly<{ requestId: RequestId; retrievalId: RetrievalId }>) {
  return one<Row>(
    sql,
    `SELECT t.id, t.number, t.connection_id, t.scope_id, t.disclosure, t.status, t.vendor_request_id
     FROM retrieval t JOIN request r ON r.id = t.request_id AND r.discarded_at IS NULL
     WHERE t.id = ? AND t.request_id = ? AND t.status <> 'preparing'`,
    retrievalId,
    requestId,
  )
}

/** A new copy of the same identifiers, asked for in its turn. */
export function askRetrievalAgain(history: History, input: Input<'askRetrievalAgain'>): Result<null> {
  const { sql } = history
  return inTransaction(sql, () => {
    const row = rowOf(sql, input)
    if (row === undefined) return notFound('copy')
    if (isUnderWay(row.status)) return otherState(row)
    const size = number(
      sql,
      `SELECT count(*) AS value FROM retrieval_member m JOIN identifier i ON i.id = m.identifier_id
       WHERE m.retrieval_id = ? AND i.value IS NOT NULL`,
      row.id,
    )
    if (size === 0)
      return fail('nothing-to-send', 'None of the identifiers of this copy is here any more.', nothingAsked)
    if (row.status === 'outcome unknown') run(sql, `UPDATE retrieval SET status = 'left' WHERE id = ?`, row.id)
    const again = addRetrieval(sql, {
      requestId: input.requestId,
      connectionId: row.connection_id,
      scopeId: row.scope_id,
      disclosure: row.disclosure,
      againOf: row.number,
      status: 'queued',
      size,
      now: input.now,
    })
    run(
      sql,
      `INSERT INTO retrieval_member SELECT ?, m.position, m.identifier_id
       FROM retrieval_member m JOIN identifier i ON i.id = m.identifier_id AND i.value IS NOT NULL WHERE m.retrieval_id = ?`,
      again,
      row.id,
    )
    decided(sql, input, 'copy asked for again', `A new copy was asked for in place of copy ${row.number}.`, row)
    return succeed(null)
  })
}

/** What the vendor has accepted it may make all the same; a call under way is awaited first. */
export function leaveRetrieval(history: History, input: Input<'leaveRetrieval'>): Result<null> {
  const { sql } = history
  return inTransaction(sql, () => {
    const row = rowOf(sql, input)
    if (row === undefined) return notFound('copy')
    if (row.status === 'left') return succeed(null)
    if (row.status === 'sending' || row.status === 'ready' || row.status === 'failed') return otherState(row)
    run(sql, `UPDATE retrieval SET status = 'left', next_poll_at = NULL WHERE id = ?`, row.id)
    decided(sql, input, 'copy left', `Copy ${row.number} is waited for no longer.`, row)
    return succeed(null)
  })
}

/** The next status call about it is due now. */
export function checkRetrieval(history: History, input: Input<'checkRetrieval'>): Result<null> {
  const { sql } = history
  return inTransaction(sql, () => {
    const row = rowOf(sql, input)
    if (row === undefined) return notFound('copy')
    if (row.vendor_request_id === null || row.status === 'left') return otherState(row)
    run(sql, 'UPDATE retrieval SET next_poll_at = ? WHERE id = ?', input.now, row.id)
    return succeed(null)
  })
}

/** Puts into the log what became of a copy's file, without its link. */
export function noteRetrievedFile(history: History, input: Input<'noteRetrievedFile'>): Result<null> {
  const { sql } = history
  return inTransaction(sql, () => {
    const row = rowOf(sql, input)
    if (row === undefined) return notFound('copy')
    const { file } = input
    if (file.kind === 'refused') run(sql, 'UPDATE retrieval SET link_refused_at = ? WHERE id = ?', input.now, row.id)
    else run(sql, 'UPDATE retrieval SET used = ?, used_at = ? WHERE id = ?', file.kind, input.now, row.id)
    addEvent(sql, {
      at: input.now,
      actor: file.kind === 'refused' ? 'vendor' : 'operator',
      kind: `copy ${file.kind}`,
      words: wordsOfFile(row.number, file),
      requestId: input.requestId,
      payload: { retrieval: row.number, ...file },
    })
    return succeed(null)
  })
}

function wordsOfFile(copy: number, file: RetrievedFile): string {
  switch (file.kind) {
    case 'saved':
      return `Copy ${copy} was saved as ${file.fileName}: ${file.bytes.toLocaleString('en-GB')} bytes, SHA-256 ${file.sha256}.`
    case 'opened':
      return `The link of copy ${copy} was opened in the browser, at ${file.host}.`
    case 'refused':
      return `The link of copy ${copy} was refused (${file.httpStatus}): its time is over, or it never worked.`
  }
}

function decided(
  sql: Sql,
  { requestId, reason, now }: Readonly<{ requestId: RequestId; reason: string; now: Timestamp }>,
  kind: string,
  words: string,
  row: Row,
): void {
  addEvent(sql, {
    at: now,
    actor: 'operator',
    kind,
    words,
    reason,
    requestId,
    payload: { retrieval: row.number, before: row.status },
  })
}

function otherState(row: Row): Failed {
  return fail('wrong-state', `Copy ${row.number} is ${row.status} now.`, {
    kept: 'Nothing was changed.',
    next: 'Look at it again: its state has changed.',
  })
}
