/** Saves a connection: the secret into the keychain first, then the row that names it. */
import { fail, succeed, type Result } from '../../../shared/failure.ts'
import type { Connection, ConnectionInput, ConnectionSettings } from '../../../shared/model/connection.ts'
import type { Clock, Database, Random, SecretStore, StoredConnection, Vendor, Vendors } from '../ports.ts'
import { findVendor } from '../vendors.ts'
import { completeSettings } from './settings.ts'

export type SaveConnectionPorts = Readonly<{
  database: () => Database
  secrets: SecretStore
  vendors: Vendors
  clock: Clock
  random: Random
}>

/**
 * Adds a connection, or changes the one with `input.id`. Without `secret` the one in the keychain stays. A secret is
 * written under a new name, so that a row that then cannot be saved leaves the old one in use; the engine removes the
 * one of the two that no row names, once no call may want it. Origin and client id are
 * fixed after the first erase call; the sandbox's own connection keeps what the app gave it.
 */
export async function saveConnection(ports: SaveConnectionPorts, input: ConnectionInput): Promise<Result<Connection>> {
  const { database, secrets, vendors, clock, random } = ports
  const found = findVendor(vendors, input.vendor)
  if (!found.ok) return found
  const vendor = found.value
  const before = input.id === undefined ? null : await database().storedConnection(input.id)
  if (before !== null && !before.ok) return before
  const checked = checkInput(input, vendor, before?.value ?? null)
  if (!checked.ok) return checked

  const previousReference = before?.value.secretReference ?? null
  const secretReference =
    input.secret === undefined && previousReference !== null ? previousReference : `connection-${random.uuid()}`
  if (input.secret !== undefined) {
    const noted = await database().noteSecret(secretReference)
    if (!noted.ok) return noted
    const written = await secrets.write(secretReference, input.secret)
    if (!written.ok) return written
  }
  const now = clock.now()
  const saved = await database().saveConnection({
    id: input.id ?? null,
    vendor: input.vendor,
    name: input.name,
    environment: before?.value.connection.isSandbox === true ? 'sandbox' : input.environment,
    isSandbox: before?.value.connection.isSandbox ?? false,
    origin: checked.value.origin,
    clientId: input.clientId,
    secretReference,
    secretSavedAt: input.secret === undefined ? null : now,
    accountId: input.accountId ?? before?.value.connection.accountId ?? null,
    accountName: input.accountName ?? before?.value.connection.accountName ?? input.name,
    windows: input.windows ?? before?.value.connection.windows ?? vendor.profile.windows,
    margin: input.margin,
    settings: checked.value.settings,
    now,
  })
  if (!saved.ok && input.secret !== undefined) await database().leaveSecret(secretReference)
  return saved
}

/** The normalised origin and the complete settings, or what stands in the way. */
function checkInput(
  input: ConnectionInput,
  vendor: Vendor,
  before: StoredConnection | null,
): Result<Readonly<{ origin: string; settings: ConnectionSettings }>> {
  const kept = 'Nothing was saved.'
  if (before === null && input.secret === undefined) {
    return fail('secret-missing', vendor.profile.secret.missing, {
      kept,
      next: `Copy it from ${vendor.profile.name}.`,
      field: 'secret',
    })
  }
  if (before?.connection.isSandbox !== true && input.environment === 'sandbox') {
    return fail('invalid-input', 'Only the sandbox that Erasure Desk starts itself is marked as sandbox.', {
      kept,
      next: 'Choose staging for a test system of your own.',
      field: 'environment',
    })
  }
  if (input.settings.lookUpFirst && vendor.lookUp === undefined) {
    return fail('invalid-input', `${vendor.profile.name} has no look-up of its own ids.`, {
      kept,
      next: 'Turn off the look-up before sending.',
      field: 'settings.lookUpFirst',
    })
  }
  const settings = completeSettings(vendor, input.settings)
  if (!settings.ok) return settings
  const origin = vendor.checkOrigin(input.origin)
  return origin.ok ? succeed({ origin: origin.value.origin, settings: settings.value }) : origin
}
