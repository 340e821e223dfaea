/** Starts engines in processes of their own, built as the app is built, and sees them end as they were told to. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, rmSync } from 'node:fs'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { buildThreads } from '../built-threads.ts'
import { historyKey } from '../engine.ts'
import type { Kill, Order } from './engine-process.ts'

/** No step is further away than this; a process that has not come to it will not. */
const patience = 60_000

/** What a process is to do; the rest of its order is the same for all. */
export type Task = Readonly<{ folder: string; work: Order['work']; kill: Kill | null }>

/** `missed`: the work ended and the step did not come; `done`: it ended, and was not to be killed. */
export type Ending = 'missed' | 'done'

/** A process that was started. */
export type Started = Readonly<{
  process: ChildProcess
  /** Settles when it has opened what it needs and begins. */
  begun: Promise<unknown>
  /** Settles with the signal it ended by, or how else it ended; rejects where it failed. */
  ended: Promise<NodeJS.Signals | Ending>
}>

export type Engines = Readonly<{
  /** The built file of the database's threads, for histories that are opened here. */
  databaseWorker: URL
  start: (task: Task, signal?: Order['signal'], commits?: string) => Started
  /** Ends what still runs, and removes what was built. */
  remove: () => void
}>

/** Builds the engine's process and its threads: a built one starts in a fraction of the time. */
export async function buildEngines(): Promise<Engines> {
  const { folder, file: built } = await buildThreads({ engine: 'test/support/chaos/engine-process.ts' })
  const running = new Set<ChildProcess>()
  return {
    databaseWorker: built('database-worker'),
    start: (task, signal = 'SIGKILL', commits) => {
      const order: Order = {
        ...task,
        signal,
        key: Buffer.from(historyKey).toString('hex'),
        databaseWorker: built('database-worker').href,
        csvWorker: built('csv-worker').href,
        commits: commits ?? null,
      }
      // With machine code, whatever this process runs with: each of these has three threads and dies young.
      const child = fork(built('engine'), [JSON.stringify(order)], { execArgv: [] })
      running.add(child)
      void once(child, 'exit').then(() => running.delete(child))
      return started(child, task.kill === null ? 'done' : 'missed')
    },
    remove: () => {
      for (const child of running) child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** `byItself`: what it means that the process ended without being killed and without an error. */
function started(child: ChildProcess, byItself: Ending): Started {
  const begun = Promise.withResolvers<unknown>()
  child.once('message', () => begun.resolve(null))
  const ended = new Promise<NodeJS.Signals | Ending>((settle, reject) => {
    const late = setTimeout(() => {
      child.kill('SIGKILL')
      reject(new Error('The process did not come to the step at which it was to be killed'))
    }, patience)
    child.once('exit', (code, signal) => {
      clearTimeout(late)
      begun.resolve(null)
      if (signal !== null) settle(signal)
      else if (code === 0) settle(byItself)
      else reject(new Error(`The process ended by itself, with code ${code}`))
    })
  })
  return { process: child, begun: begun.promise, ended }
}

/** Settles when the whole process stands still, all its threads; throws where it is gone instead. Linux alone. */
export async function untilStopped({ process: { pid } }: Started): Promise<void> {
  const state = () => / ([A-Z]) \d/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\)/, ''))?.[1]
  while (state() !== 'T') await nextTurn()
}
