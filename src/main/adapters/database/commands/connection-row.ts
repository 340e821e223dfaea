import {
  connectionSettingsSchema,
  mostPerCall,
  type ConnectionSettings,
  type VendorId,
} from '../../../../shared/model/connection.ts'
import type { AccountId, ConnectionId } from '../../../../shared/model/ids.ts'
import type { ConnectionForCall } from '../../../core/ports.ts'
import { one, type Sql } from '../sql.ts'

/** Settings as they were stored, with the defaults of settings that came later. */
export function readSettings(json: string): ConnectionSettings {
  return connectionSettingsSchema.parse(JSON.parse(json))
}

/** A connection as the engine uses it, or undefined. */
export function connectionForCall(sql: Sql, connectionId: ConnectionId): ConnectionForCall | undefined {
  const row = one<{
    id: ConnectionId
    account_id: AccountId
    vendor: VendorId
    origin: string
    client_id: string
    is_sandbox: number
    secret_reference: string
    settings: string
    too_large: number | null
  }>(
    sql,
    `SELECT id, account_id, vendor, origin, client_id, is_sandbox, secret_reference, settings, too_large
     FROM connection WHERE id = ?`,
    connectionId,
  )
  if (row === undefined) return undefined
  const settings = readSettings(row.settings)
  return {
    id: row.id,
    accountId: row.account_id,
    vendor: row.vendor,
    origin: row.origin,
    clientId: row.client_id,
    isSandbox: row.is_sandbox === 1,
    secretReference: row.secret_reference,
    settings: { ...settings, identifiersPerCall: mostPerCall(settings.identifiersPerCall, row.too_large) },
  }
}
