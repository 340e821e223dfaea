/** The app's working state: the history that is open, and the engine that sends from it. */
import type { Clock, Database } from '../ports.ts'
import type { Engine } from '../send/engine.ts'
import type { Notify } from './changes.ts'
import { openEncrypted, openHistory, type HistoryPorts, type OpenHistory } from './history.ts'

export type Desk = Readonly<{
  history: () => OpenHistory
  database: () => Database
  /** Null while the history is in memory: nothing is ever sent from there. */
  engine: () => Engine | null
  /** True from the moment the app was told to close. */
  isClosing: () => boolean
  /**
   * Looks again whether the encrypted history can be opened, at most once a second, and changes over to it where it can.
   * Does nothing while it is open already.
   */
  tryAgain: () => Promise<void>
  /** Awaits the call under way, then closes the history. */
  close: () => Promise<void>
}>

export type DeskPorts = HistoryPorts &
  Readonly<{ clock: Clock; notify: Notify; startEngine: (database: Database) => Engine }>

const retrySpacing = 1000

/** Opens the history and starts the engine on it. */
export async function openDesk(ports: DeskPorts): Promise<Desk> {
  let history = await openHistory(ports)
  let engine = history.failure === null ? ports.startEngine(history.database) : null
  let triedAt = ports.clock.now()
  let trying: Promise<void> | null = null
  let closing = false

  const changeOver = async () => {
    triedAt = ports.clock.now()
    const encrypted = await openEncrypted(ports)
    if (!encrypted.ok) {
      history = { ...history, failure: encrypted.failure, keychainFailure: encrypted.keychainFailure }
    } else if (closing) {
      await encrypted.value.close()
    } else {
      const memory = history.database
      history = { database: encrypted.value, failure: null, keychainFailure: null }
      engine = ports.startEngine(encrypted.value)
      await memory.close()
    }
    for (const topic of ['app', 'appearance', 'connections', 'requests', 'budget'] as const) ports.notify(topic)
  }

  return {
    history: () => history,
    database: () => history.database,
    engine: () => engine,
    isClosing: () => closing,
    tryAgain: async () => {
      if (history.failure === null || closing) return
      if (trying === null && Math.abs(ports.clock.now() - triedAt) < retrySpacing) return
      trying ??= changeOver().finally(() => {
        trying = null
      })
      await trying
    },
    close: async () => {
      closing = true
      ports.notify('app')
      await trying
      await engine?.stop()
      await history.database.close()
    },
  }
}
