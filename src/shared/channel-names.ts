/**
 * The channels of the contract by name, without the contract's schemas: the preload builds its bridge from this list
 * and stays small. The bridge's type fails to hold where a channel is missing here.
 */
import type { ChannelName } from './contract.ts'

export const channelNames = [
  'getAppStatus',
  'getAppearance',
  'setAppearance',
  'openExternalLink',
  'startSandbox',
  'stopSandbox',
  'listVendors',
  'completeSettings',
  'listConnections',
  'getConnection',
  'saveConnection',
  'testConnection',
  'checkOrigin',
  'retireConnection',
  'restoreConnection',
  'resumeConnection',
  'listAccounts',
  'listBudgets',
  'chooseFile',
  'inspectFile',
  'startImport',
  'cancelImport',
  'getImport',
  'removeImport',
  'listImportRows',
  'saveRejects',
  'createDraft',
  'updateDraft',
  'discardDraft',
  'suggestBots',
  'getRepeats',
  'listRepeats',
  'decideRepeats',
  'getPlan',
  'dryRun',
  'sendRequest',
  'pauseRequest',
  'resumeRequest',
  'cancelUnsent',
  'cancelBatch',
  'listRetrievals',
  'askForRetrievals',
  'askRetrievalAgain',
  'leaveRetrieval',
  'checkRetrieval',
  'fetchRetrievalLink',
  'openRetrievalLink',
  'saveRetrieval',
  'cancelRetrievalSave',
  'pollNow',
  'getDecisionPlan',
  'decide',
  'listRequests',
  'getRequest',
  'listIdentifiers',
  'listBatches',
  'listBatchGroups',
  'listStrangers',
  'listScopes',
  'listAttempts',
  'listEvents',
  'getOverview',
  'listCases',
  'getCase',
  'guessCaseColumns',
  'startCase',
  'cancelCaseReading',
  'updateCase',
  'discardCase',
  'leaveOutPart',
  'listPeople',
  'listPersonIdentifiers',
] as const satisfies readonly ChannelName[]

export type ListedChannel = (typeof channelNames)[number]

/** What a channel of the contract is called between the processes. */
export function callName(channel: ListedChannel): `call:${ListedChannel}` {
  return `call:${channel}`
}

/** Main to page: something changed. */
export const changeChannel = 'change'

/** Preload to main alone, never on the bridge: the path of a dropped file, answered by its preview. */
export const registerFileChannel = 'file:register'
