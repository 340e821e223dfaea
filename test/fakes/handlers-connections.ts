/** The fake bridge: the app, its appearance, connections and budgets. */
import { findVendor } from '../../src/main/core/vendors.ts'
import { vendors } from '../../src/main/vendors/index.ts'
import { fail } from '../../src/shared/failure.ts'
import type { Connection } from '../../src/shared/model/connection.ts'
import type { AccountId, ConnectionId } from '../../src/shared/model/ids.ts'
import type { Handlers } from './bridge.ts'
import { inventConnections } from './invented.ts'
import type { World } from './world.ts'

type Own =
  | 'getAppStatus'
  | 'getAppearance'
  | 'setAppearance'
  | 'openExternalLink'
  | 'startSandbox'
  | 'stopSandbox'
  | 'listConnections'
  | 'getConnection'
  | 'saveConnection'
  | 'testConnection'
  | 'checkOrigin'
  | 'listVendors'
  | 'completeSettings'
  | 'retireConnection'
  | 'restoreConnection'
  | 'resumeConnection'
  | 'listAccounts'
  | 'listBudgets'

export function connectionHandlers(world: World): Pick<Handlers, Own> {
  const change = (id: ConnectionId, own: Partial<Connection>) => {
    world.connections = world.connections.map((connection) =>
      connection.id === id ? { ...connection, ...own } : connection,
    )
    world.push('connections')
    return find(id)
  }
  const find = (id: ConnectionId) =>
    world.connections.find((connection) => connection.id === id) ??
    fail('not-found', 'There is no such connection.', { next: 'Go back to Connections.' })
  return {
    getAppStatus: () => world.status,
    getAppearance: () => world.appearance,
    setAppearance: (appearance) => {
      world.appearance = appearance
      world.push('appearance')
      return appearance
    },
    openExternalLink: () => ({}),
    startSandbox: () => {
      const sandbox = inventConnections(Date.now()).find(({ isSandbox }) => isSandbox)
      if (sandbox === undefined) return fail('sandbox-failed', 'The sandbox did not start.')
      if (!world.connections.some((connection) => connection.id === sandbox.id)) {
        world.connections = [...world.connections, sandbox]
      }
      world.status = {
        ...world.status,
        sandbox: { running: true, origin: sandbox.origin },
      }
      world.push('app')
      world.push('connections')
      return { connectionIds: [sandbox.id], origin: sandbox.origin }
    },
    stopSandbox: () => {
      world.status = { ...world.status, sandbox: { running: false, origin: null } }
      world.push('app')
      return {}
    },
    listConnections: ({ retired }) =>
      world.connections.filter((connection) => retired || connection.retiredAt === null),
    getConnection: ({ connectionId }) => find(connectionId),
    saveConnection: ({ id, secret, accountId, accountName, windows, ...input }) => {
      const now = Date.now()
      const earlier = world.connections.find((connection) => connection.id === id)
      const newId = Math.max(0, ...world.connections.map((connection) => connection.id)) + 1
      const saved: Connection = {
        isSandbox: false,
        windows: windows ?? [{ milliseconds: 60_000, calls: 60 }],
        createdAt: now,
        firstUsedAt: null,
        retiredAt: null,
        stopped: null,
        lastTest: null,
        openRequests: 0,
        tooLarge: null,
        ...earlier,
        ...input,
        id: (id ?? newId) as ConnectionId,
        accountId: accountId ?? (newId as AccountId),
        accountName: accountName ?? input.name,
        secretSavedAt: secret === undefined ? (earlier?.secretSavedAt ?? null) : now,
      }
      world.connections = [...world.connections.filter((connection) => connection.id !== saved.id), saved]
      world.push('connections')
      return saved
    },
    testConnection: ({ connectionId }) => {
      const found = find(connectionId)
      if ('ok' in found) return found
      const test = found.lastTest ?? {
        at: Date.now(),
        verdict: 'accepted' as const,
        title: 'Credentials accepted',
        explanation: 'Kore.ai answered a harmless signed call in its own shape.',
        steps: [],
        vendorWords: null,
        httpStatus: 200,
        clockSkewMilliseconds: 120,
      }
      change(connectionId, { lastTest: { ...test, at: Date.now() } })
      return { ...test, at: Date.now() }
    },
    listVendors: () => Object.values(vendors).map(({ profile }) => profile),
    completeSettings: ({ vendor, settings }) => {
      const found = findVendor(vendors, vendor)
      const complete = found.ok ? found.value.completeSettings(settings) : found
      return complete.ok ? complete.value : complete
    },
    checkOrigin: ({ origin }) => ({
      allowed: origin.startsWith('https://'),
      origin: origin.startsWith('https://') ? origin.replace(/\/+$/, '') : null,
      warning: origin.startsWith('https://')
        ? origin.endsWith('kore.ai')
          ? null
          : 'This host is not one of Kore.ai’s own.'
        : 'An origin begins with https://. Plain http is for the sandbox alone.',
    }),
    retireConnection: ({ connectionId }) => change(connectionId, { retiredAt: Date.now() }),
    restoreConnection: ({ connectionId }) => change(connectionId, { retiredAt: null }),
    resumeConnection: ({ connectionId }) => change(connectionId, { stopped: null }),
    listAccounts: () =>
      world.connections.map(({ accountId, vendor, accountName, environment }) => ({
        id: accountId,
        vendor,
        name: accountName,
        environment,
      })),
    listBudgets: () => [...world.budgets],
  }
}
