/** The plan of a request: the exact calls that *Send* will make, before anything irreversible happens. */
import { fail, succeed, type Result } from '../../../shared/failure.ts'
import type { RequestId, Timestamp } from '../../../shared/model/ids.ts'
import { lookedUpKind } from '../../../shared/model/look-up.ts'
import type { Plan, PlanCall } from '../../../shared/model/request.ts'
import type { Clock, ConnectionForCall, Database, PlanBasis, Vendor, Vendors } from '../ports.ts'
import { expiryFailure } from '../connections/expiry.ts'
import { findVendor, lowerFirst } from '../vendors.ts'
import { estimateSending } from './estimate.ts'
import { splittingOf } from './splitting.ts'

/** The largest call a connection may make, so that a plan's first call is shown exactly. */
const mostPerCall = 2000

export type PlanPorts = Readonly<{
  database: () => Database
  clock: Clock
  vendors: Vendors
}>

/** The plan as the history stands now, with the history's fingerprint for the moment of sending. */
export async function planRequest(
  { database, clock, vendors }: PlanPorts,
  requestId: RequestId,
): Promise<Result<Readonly<{ plan: Plan; fingerprint: string }>>> {
  const now = clock.now()
  const compared = await database().compareWithHistory({ requestId, now })
  if (!compared.ok) return compared
  const basis = await database().planBasis({ requestId, now, samplePerGroup: mostPerCall })
  if (!basis.ok) return basis
  const vendor = findVendor(vendors, basis.value.connection.vendor)
  if (!vendor.ok) return vendor
  const plan = await makePlan(basis.value, vendor.value, now)
  return plan.ok ? succeed({ plan: plan.value, fingerprint: basis.value.fingerprint }) : plan
}

/** Milliseconds until the request's last unsent identifier will have left, by the account's budget as it stands now. */
export async function estimateRequest(
  { database, clock }: Pick<PlanPorts, 'database' | 'clock'>,
  requestId: RequestId,
): Promise<Result<number>> {
  const now = clock.now()
  const basis = await database().planBasis({ requestId, now, samplePerGroup: 0 })
  if (!basis.ok) return basis
  const { identifiersPerCall } = basis.value.connection.settings
  const calls = basis.value.groups.reduce((sum, group) => sum + Math.ceil(group.identifiers / identifiersPerCall), 0)
  return succeed(sendingTime(basis.value, calls, now))
}

function lookUpsOf({ groups }: PlanBasis): number {
  return groups.reduce((sum, group) => sum + group.lookUps, 0)
}

function sendingTime(basis: PlanBasis, eraseCalls: number, now: number): number {
  const lookUps = lookUpsOf(basis)
  return estimateSending({
    now,
    calls: eraseCalls + lookUps + basis.callsAhead,
    lookUps,
    windows: basis.windows,
    margin: basis.margin,
    spent: basis.spent,
    holdUntil: basis.holdUntil,
    pace: basis.pace,
    settings: basis.connection.settings,
  })
}

/** Computes the plan from its basis. Fails where the vendor's folder refuses to write a call. */
export async function makePlan(basis: PlanBasis, vendor: Vendor, now: number): Promise<Result<Plan>> {
  const { connection } = basis
  const { settings } = connection
  const obstacles = obstaclesOf(basis, vendor, now)
  const groups: Plan['groups'] = []
  for (const group of basis.groups) {
    if (group.scope === null) continue
    const call = vendor.eraseCall(connection, group.first.slice(0, settings.identifiersPerCall), group.scope)
    if (!call.ok) {
      obstacles.push(obstacle(call.failure.code, call.failure.message, call.failure.next))
      continue
    }
    groups.push({
      scope: group.scope,
      own: group.scopeId !== 0,
      identifiers: group.identifiers,
      calls: Math.ceil(group.identifiers / settings.identifiersPerCall),
      firstCall: vendor.redact(call.value),
    })
  }
  const eraseCalls = groups.reduce((sum, { calls }) => sum + calls, 0)
  const splitting = splittingOf(
    groups.map((group) => group.identifiers),
    settings.identifiersPerCall,
  )
  const identifiers = basis.groups.reduce((sum, group) => sum + group.identifiers, 0)
  const content = {
    requestId: basis.requestId,
    identifiers,
    held: basis.held,
    repeats: { count: basis.repeats.count, decision: basis.repeats.decision },
    eraseCalls,
    lookUpCalls: lookUpsOf(basis),
    firstLookUp: firstLookUp(basis, vendor),
    perCall: { most: settings.identifiersPerCall, tooLarge: basis.tooLarge },
    groups,
    windows: [...basis.windows],
    vendorTime: vendor.profile.vendorTime,
    doesNotReach: [...vendor.profile.doesNotReach],
    worstCase: worstCase(settings.identifiersPerCall),
    signedAs: describeAuthorization(vendor, connection),
    needsTypedCount: basis.groups.some(({ scope }) => scope !== null && vendor.needsTypedCount(scope)),
  }
  const sendingMilliseconds = sendingTime(basis, eraseCalls, now)
  return succeed({
    ...content,
    digest: await digestOf({ ...content, fingerprint: basis.fingerprint, origin: connection.origin, settings }),
    sendingMilliseconds,
    splitting: {
      ...splitting,
      milliseconds: sendingTime(basis, eraseCalls + splitting.calls, now) - sendingMilliseconds,
    },
    obstacles,
  })
}

/** The first call that looks up, as far as the identifiers at hand show it. */
function firstLookUp({ connection, groups }: PlanBasis, vendor: Vendor): PlanCall | null {
  const perCall = connection.settings.identifiersPerCall
  if (!connection.settings.lookUpFirst || vendor.lookUp === undefined) return null
  for (const { first } of groups)
    for (let begin = 0; begin < first.length; begin += perCall) {
      const lookedUp = first.slice(begin, begin + perCall).filter(({ kind }) => kind === lookedUpKind)
      if (lookedUp.length > 0) return vendor.redact(vendor.lookUp.call(connection, lookedUp))
    }
  return null
}

type Obstacle = Plan['obstacles'][number]

function obstacle(code: string, words: string, next?: string): Obstacle {
  return next === undefined ? { code, words } : { code, words, next }
}

function obstaclesOf(basis: PlanBasis, vendor: Vendor, now: Timestamp): Obstacle[] {
  const found: Obstacle[] = []
  const unsent = basis.groups.reduce((sum, group) => sum + group.identifiers, 0)
  const withoutScope = basis.groups.find(({ scope }) => scope === null)
  if (basis.importRunning)
    found.push(obstacle('import-running', 'A file is still being imported.', 'Wait until it is done, or cancel it.'))
  if (basis.unreadCase !== null) found.push(caseNotRead(basis.unreadCase))
  if (!basis.importRunning && !basis.repeats.compared)
    found.push(
      obstacle(
        'not-compared',
        'The identifiers are still being compared with the history.',
        'Wait until that is done.',
      ),
    )
  if (unsent === 0) found.push(nothingToSend(basis))
  if (withoutScope !== undefined) {
    found.push(scopeMissing(vendor, withoutScope.identifiers))
  }
  if (basis.connectionRetired)
    found.push(obstacle('connection-retired', 'The connection is retired.', 'Restore it, or choose another.'))
  if (basis.connectionStopped)
    found.push(
      obstacle('connection-stopped', 'The connection has stopped.', 'Follow the notice on its page, then resume it.'),
    )
  if (!basis.secretSaved)
    found.push(
      obstacle(
        'secret-missing',
        `The connection has no ${lowerFirst(vendor.profile.secret.label)}.`,
        'Enter it on the connection’s page.',
      ),
    )
  const expired = expiryFailure(vendor.profile, basis.connection.settings, now)
  if (expired !== null) found.push(obstacle(expired.failure.code, expired.failure.message, expired.failure.next))
  return found
}

/** Somebody's identifiers may be missing: they stand in a reading that is not in. */
function caseNotRead({ name, isRunning }: NonNullable<PlanBasis['unreadCase']>): Obstacle {
  return isRunning
    ? obstacle('case-running', `The file of the case “${name}” is still being read in.`, 'Wait until that is done.')
    : obstacle(
        'case-incomplete',
        `The file of the case “${name}” was not read in to its end, so identifiers of its people may be missing here.`,
        'Discard the case and begin it again; its columns are remembered.',
      )
}

function scopeMissing({ profile }: Vendor, count: number): Obstacle {
  const { scope } = profile
  switch (scope.kind) {
    case 'choice': {
      const values = scope.choices.map(({ label }) => label).join(' or ')
      return obstacle('scope-missing', `The ${lowerFirst(scope.label)} is not chosen yet.`, `Choose ${values}.`)
    }
    case 'bots': {
      const words = `${count.toLocaleString('en')} identifiers have no bots named in their row, and the request has no scope yet.`
      return obstacle('scope-missing', words, 'Choose the bots, or all bots.')
    }
    case 'everything':
      return obstacle('scope-missing', 'The request has no scope yet.', 'Choose its connection once more.')
  }
}

function describeAuthorization({ authorization, profile }: Vendor, { clientId, settings }: ConnectionForCall): string {
  if (authorization === 'the secret itself') return `${profile.secret.label} from the keychain`
  const { algorithm, lifetimeSeconds } = settings.signing
  return `${clientId} · ${algorithm} · a new token for every call, ${lifetimeSeconds} s`
}

function nothingToSend({ repeats }: PlanBasis): Obstacle {
  if (repeats.count === 0 || repeats.decision === 'send again')
    return obstacle('nothing-to-send', 'There is no identifier to send.', 'Import a file that holds some.')
  return obstacle(
    'all-left-out',
    'Every identifier is left out: earlier requests have them all.',
    'Send them again, or discard this draft.',
  )
}

function worstCase(identifiersPerCall: number): string {
  return identifiersPerCall === 1
    ? 'a call that is cut off, or whose answer says neither yes nor no, waits for your decision'
    : `a call that is cut off, or answered without a yes or no, leaves all of its up to ${identifiersPerCall.toLocaleString('en')} identifiers waiting for your decision`
}

async function digestOf(content: unknown): Promise<string> {
  const bytes = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(JSON.stringify(content)))
  return Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Fails where something stands in the way of sending; used by the dry run. */
export function checkNoObstacle(plan: Plan): Result<null> {
  const [first] = plan.obstacles
  if (first === undefined) return succeed(null)
  return fail('wrong-state', first.words, {
    kept: 'Nothing was sent.',
    ...(first.next === undefined ? {} : { next: first.next }),
  })
}
