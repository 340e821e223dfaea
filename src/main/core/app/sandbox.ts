/** The sandbox: the simulator of every vendor that it plays, and one connection to each of them. */
import type { Value } from '../../../shared/contract.ts'
import { fail, succeed, type Result } from '../../../shared/failure.ts'
import { connectionSettingsSchema, type Connection, type ConnectionSettings } from '../../../shared/model/connection.ts'
import { lastWholeDay } from '../../../shared/model/secret-expiry.ts'
import type { Clock, Random, SandboxPart, SecretStore, Vendor, Vendors } from '../ports.ts'
import { completeSettings } from '../connections/settings.ts'
import type { Notify } from './changes.ts'
import type { Desk } from './desk.ts'

/** Where the simulator listens. */
export type SandboxReady = Readonly<{ origin: string }>

/** The simulator's process. */
export interface SandboxProcess {
  /** Starts it with these settings (docs/guide/sandbox.md), or gives the one that runs. */
  readonly start: (settings: Readonly<Record<string, unknown>>) => Promise<Result<SandboxReady>>
  readonly stop: () => Promise<void>
  readonly running: () => SandboxReady | null
}

export type SandboxUseCases = Readonly<{
  start: () => Promise<Result<Value<'startSandbox'>>>
  stop: () => Promise<Result<Record<string, never>>>
  status: () => Readonly<{ running: boolean; origin: string | null }>
}>

export type SandboxPorts = Readonly<{
  desk: Desk
  process: SandboxProcess
  secrets: SecretStore
  vendors: Vendors
  clock: Clock
  random: Random
  notify: Notify
}>

/** A vendor that the sandbox plays, the connection to it of an earlier start, and the credentials of this one. */
type Played = Readonly<{
  vendor: Vendor
  part: SandboxPart
  previous: Connection | null
  clientId: string
  secret: string
}>

/** The use cases. Only what they started themselves is ever marked as a sandbox. */
export function createSandbox(ports: SandboxPorts): SandboxUseCases {
  const { desk, process, notify } = ports
  let started: Value<'startSandbox'> | null = null

  const start = async (): Promise<Result<Value<'startSandbox'>>> => {
    if (process.running() !== null && started !== null) return succeed(started)
    const engine = desk.engine()
    if (engine !== null && !engine.status().sends) {
      return fail('not-the-sender', 'Another window of Erasure Desk sends from this history.', {
        kept: 'Nothing was started.',
        next: 'Start the sandbox in that window, or close it first.',
      })
    }
    const played = await findPlayed(ports)
    if (!played.ok) return played
    const ready = await process.start(Object.assign({}, ...played.value.map(simulatorOf)))
    if (!ready.ok) return ready
    const { origin } = ready.value
    const connectionIds: Connection['id'][] = []
    for (const one of played.value) {
      const saved = await saveConnection(ports, origin, one)
      if (!saved.ok) {
        await process.stop()
        return saved
      }
      connectionIds.push(saved.value.id)
    }
    started = { connectionIds, origin }
    notify('connections')
    notify('budget')
    notify('app')
    engine?.wake()
    return succeed(started)
  }

  const stop = async (): Promise<Result<Record<string, never>>> => {
    await process.stop()
    notify('app')
    return succeed({})
  }

  const status = () => {
    const running = process.running()
    return { running: running !== null, origin: running?.origin ?? null }
  }

  return { start, stop, status }
}

async function findPlayed({ desk, vendors, clock, random }: SandboxPorts): Promise<Result<readonly Played[]>> {
  const all = await desk.database().read('listConnections', { retired: true }, clock.now())
  if (!all.ok) return all
  return succeed(
    Object.values(vendors).flatMap((vendor) => {
      const part = vendor.sandbox
      if (part === undefined) return []
      const previous = all.value.find((one) => one.isSandbox && one.vendor === vendor.profile.id) ?? null
      const clientId = previous?.clientId ?? part.clientId(random.uuid())
      return [{ vendor, part, previous, clientId, secret: toBase64Url(random.bytes(32)) }]
    }),
  )
}

function simulatorOf({ part, clientId, secret }: Played): Readonly<Record<string, unknown>> {
  return part.simulator({ clientId, secret })
}

/** The same row for every start, so that its requests stay with it; its origin and secret are this start's. */
async function saveConnection(
  { desk, secrets, clock, random }: SandboxPorts,
  origin: string,
  { vendor, part, previous, clientId, secret }: Played,
): Promise<Result<Connection>> {
  const { id, name, windows } = vendor.profile
  const stored = previous === null ? null : await desk.database().storedConnection(previous.id)
  if (stored !== null && !stored.ok) return stored
  const secretReference = stored?.value.secretReference ?? `connection-${random.uuid()}`
  const written = await secrets.write(secretReference, secret)
  if (!written.ok) return written
  const now = clock.now()
  const settings = completeSettings(vendor, {
    ...(previous?.settings ?? newSettings(vendor, part)),
    secretExpiresOn: part.secretDays === null ? null : lastWholeDay(now + part.secretDays * 86_400_000),
  })
  if (!settings.ok) return settings
  const saved = await desk.database().saveConnection({
    id: previous?.id ?? null,
    vendor: id,
    name: previous?.name ?? `Sandbox ${name}`,
    environment: 'sandbox',
    isSandbox: true,
    origin,
    clientId,
    secretReference,
    secretSavedAt: now,
    accountId: previous?.accountId ?? null,
    accountName: previous?.accountName ?? `Sandbox ${name}`,
    windows: previous?.windows ?? windows,
    margin: previous?.margin ?? 0.05,
    settings: settings.value,
    now,
  })
  if (!saved.ok || saved.value.retiredAt === null) return saved
  return await desk.database().setConnectionRetired({ connectionId: saved.value.id, retired: false, now })
}

function newSettings({ profile }: Vendor, { settings }: SandboxPart): ConnectionSettings {
  return connectionSettingsSchema.parse({
    identifiersPerCall: profile.callSize.initial,
    own: Object.fromEntries(profile.ownSettings.map(({ key, initial }) => [key, initial])),
    ...settings,
  })
}

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
