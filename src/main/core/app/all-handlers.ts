/** Every channel of the contract, bound to what stands behind it. */
import { createCaseHandlers } from '../cases/handlers.ts'
import { dryRun, type DryRunPorts } from '../plan/dry-run.ts'
import { planDecision } from '../plan/decision.ts'
import { estimateRequest, planRequest } from '../plan/plan.ts'
import { saveConnection } from '../connections/save.ts'
import { testConnection } from '../connections/test.ts'
import { createFileHandlers, type FileHandlers, type FileServices } from '../files/handlers.ts'
import { createRequestHandlers } from '../requests/handlers.ts'
import { fetchLink } from '../retrievals/fetch-link.ts'
import { createRetrievalHandlers, type RetrievalServices } from '../retrievals/handlers.ts'
import type { Http, Log, Random, SecretStore, Signer } from '../ports.ts'
import { createAppHandlers, type AppServices } from './app-handlers.ts'
import { createConnectionHandlers, type ConnectionServices } from './connection-handlers.ts'
import { createGuards } from './guards.ts'
import type { Handlers } from './handlers.ts'

export type Services = Omit<AppServices, 'guards'> &
  Omit<ConnectionServices, 'guards' | 'connections'> &
  Omit<FileServices, 'guards'> &
  Omit<RetrievalServices, 'guards' | 'fetchLink'> &
  Readonly<{ secrets: SecretStore; signer: Signer; http: Http; random: Random; log: Log }>

/** The handlers, and the preload's own entry for dropped files. */
export function createHandlers(services: Services): Handlers & Pick<FileHandlers, 'registerFile'> {
  const { desk } = services
  const guards = createGuards(desk)
  const database = () => desk.database()
  const planPorts: DryRunPorts = { ...services, database }
  const decisionPorts = { ...services, database }
  const testPorts = {
    ...services,
    database,
    epoch: () => desk.engine()?.status().epoch ?? null,
    mayLeave: () => desk.engine()?.status().sends === true,
  }
  return {
    ...createAppHandlers({ ...services, guards }),
    ...createConnectionHandlers({
      ...services,
      guards,
      connections: {
        save: async (input) => await saveConnection({ ...services, database }, input),
        test: async (connectionId) => {
          const test = async () => await testConnection(testPorts, connectionId)
          return await (desk.engine()?.alongside(test) ?? test())
        },
      },
    }),
    ...createFileHandlers({ ...services, guards }),
    ...createCaseHandlers({ ...services, guards }),
    ...createRetrievalHandlers({
      ...services,
      guards,
      fetchLink: async (subject) => {
        const { epoch, mayLeave } = testPorts
        const parts = { ...services, database: database(), onChange: services.notify, epoch, mayLeave }
        const fetch = async () => await fetchLink(parts, subject)
        return await (desk.engine()?.alongside(fetch) ?? fetch())
      },
    }),
    ...createRequestHandlers({
      ...services,
      guards,
      plans: {
        plan: async (requestId) => await planRequest(planPorts, requestId),
        dryRun: async (requestId) => await dryRun(planPorts, requestId),
        decision: async (input) => await planDecision(decisionPorts, input),
        estimate: async (requestId) => await estimateRequest(planPorts, requestId),
      },
    }),
  }
}
