import { succeed, type Result } from '../../../../shared/failure.ts'
import type { Value } from '../../../../shared/contract.ts'
import type {
  Budget,
  Connection,
  ConnectionTest,
  Environment,
  RateWindow,
  StopCause,
  VendorId,
} from '../../../../shared/model/connection.ts'
import type { AccountId, ConnectionId, Timestamp } from '../../../../shared/model/ids.ts'
import { accountBudget, nextFreeAt, usableCalls, usedCalls } from '../commands/budget.ts'
import { readSettings } from '../commands/connection-row.ts'
import { notFound } from '../failures.ts'
import type { History } from '../history.ts'
import { all, one, type Sql } from '../sql.ts'

type Row = Readonly<{
  id: ConnectionId
  account_id: AccountId
  account_name: string
  vendor: VendorId
  name: string
  environment: Environment
  is_sandbox: number
  origin: string
  client_id: string
  settings: string
  too_large: number | null
  windows: string
  margin: number
  secret_saved_at: Timestamp | null
  created_at: Timestamp
  first_used_at: Timestamp | null
  retired_at: Timestamp | null
  stopped: string | null
  last_test: string | null
  open_requests: number
}>

const columns = `c.id, c.account_id, a.name AS account_name, c.vendor, c.name, c.environment, c.is_sandbox, c.origin,
  c.client_id, c.settings, c.too_large, a.windows, a.margin, c.secret_saved_at, c.created_at, c.first_used_at, c.retired_at, c.stopped,
  c.last_test,
  (SELECT count(*) FROM request r WHERE r.connection_id = c.id AND r.phase = 'open') AS open_requests
  FROM connection c JOIN account a ON a.id = c.account_id`

/** The connection as the operator sees it, or undefined. */
export function readConnection(sql: Sql, connectionId: ConnectionId): Connection | undefined {
  const row = one<Row>(sql, `SELECT ${columns} WHERE c.id = ?`, connectionId)
  return row === undefined ? undefined : connectionOf(row)
}

export function getConnection(history: History, input: Readonly<{ connectionId: ConnectionId }>): Result<Connection> {
  const connection = readConnection(history.sql, input.connectionId)
  return connection === undefined ? notFound('connection') : succeed(connection)
}

/** Connections by name; retired ones only where asked for, at the end. */
export function listConnections(history: History, input: Readonly<{ retired: boolean }>): Result<Connection[]> {
  const rows = all<Row>(
    history.sql,
    `SELECT ${columns} WHERE c.retired_at IS NULL OR ? ORDER BY c.retired_at IS NOT NULL, c.name COLLATE NOCASE, c.id`,
    Number(input.retired),
  )
  return succeed(rows.map(connectionOf))
}

export function listAccounts(history: History): Result<Value<'listAccounts'>> {
  return succeed(
    accountRows(history.sql).map(({ id, vendor, name, environment }) => ({ id, vendor, name, environment })),
  )
}

/** The budget of every account with a connection in use, as it stands at `now`. */
export function listBudgets(history: History, _input: unknown, now: Timestamp): Result<Budget[]> {
  const { sql } = history
  return succeed(
    accountRows(sql).map((account) => {
      const budget = accountBudget(sql, account.id)
      const free = nextFreeAt(sql, budget, now)
      return {
        accountId: account.id,
        accountName: account.name,
        vendor: account.vendor,
        environment: account.environment,
        windows: budget.windows.map((window) => ({
          ...window,
          used: usedCalls(sql, account.id, window, now),
          usable: usableCalls(window, budget.margin),
        })),
        nextFreeAt: free > now ? free : null,
        holdUntil: budget.holdUntil !== null && budget.holdUntil > now ? budget.holdUntil : null,
      }
    }),
  )
}

function accountRows(sql: Sql) {
  return all<{ id: AccountId; name: string; vendor: VendorId; environment: Environment }>(
    sql,
    `SELECT a.id, a.name, a.vendor,
       (SELECT c.environment FROM connection c WHERE c.account_id = a.id AND c.retired_at IS NULL ORDER BY c.id LIMIT 1)
         AS environment
     FROM account a
     WHERE EXISTS (SELECT 1 FROM connection c WHERE c.account_id = a.id AND c.retired_at IS NULL)
     ORDER BY a.name COLLATE NOCASE, a.id`,
  )
}

function connectionOf(row: Row): Connection {
  return {
    id: row.id,
    accountId: row.account_id,
    accountName: row.account_name,
    vendor: row.vendor,
    name: row.name,
    environment: row.environment,
    isSandbox: row.is_sandbox === 1,
    origin: row.origin,
    clientId: row.client_id,
    settings: readSettings(row.settings),
    tooLarge: row.too_large,
    windows: JSON.parse(row.windows) as RateWindow[],
    margin: row.margin,
    secretSavedAt: row.secret_saved_at,
    createdAt: row.created_at,
    firstUsedAt: row.first_used_at,
    retiredAt: row.retired_at,
    stopped: row.stopped === null ? null : (JSON.parse(row.stopped) as StopCause),
    lastTest: row.last_test === null ? null : (JSON.parse(row.last_test) as ConnectionTest),
    openRequests: row.open_requests,
  }
}
