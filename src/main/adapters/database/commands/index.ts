import type { Database } from '../../../core/ports.ts'
import type { History } from '../history.ts'
import type { Answer, CommandName } from '../protocol.ts'
import { decisionBasis } from '../queries/decision-plan.ts'
import { planBasis, unsentPage } from '../queries/plan.ts'
import { askToCancel, finishCancel } from './cancel.ts'
import { endCaseReading, rememberedCaseColumns, startCase, updateCase } from './cases.ts'
import { resumeConnection, saveConnection, setConnectionRetired, storedConnection } from './connections.ts'
import { forgetSecret, leaveSecret, leftSecrets, noteSecret } from './left-secrets.ts'
import { createDraft, discardDraft, removeImport, updateDraft } from './drafts.ts'
import { decide } from './decide.ts'
import { decideRepeats } from '../repeats/decide.ts'
import { compareWithHistory } from '../repeats/compare.ts'
import { recordEvent } from './events.ts'
import { finishErase } from './finish-erase.ts'
import { finishPoll } from './finish-poll.ts'
import { finishLookUp } from './look-up.ts'
import { discardCase, leaveOutPart } from './leave-case.ts'
import { endImport, rejectsPage, rememberedRoles, startImport } from './imports.ts'
import { cancelUnsent, openRequest, pollNow, setPaused } from './requests.ts'
import { accountsAtWork, noteCall, reserveCall } from './reserve.ts'
import { askForRetrievals, askRetrievalAgain, checkRetrieval, leaveRetrieval, noteRetrievedFile } from './retrieval.ts'
import { finishRetrievalStatus, finishRetrieve, reserveRetrievalStatus } from './retrieval-calls.ts'
import { noticeClock, releaseSenderLock, takeSenderLock } from './sender.ts'
import { readSetting, writeSetting } from './settings.ts'
import { finishTest, reserveTest } from './tests.ts'

type Commands = {
  readonly [K in CommandName]: (history: History, ...input: Parameters<Database[K]>) => Answer<K> | Promise<Answer<K>>
}

/** Every method of the port that one of the threads answers, by its name. */
export const commands: Commands = {
  takeSenderLock,
  releaseSenderLock,
  noticeClock,
  accountsAtWork,
  reserveCall,
  noteCall,
  finishErase,
  finishLookUp,
  finishCancel,
  finishPoll,
  finishRetrieve,
  finishRetrievalStatus,
  reserveRetrievalStatus,
  reserveTest,
  finishTest,
  noteSecret,
  leaveSecret,
  leftSecrets,
  forgetSecret,
  storedConnection,
  saveConnection,
  setConnectionRetired,
  resumeConnection,
  createDraft,
  updateDraft,
  discardDraft,
  planBasis,
  decisionBasis,
  unsentPage,
  compareWithHistory,
  decideRepeats,
  openRequest,
  setPaused,
  cancelUnsent,
  askToCancel,
  askForRetrievals,
  askRetrievalAgain,
  leaveRetrieval,
  checkRetrieval,
  noteRetrievedFile,
  pollNow,
  decide,
  startCase,
  rememberedCaseColumns,
  endCaseReading,
  updateCase,
  discardCase,
  leaveOutPart,
  startImport,
  endImport,
  removeImport,
  rememberedRoles,
  rejectsPage,
  writeSetting,
  readSetting,
  recordEvent,
}
