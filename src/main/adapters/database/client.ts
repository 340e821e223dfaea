/** The history as the core sees it: every method of the port is a message to one of the database's threads. */
import { Worker, type MessagePort } from 'node:worker_threads'
import { succeed, type Failed, type Result } from '../../../shared/failure.ts'
import type { ParsedInput, Value } from '../../../shared/contract.ts'
import type { Timestamp } from '../../../shared/model/ids.ts'
import type { Database, ImportProgress, ReadChannel } from '../../core/ports.ts'
import { threadEnded } from './failures.ts'
import {
  readCommands,
  writeCommands,
  type CommandName,
  type ReadCommand,
  type WorkerReply,
  type WorkerRequest,
  type WorkerStart,
  type WriteCommand,
} from './protocol.ts'

export { deriveKeys } from './keys.ts'

export type DatabaseOptions = Readonly<{
  /** The built or source file of the database's thread (worker.ts). */
  workerUrl: URL
  /** Made when it is not there (mode 0700); null: in memory, nothing lasts, nothing can be sent. */
  folder: string | null
  /** 32 random bytes that only the keychain holds; null for a history in memory. */
  key: Uint8Array | null
  now: Timestamp
}>

/**
 * Opens the history: one thread writes, another reads beside it (in memory one thread does both). Fails with
 * `history-key-wrong`, `history-damaged`, `history-from-newer-version`, `history-read-only`, `history-locked`,
 * `disk-full`.
 * @example
 * const opened = await openDatabase({ workerUrl: new URL('./worker.ts', import.meta.url), folder, key, now })
 */
export async function openDatabase(options: DatabaseOptions): Promise<Result<Database>> {
  const start = { folder: options.folder, key: options.key, now: options.now }
  const writer = await startThread(options.workerUrl, { ...start, role: options.folder === null ? 'both' : 'writer' })
  if (!writer.ok) return writer
  if (options.folder === null) return succeed(createDatabase(writer.value, writer.value))
  const reader = await startThread(options.workerUrl, { ...start, role: 'reader' })
  if (reader.ok) return succeed(createDatabase(writer.value, reader.value))
  await writer.value.close()
  return reader
}

/** What goes over all rows of a request in slices. */
const longCommands: readonly CommandName[] = [
  'compareWithHistory',
  'decideRepeats',
  'openRequest',
  'updateDraft',
  'discardDraft',
  'discardCase',
  'leaveOutPart',
  'endImport',
  'removeImport',
]

/** What begins a call. */
const beginnings: readonly CommandName[] = ['reserveCall', 'noteCall', 'reserveTest', 'reserveRetrievalStatus']

function createDatabase(writingThread: Thread, readingThread: Thread): Database {
  const damage: Damage = { met: null }
  const reader = watched(readingThread, damage)
  const writer = readingThread === writingThread ? reader : relieved(watched(writingThread, damage), reader)
  return {
    ...(commandsOf(writer, writeCommands) as Pick<Database, WriteCommand>),
    ...(commandsOf(reader, readCommands) as Pick<Database, ReadCommand>),
    read: async <C extends ReadChannel>(channel: C, input: ParsedInput<C>, now: Timestamp) =>
      (await reader.ask({ kind: 'read', channel, input, now })) as Result<Value<C>>,
    receiveImport: async ({ importId, port, now }, onProgress) => {
      const transferred = port as unknown as MessagePort
      const message = { kind: 'import', importId, port: transferred, now } as const
      return (await writer.ask(message, [transferred], onProgress)) as Result<null>
    },
    close: async () => {
      if (reader !== writer) await reader.close()
      await writer.close()
    },
  }
}

type Damage = { met: Failed | null }

/**
 * A thread that remembers when it met a damaged page, and begins no call from then on. The page itself is never believed
 * (each bears a seal), but what else was lost cannot be told: sending waits for a person.
 */
function watched(thread: Thread, damage: Damage): Thread {
  return {
    ...thread,
    ask: async (request, ...more) => {
      if (damage.met !== null && request.kind === 'command' && beginnings.includes(request.name)) return damage.met
      const result = await thread.ask(request, ...more)
      if (!result.ok && result.failure.code === 'history-damaged') damage.met = result
      return result
    },
  }
}

/** Long enough to let the window's questions in between, short enough for the log to stay small. */
const checkpointSpacing = 30

/**
 * The writing thread, with its log moved into the file by the reading one while an import or a command that may write a
 * million rows lasts: itself it would do so in the middle of a slice, while everything waits, and lose a fifth of its time.
 */
function relieved(writer: Thread, reader: Thread): Thread {
  const checkpoints = checkpointsBy(reader)
  return {
    ...writer,
    ask: async (request, ...more) => {
      const isLong = request.kind === 'import' || (request.kind === 'command' && longCommands.includes(request.name))
      if (!isLong) return await writer.ask(request, ...more)
      checkpoints.begin()
      try {
        return await writer.ask(request, ...more)
      } finally {
        checkpoints.end()
      }
    },
  }
}

/** Asks for one checkpoint after the other from the first `begin` to the last `end`; none where that is over at once. */
function checkpointsBy(reader: Thread): Readonly<{ begin: () => void; end: () => void }> {
  let works = 0
  let timer: NodeJS.Timeout | null = null
  const later = (): void => {
    timer = setTimeout(() => void next(), checkpointSpacing)
  }
  const next = async (): Promise<void> => {
    await reader.ask({ kind: 'checkpoint' })
    if (works > 0) later()
    else timer = null
  }
  return {
    begin: () => {
      works += 1
      if (timer === null) later()
    },
    end: () => {
      works -= 1
    },
  }
}

function commandsOf(thread: Thread, names: readonly CommandName[]): Record<string, unknown> {
  return Object.fromEntries(
    names.map((name) => [
      name,
      async (...input: readonly unknown[]) => await thread.ask({ kind: 'command', name, input }),
    ]),
  )
}

type WithoutId<T> = T extends WorkerRequest ? Omit<T, 'id'> : never
type Thread = Readonly<{
  ask: (
    request: WithoutId<WorkerRequest>,
    transfer?: readonly MessagePort[],
    onProgress?: (progress: ImportProgress) => void,
  ) => Promise<Result<unknown>>
  close: () => Promise<void>
}>
type Waiting = Readonly<{
  settle: (result: Result<unknown>) => void
  onProgress: ((progress: ImportProgress) => void) | undefined
}>

/** Starts one thread and waits until it has opened the history. A thread that dies settles every open call. */
async function startThread(workerUrl: URL, start: WorkerStart): Promise<Result<Thread>> {
  const worker = new Worker(workerUrl, {
    workerData: start,
    resourceLimits: { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 256 },
  })
  const waiting = new Map<number, Waiting>()
  let lastId = 0
  let ended = false

  function end(): void {
    ended = true
    const open = [...waiting.values()]
    waiting.clear()
    for (const call of open) call.settle(threadEnded())
  }

  worker.on('message', (reply: WorkerReply) => {
    const call = waiting.get(reply.id)
    if (reply.kind === 'progress') {
      call?.onProgress?.(reply.progress)
      return
    }
    waiting.delete(reply.id)
    call?.settle(reply.result)
  })
  worker.on('error', end)
  worker.on('exit', end)

  const ask: Thread['ask'] = (request, transfer = [], onProgress) => {
    if (ended) return Promise.resolve(threadEnded())
    lastId += 1
    const id = lastId
    return new Promise((settle) => {
      waiting.set(id, { settle, onProgress })
      worker.postMessage({ ...request, id }, [...transfer])
    })
  }

  async function close(): Promise<void> {
    if (ended) return
    const exited = new Promise((resolve) => worker.once('exit', resolve))
    await ask({ kind: 'close' })
    await exited
  }

  const opened = await new Promise<Result<unknown>>((settle) => {
    waiting.set(0, { settle, onProgress: undefined })
  })
  return opened.ok ? succeed({ ask, close }) : opened
}
