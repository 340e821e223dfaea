/** The channels about connections, accounts and their budgets. */
import { succeed, type Result } from '../../../shared/failure.ts'
import type { Connection, ConnectionInput, ConnectionTest } from '../../../shared/model/connection.ts'
import type { ConnectionId } from '../../../shared/model/ids.ts'
import type { Clock, ReadChannel, Vendors } from '../ports.ts'
import { completeSettings } from '../connections/settings.ts'
import { findVendor } from '../vendors.ts'
import type { Notify } from './changes.ts'
import type { Desk } from './desk.ts'
import type { Guards } from './guards.ts'
import type { Handler, HandlersOf } from './handlers.ts'

/** What needs keychain or network beside the history. */
type ConnectionUseCases = Readonly<{
  save: (input: ConnectionInput) => Promise<Result<Connection>>
  test: (connectionId: ConnectionId) => Promise<Result<ConnectionTest>>
}>

export type ConnectionServices = Readonly<{
  desk: Desk
  guards: Guards
  connections: ConnectionUseCases
  vendors: Vendors
  clock: Clock
  notify: Notify
}>

type ConnectionChannel =
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

export function createConnectionHandlers(services: ConnectionServices): HandlersOf<ConnectionChannel> {
  const { desk, guards, connections, vendors, clock, notify } = services

  const read =
    <C extends ReadChannel>(channel: C): Handler<C> =>
    async (input) =>
      await desk.database().read(channel, input, clock.now())

  const changed = <T>(result: Result<T>): Result<T> => {
    if (result.ok) {
      for (const topic of ['connections', 'budget', 'requests', 'request'] as const) notify(topic)
      desk.engine()?.wake()
    }
    return result
  }

  return {
    listConnections: read('listConnections'),
    getConnection: read('getConnection'),
    listAccounts: read('listAccounts'),
    listBudgets: read('listBudgets'),
    listVendors: async () => succeed(Object.values(vendors).map(({ profile }) => profile)),
    completeSettings: async ({ vendor, settings }) => {
      const found = findVendor(vendors, vendor)
      return found.ok ? completeSettings(found.value, settings) : found
    },
    checkOrigin: async ({ vendor, origin }) => {
      const found = findVendor(vendors, vendor)
      if (!found.ok) return found
      const checked = found.value.checkOrigin(origin)
      return succeed(
        checked.ok
          ? { allowed: true, ...checked.value }
          : {
              allowed: false,
              origin: null,
              warning: [checked.failure.message, checked.failure.next].filter(Boolean).join(' '),
            },
      )
    },
    saveConnection: guards.sending(async (input) => changed(await connections.save(input))),
    testConnection: guards.sending(async ({ connectionId }) => changed(await connections.test(connectionId))),
    retireConnection: guards.sending(async ({ connectionId }) =>
      changed(await desk.database().setConnectionRetired({ connectionId, retired: true, now: clock.now() })),
    ),
    restoreConnection: guards.sending(async ({ connectionId }) =>
      changed(await desk.database().setConnectionRetired({ connectionId, retired: false, now: clock.now() })),
    ),
    resumeConnection: guards.sending(async ({ connectionId }) =>
      changed(await desk.database().resumeConnection({ connectionId, now: clock.now() })),
    ),
  }
}
