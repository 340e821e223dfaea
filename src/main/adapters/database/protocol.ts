/** The messages between the client and its threads; both sides are typed by the port. */
import type { MessagePort } from 'node:worker_threads'
import type { ImportId, Timestamp } from '../../../shared/model/ids.ts'
import type { Result } from '../../../shared/failure.ts'
import type { Database, ImportProgress, ReadChannel } from '../../core/ports.ts'

/** Methods of the port that change the history; they go to the writing thread, one after the other. */
export const writeCommands = [
  'takeSenderLock',
  'releaseSenderLock',
  'noticeClock',
  'reserveCall',
  'noteCall',
  'finishErase',
  'finishLookUp',
  'finishCancel',
  'finishPoll',
  'finishRetrieve',
  'finishRetrievalStatus',
  'reserveRetrievalStatus',
  'reserveTest',
  'finishTest',
  'noteSecret',
  'leaveSecret',
  'forgetSecret',
  'saveConnection',
  'setConnectionRetired',
  'resumeConnection',
  'createDraft',
  'updateDraft',
  'discardDraft',
  'compareWithHistory',
  'decideRepeats',
  'openRequest',
  'setPaused',
  'cancelUnsent',
  'askToCancel',
  'askForRetrievals',
  'askRetrievalAgain',
  'leaveRetrieval',
  'checkRetrieval',
  'noteRetrievedFile',
  'pollNow',
  'decide',
  'startCase',
  'endCaseReading',
  'updateCase',
  'discardCase',
  'leaveOutPart',
  'startImport',
  'endImport',
  'removeImport',
  'writeSetting',
  'recordEvent',
] as const

/** Methods of the port that only read; they go to the reading thread, so that no bulk work delays them. */
export const readCommands = [
  'accountsAtWork',
  'leftSecrets',
  'storedConnection',
  'planBasis',
  'decisionBasis',
  'unsentPage',
  'rememberedCaseColumns',
  'rememberedRoles',
  'rejectsPage',
  'readSetting',
] as const

export type WriteCommand = (typeof writeCommands)[number]
export type ReadCommand = (typeof readCommands)[number]
export type CommandName = WriteCommand | ReadCommand
/** What a command settles with. */
export type Answer<K extends CommandName> = Awaited<ReturnType<Database[K]>>

export type WorkerStart = Readonly<{
  role: 'writer' | 'reader' | 'both'
  folder: string | null
  key: Uint8Array | null
  now: Timestamp
}>

export type WorkerRequest =
  | Readonly<{ id: number; kind: 'command'; name: CommandName; input: readonly unknown[] }>
  | Readonly<{ id: number; kind: 'read'; channel: ReadChannel; input: unknown; now: Timestamp }>
  | Readonly<{ id: number; kind: 'import'; importId: ImportId; port: MessagePort; now: Timestamp }>
  | Readonly<{ id: number; kind: 'checkpoint' }>
  | Readonly<{ id: number; kind: 'close' }>

/** `id` 0 tells whether the history could be opened. */
export type WorkerReply =
  | Readonly<{ id: number; kind: 'result'; result: Result<unknown> }>
  | Readonly<{ id: number; kind: 'progress'; progress: ImportProgress }>
