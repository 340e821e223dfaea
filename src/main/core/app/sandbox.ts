/** The sandbox: the vendor's simulator and the one connection that leads to it. */
import type { Value } from '../../../shared/contract.ts'
import { fail, succeed, type Result } from '../../../shared/failure.ts'
import { connectionSettingsSchema, type Connection } from '../../../shared/model/connection.ts'
import type { Clock, Random, SecretStore, Vendor } from '../ports.ts'
import type { Notify } from './changes.ts'
import type { Desk } from './desk.ts'

/** Where the simulator listens, and the credentials it accepts; the secret belongs to it alone. */
export type SandboxReady = Readonly<{ origin: string; clientId: string; clientSecret: string }>

/** The simulator's process. */
export interface SandboxProcess {
  /** Starts it with these settings, or gives the one that runs. */
  readonly start: (
    settings: Readonly<{ apps: readonly Readonly<{ clientId: string; clientSecret: string }>[] }>,
  ) => Promise<Result<SandboxReady>>
  readonly stop: () => Promise<void>
  readonly running: () => SandboxReady | null
}

export type SandboxUseCases = Readonly<{
  start: () => Promise<Result<Value<'startSandbox'>>>
  stop: () => Promise<Result<Record<string, never>>>
  status: () => Promise<Readonly<{ running: boolean; origin: string | null; connectionId: Connection['id'] | null }>>
}>

/** A simulator answers in seconds what takes a vendor a day. */
const sandboxSettings = connectionSettingsSchema.parse({
  quietMilliseconds: 20_000,
  firstPollMilliseconds: 2_000,
  longestPollMilliseconds: 10_000,
})
const sandboxName = 'Sandbox Kore.ai'

export type SandboxPorts = Readonly<{
  desk: Desk
  process: SandboxProcess
  secrets: SecretStore
  vendor: Vendor
  clock: Clock
  random: Random
  notify: Notify
}>

/** The use cases. Only what they started themselves is ever marked as a sandbox. */
export function createSandbox(ports: SandboxPorts): SandboxUseCases {
  const { desk, process, notify } = ports
  let connectionId: Connection['id'] | null = null

  const start = async (): Promise<Result<Value<'startSandbox'>>> => {
    const running = process.running()
    if (running !== null && connectionId !== null) return succeed({ connectionId, origin: running.origin })
    const engine = desk.engine()
    if (engine !== null && !engine.status().sends) {
      return fail('not-the-sender', 'Another window of Erasure Desk sends from this history.', {
        kept: 'Nothing was started.',
        next: 'Start the sandbox in that window, or close it first.',
      })
    }
    const previous = await findConnection(ports)
    if (!previous.ok) return previous
    const ready = await process.start({
      apps: [
        {
          clientId: previous.value?.clientId ?? `cs-${ports.random.uuid()}`,
          clientSecret: toBase64Url(ports.random.bytes(32)),
        },
      ],
    })
    if (!ready.ok) return ready
    const saved = await saveConnection(ports, ready.value, previous.value)
    if (!saved.ok) {
      await process.stop()
      return saved
    }
    connectionId = saved.value.id
    notify('connections')
    notify('budget')
    notify('app')
    engine?.wake()
    return succeed({ connectionId, origin: ready.value.origin })
  }

  const stop = async (): Promise<Result<Record<string, never>>> => {
    await process.stop()
    notify('app')
    return succeed({})
  }

  const status = async () => {
    const running = process.running()
    if (connectionId === null) {
      const found = await findConnection(ports)
      connectionId = found.ok ? (found.value?.id ?? null) : null
    }
    return { running: running !== null, origin: running?.origin ?? null, connectionId }
  }

  return { start, stop, status }
}

async function findConnection({ desk, clock }: SandboxPorts): Promise<Result<Connection | null>> {
  const all = await desk.database().read('listConnections', { retired: true }, clock.now())
  return all.ok ? succeed(all.value.find((connection) => connection.isSandbox) ?? null) : all
}

/** The same row for every start, so that its requests stay with it; its origin and secret are this start's. */
async function saveConnection(
  { desk, secrets, vendor, clock, random }: SandboxPorts,
  ready: SandboxReady,
  previous: Connection | null,
): Promise<Result<Connection>> {
  const stored = previous === null ? null : await desk.database().storedConnection(previous.id)
  if (stored !== null && !stored.ok) return stored
  const secretReference = stored?.value.secretReference ?? `connection-${random.uuid()}`
  const written = await secrets.write(secretReference, ready.clientSecret)
  if (!written.ok) return written
  const now = clock.now()
  const saved = await desk.database().saveConnection({
    id: previous?.id ?? null,
    vendor: vendor.profile.id,
    name: previous?.name ?? sandboxName,
    environment: 'sandbox',
    isSandbox: true,
    origin: ready.origin,
    clientId: ready.clientId,
    secretReference,
    secretSavedAt: now,
    accountId: previous?.accountId ?? null,
    accountName: previous?.accountName ?? sandboxName,
    windows: previous?.windows ?? vendor.profile.windows,
    margin: previous?.margin ?? 0.05,
    settings: previous?.settings ?? sandboxSettings,
    now,
  })
  if (!saved.ok || saved.value.retiredAt === null) return saved
  return await desk.database().setConnectionRetired({ connectionId: saved.value.id, retired: false, now })
}

function toBase64Url(bytes: Uint8Array): string {
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}
