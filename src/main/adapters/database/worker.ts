/** The database's thread: opens the history, then answers messages. Long commands give way between their slices. */
import { parentPort, workerData } from 'node:worker_threads'
import { succeed, type Result } from '../../../shared/failure.ts'
import { commands } from './commands/index.ts'
import { failureOf } from './failures.ts'
import type { History } from './history.ts'
import { receiveImport, stopReceiving } from './import/receive.ts'
import { openHistory } from './open-history.ts'
import type { WorkerReply, WorkerRequest, WorkerStart } from './protocol.ts'
import { answerRead } from './queries/index.ts'

const port = parentPort
if (port === null) throw new Error('This file runs as a worker thread')

function reply(message: WorkerReply): void {
  port?.postMessage(message)
}

async function answer(history: History, request: WorkerRequest): Promise<Result<unknown>> {
  switch (request.kind) {
    case 'command': {
      // The client sends exactly what the port's types ask for; both ends are built together.
      const command = commands[request.name] as (history: History, ...input: readonly unknown[]) => unknown
      return (await command(history, ...request.input)) as Result<unknown>
    }
    case 'read':
      return await answerRead(history, request.channel, request.input, request.now)
    case 'import':
      return await receiveImport(history, request, (progress) => reply({ id: request.id, kind: 'progress', progress }))
    case 'checkpoint':
      return succeed(checkpoint(history))
    case 'close':
      close(history)
      return succeed(null)
  }
}

/** Moves what the write-ahead log holds into the history's file without waiting for anybody; gives how many pages. */
function checkpoint({ sql }: History): number {
  const rows = sql.pragma('wal_checkpoint(PASSIVE)') as readonly Readonly<{ checkpointed: number }>[]
  return rows[0]?.checkpointed ?? 0
}

function close(history: History): void {
  stopReceiving(history)
  history.senderLock?.release()
  history.importLock?.release()
  history.sql.close()
}

const start = workerData as WorkerStart
const opened = await openHistory(start)
if (opened.ok) {
  const history = opened.value
  port.on('message', (request: WorkerRequest) => {
    void answer(history, request)
      .catch(failureOf)
      .then((result) => {
        reply({ id: request.id, kind: 'result', result })
        if (request.kind === 'close') port.close()
      })
  })
}
reply({ id: 0, kind: 'result', result: opened.ok ? succeed(null) : opened })
if (!opened.ok) port.close()
