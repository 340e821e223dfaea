/**
 * An engine in a process of its own, for what is done to processes: frozen, woken, killed. Started with one argument, the
 * JSON of a `SenderOrder`; it sends a `SenderWord` whenever something about it changes, looks for work when it is told "look", and closes
 * when it is told "stop".
 */
import { createMemorySecrets, runEngine, secretReference } from './engine.ts'

export type SenderOrder = Readonly<{ folder: string; secret: string; callsAtOnce?: number }>

export type SenderWord = Readonly<{
  sends: boolean
  reason: string | null
  trouble: string | null
  /** The last problem it logged, with its code. */
  problem: string | null
  problems: number
  /** How often it looked whether it may send. */
  looks: number
  epoch: number | null
}>

const order = JSON.parse(process.argv[2] ?? '{}') as SenderOrder
const secrets = createMemorySecrets({ [secretReference]: order.secret })
let problem: string | null = null
let problems = 0
let looks = 0

const engine = await runEngine(order.folder, secrets, (database) => ({
  ...(order.callsAtOnce === undefined ? {} : { callsAtOnce: order.callsAtOnce }),
  log: {
    info: () => {},
    problem: (event, facts) => {
      problem = `${event} ${String(facts?.['code'] ?? '')}`.trim()
      problems += 1
      tell()
    },
  },
  database: {
    ...database,
    takeSenderLock: async (moment) => {
      const taken = await database.takeSenderLock(moment)
      looks += 1
      return taken
    },
  },
  onChange: tell,
}))

function tell(): void {
  // The first changes come while the engine is being made.
  setImmediate(() => {
    const { sends, reason, trouble, epoch } = engine.status()
    const word: SenderWord = { sends, reason, trouble: trouble?.code ?? null, problem, problems, looks, epoch }
    if (process.connected) process.send?.(word)
  })
}

process.on('message', (told: 'look' | 'stop') => {
  if (told === 'look') return engine.wake()
  void engine.end().then(() => process.disconnect())
})
tell()
