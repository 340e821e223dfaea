/** Which answers a push of main's makes stale. Pure, so that a forgotten channel shows in a test. */
import type { Change, ChannelName, Topic } from '../../shared/contract.ts'

/** The reading channels under each topic. */
export const channelsUnder: Readonly<Record<Topic, readonly ChannelName[]>> = {
  app: ['getAppStatus'],
  appearance: ['getAppearance'],
  connections: [
    'listConnections',
    'getConnection',
    'listAccounts',
    'getOverview',
    'getRequest',
    'listCases',
    'getCase',
  ],
  requests: ['listRequests', 'getOverview', 'listConnections', 'getConnection', 'listCases', 'getCase'],
  request: [
    'getRequest',
    'listIdentifiers',
    'listBatches',
    'listBatchGroups',
    'listStrangers',
    'listScopes',
    'listAttempts',
    'listEvents',
    'listRetrievals',
    'getRepeats',
    'listRepeats',
    'getPlan',
    'getDecisionPlan',
    'suggestBots',
    'getCase',
    'listPeople',
    'listPersonIdentifiers',
  ],
  import: [
    'getImport',
    'listImportRows',
    'getRequest',
    'suggestBots',
    'getRepeats',
    'listRepeats',
    'getPlan',
    'listCases',
    'getCase',
    'listPeople',
    'listPersonIdentifiers',
  ],
  budget: ['listBudgets'],
}

const idField: Readonly<Partial<Record<Topic, string>>> = {
  request: 'requestId',
  import: 'importId',
}

/**
 * True where the answer kept under `queryKey` ([channel, input]) may have changed. A change that names a row leaves
 * alone the answers about another row of the same kind.
 */
export function concernsChange(queryKey: readonly unknown[], change: Change): boolean {
  const [channel, input] = queryKey
  if (!channelsUnder[change.topic].includes(channel as ChannelName)) return false
  const field = idField[change.topic]
  if (change.id === null || field === undefined || typeof input !== 'object' || input === null) return true
  const asked = (input as Readonly<Record<string, unknown>>)[field]
  return asked === undefined || asked === change.id
}
