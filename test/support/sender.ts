/** Starts `sender-child.ts` and hears what it says of itself. */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { SenderOrder, SenderWord } from './sender-child.ts'

export type SenderProcess = Readonly<{
  /** Settles with its first word, from those already said on, that `holds` is true of. */
  until: (holds: (word: SenderWord) => boolean) => Promise<SenderWord>
  /** The last word it said; null: none yet. */
  lastWord: () => SenderWord | null
  /** Looks at once for what is due. */
  look: () => void
  freeze: () => void
  wake: () => void
  /** Ends it at once, frozen or not; settles when it is gone. */
  kill: () => Promise<void>
  /** Closes it as the app closes. */
  stop: () => Promise<void>
}>

export function startSender(order: SenderOrder): SenderProcess {
  const child = fork(new URL('sender-child.ts', import.meta.url), [JSON.stringify(order)])
  const exited = once(child, 'exit')
  const waiting = new Set<(word: SenderWord) => void>()
  let last: SenderWord | null = null
  child.on('message', (word: SenderWord) => {
    last = word
    for (const look of waiting) look(word)
  })
  return {
    until: (holds) =>
      new Promise((resolve) => {
        const look = (word: SenderWord) => {
          if (!holds(word)) return
          waiting.delete(look)
          resolve(word)
        }
        waiting.add(look)
        if (last !== null) look(last)
      }),
    lastWord: () => last,
    look: () => void child.send('look'),
    freeze: () => void child.kill('SIGSTOP'),
    wake: () => void child.kill('SIGCONT'),
    kill: async () => {
      child.kill('SIGKILL')
      await exited
    },
    stop: async () => {
      if (child.connected) child.send('stop')
      await exited
    },
  }
}
