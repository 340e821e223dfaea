import { fail, succeed, type Failed, type Result } from '../../../../shared/failure.ts'
import type { Connection } from '../../../../shared/model/connection.ts'
import type { AccountId, ConnectionId, Timestamp } from '../../../../shared/model/ids.ts'
import type { Database, StoredConnection } from '../../../core/ports.ts'
import { notFound } from '../failures.ts'
import type { History } from '../history.ts'
import { readConnection } from '../queries/connections.ts'
import { inTransaction, insert, number, one, run, type Sql } from '../sql.ts'
import { readSettings } from './connection-row.ts'
import { addEvent } from './events.ts'
import { changeSecret } from './left-secrets.ts'

type SaveInput = Parameters<Database['saveConnection']>[0]
type Stored = Readonly<{
  account_id: AccountId
  origin: string
  client_id: string
  secret_reference: string
  first_used_at: Timestamp | null
  is_sandbox: number
  settings: string
}>

/** The connection with the name of its secret in the keychain. */
export function storedConnection(history: History, connectionId: ConnectionId): Result<StoredConnection> {
  const connection = readConnection(history.sql, connectionId)
  const row = one<{ secret_reference: string }>(
    history.sql,
    'SELECT secret_reference FROM connection WHERE id = ?',
    connectionId,
  )
  if (connection === undefined || row === undefined) return notFound('connection')
  return succeed({ connection, secretReference: row.secret_reference })
}

/**
 * Adds a connection or changes one. After its first erase call, origin, client id and account stay as they are: the
 * history says where calls went and what they weigh on. `secretSavedAt` null keeps what was saved before.
 */
export function saveConnection(history: History, input: SaveInput): Result<Connection> {
  const { sql } = history
  return inTransaction(sql, () => {
    const saved = input.id === null ? addConnection(sql, input) : changeConnection(sql, input.id, input)
    if (!saved.ok) return saved
    tryAgainAtOnce(sql, saved.value)
    addEvent(sql, {
      at: input.now,
      actor: 'operator',
      kind: input.id === null ? 'connection added' : 'connection changed',
      words: `${input.id === null ? 'Added' : 'Changed'} the connection “${input.name}”.`,
      connectionId: saved.value,
    })
    return answer(sql, saved.value)
  })
}

function addConnection(sql: Sql, input: SaveInput): Result<ConnectionId> {
  const accountId = saveAccount(sql, input, input.accountId)
  if (accountId === null) return noSuchAccount()
  changeSecret(sql, null, input.secretReference)
  return succeed(
    insert<ConnectionId>(
      sql,
      `INSERT INTO connection (account_id, vendor, name, environment, is_sandbox, origin, client_id, secret_reference,
         secret_saved_at, settings, created_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      accountId,
      input.vendor,
      input.name,
      input.environment,
      Number(input.isSandbox),
      input.origin,
      input.clientId,
      input.secretReference,
      input.secretSavedAt,
      JSON.stringify(input.settings),
      input.now,
    ),
  )
}

function changeConnection(sql: Sql, id: ConnectionId, input: SaveInput): Result<ConnectionId> {
  const before = one<Stored>(
    sql,
    `SELECT account_id, origin, client_id, secret_reference, first_used_at, is_sandbox, settings
     FROM connection WHERE id = ?`,
    id,
  )
  if (before === undefined) return notFound('connection')
  // The app's own sandbox listens elsewhere at each start; its connection goes with it.
  if (before.first_used_at !== null && !(before.is_sandbox === 1 && input.isSandbox)) {
    if (before.origin !== input.origin) return fixed('origin', 'The origin')
    if (before.client_id !== input.clientId) return fixed('clientId', 'The client id')
    if (input.accountId !== null && input.accountId !== before.account_id) return fixed('accountId', 'The account')
  }
  const accountId = saveAccount(sql, input, input.accountId ?? before.account_id)
  if (accountId === null) return noSuchAccount()
  changeSecret(sql, before.secret_reference, input.secretReference)
  run(
    sql,
    `UPDATE connection SET account_id = ?, name = ?, environment = ?, is_sandbox = ?, origin = ?, client_id = ?,
       secret_reference = ?, secret_saved_at = coalesce(?, secret_saved_at), settings = ?,
       too_large = CASE WHEN ? THEN too_large ELSE NULL END WHERE id = ?`,
    accountId,
    input.name,
    input.environment,
    Number(input.isSandbox),
    input.origin,
    input.clientId,
    input.secretReference,
    input.secretSavedAt,
    JSON.stringify(input.settings),
    Number(input.settings.identifiersPerCall === readSettings(before.settings).identifiersPerCall),
    id,
  )
  return succeed(id)
}

function saveAccount(sql: Sql, input: SaveInput, accountId: AccountId | null): AccountId | null {
  const windows = JSON.stringify(input.windows)
  const name = input.accountName.trim()
  if (accountId === null) {
    return insert<AccountId>(
      sql,
      'INSERT INTO account (vendor, name, windows, margin) VALUES (?, ?, ?, ?)',
      input.vendor,
      name === '' ? input.name : name,
      windows,
      input.margin,
    )
  }
  const changed = run(
    sql,
    `UPDATE account SET windows = ?, margin = ?, name = CASE WHEN ? = '' THEN name ELSE ? END
     WHERE id = ? AND vendor = ?`,
    windows,
    input.margin,
    name,
    name,
    accountId,
    input.vendor,
  )
  return changed === 1 ? accountId : null
}

function noSuchAccount(): Failed {
  return fail('invalid-input', 'This account is not one of the vendor of this connection.', {
    kept: 'Nothing was saved.',
    next: 'Choose another account, or a new one.',
    field: 'accountId',
  })
}

function fixed(field: string, what: string): Failed {
  return fail('not-allowed', `${what} is fixed: calls have been made with it, and the history refers to it.`, {
    kept: 'The connection was not changed.',
    next: 'Add a new connection, and retire this one when nothing of it is open.',
    field,
  })
}

/** Retires a connection, or takes it back into use. One with requests that are still open stays. */
export function setConnectionRetired(
  history: History,
  input: Readonly<{ connectionId: ConnectionId; retired: boolean; now: Timestamp }>,
): Result<Connection> {
  const { sql } = history
  return inTransaction(sql, () => {
    const before = readConnection(sql, input.connectionId)
    if (before === undefined) return notFound('connection')
    if ((before.retiredAt !== null) === input.retired) return succeed(before)
    const open = number(
      sql,
      `SELECT count(*) AS value FROM request WHERE connection_id = ? AND phase = 'open'`,
      input.connectionId,
    )
    if (input.retired && open > 0) {
      return fail(
        'connection-in-use',
        `${open === 1 ? 'A request of this connection is' : `${open} requests of this connection are`} still open.`,
        {
          kept: 'The connection was not changed.',
          next: 'Wait until they are closed, or cancel what is unsent and decide about what waits.',
        },
      )
    }
    run(sql, 'UPDATE connection SET retired_at = ? WHERE id = ?', input.retired ? input.now : null, input.connectionId)
    addEvent(sql, {
      at: input.now,
      actor: 'operator',
      kind: input.retired ? 'connection retired' : 'connection restored',
      words: `${input.retired ? 'Retired' : 'Restored'} the connection “${before.name}”.`,
      connectionId: input.connectionId,
    })
    return answer(sql, input.connectionId)
  })
}

/** Clears the cause that stopped a connection: one call is tried, and its queue goes on once one has gone through. */
export function resumeConnection(
  history: History,
  input: Readonly<{ connectionId: ConnectionId; now: Timestamp }>,
): Result<Connection> {
  const { sql } = history
  return inTransaction(sql, () => {
    const resumed = run(
      sql,
      `UPDATE connection SET stopped = NULL, pace = 'trial', unclear_calls = 0, unclear_erases = 0, unclear_since = NULL
       WHERE id = ? AND stopped IS NOT NULL`,
      input.connectionId,
    )
    if (resumed === 1) {
      tryAgainAtOnce(sql, input.connectionId)
      const name =
        one<{ name: string }>(sql, 'SELECT name FROM connection WHERE id = ?', input.connectionId)?.name ?? ''
      addEvent(sql, {
        at: input.now,
        actor: 'operator',
        kind: 'connection resumed',
        words: `Resumed the connection “${name}”: one call is tried first.`,
        connectionId: input.connectionId,
      })
    }
    return answer(sql, input.connectionId)
  })
}

/** What waits only since a call certainly did not arrive may go at once: the operator has changed something about it. */
function tryAgainAtOnce(sql: Sql, connectionId: ConnectionId): void {
  run(sql, `UPDATE batch SET not_before = 0 WHERE connection_id = ? AND status = 'queued'`, connectionId)
  run(sql, 'UPDATE connection SET hold_until = 0 WHERE id = ?', connectionId)
}

function answer(sql: Sql, connectionId: ConnectionId): Result<Connection> {
  const connection = readConnection(sql, connectionId)
  return connection === undefined ? notFound('connection') : succeed(connection)
}
