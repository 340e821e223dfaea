/** A vendor simulator in a process of its own, and its ledger: the judge of what really left the app. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { LedgerEntry } from '../../src/sandbox/ledger.ts'
import type { TaskView } from '../../src/sandbox/mixpanel/task.ts'
import type { SandboxReady } from '../../src/sandbox/server.ts'

const script = path.resolve(import.meta.dirname, '../../src/sandbox/index.ts')
const controlHeader = 'x-sandbox-control'

export type OwnSandbox = Awaited<ReturnType<typeof startOwnSandbox>>

/** What makes the vendor quick: windows that are data like any other, and answers within milliseconds. */
export const quickVendor = {
  accounts: [{ accountId: 'quick', windows: [{ milliseconds: 1_000, calls: 40 }] }],
  latencyMilliseconds: { minimum: 1, maximum: 5 },
  processing: { batchMilliseconds: 200, perIdentifierMilliseconds: 1 },
  faults: { slowMilliseconds: 3_000 },
} as const

/** Starts one with `config` (see the sandbox's guide) and waits until it listens. `await using` ends it. */
export async function startOwnSandbox(config: object = quickVendor) {
  const child = spawn(process.execPath, [script, '--config', '-', '--until-stdin-ends'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  child.stdin.write(`${JSON.stringify(config)}\n`)
  const lines = createInterface({ input: child.stdout })
  const [line] = (await once(lines, 'line')) as [string]
  const ready = JSON.parse(line) as SandboxReady
  const [app] = ready.apps
  if (app === undefined) throw new Error('The sandbox has no app.')
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null) return
    const ended = once(child, 'exit')
    child.stdin.end()
    await ended
  }
  return {
    origin: ready.origin,
    clientId: app.clientId,
    clientSecret: app.clientSecret,
    /** All of them, in the order of the configuration. */
    apps: ready.apps,
    /** Mixpanel's base address, residency and accounts. */
    mixpanel: ready.mixpanel,
    readLedger: async () => await readLedger(ready.origin, ready.control.token),
    /** Mixpanel's tasks as they really are. */
    readTasks: async () => await readTasks(ready.origin, ready.control.token),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** Every call the simulators at `origin` saw, oldest first. */
export async function readLedger(origin: string, controlToken: string): Promise<readonly LedgerEntry[]> {
  return (await readControl<{ readonly entries: readonly LedgerEntry[] }>(origin, controlToken, 'ledger')).entries
}

async function readTasks(origin: string, controlToken: string): Promise<readonly TaskView[]> {
  return (await readControl<{ readonly tasks: readonly TaskView[] }>(origin, controlToken, 'tasks')).tasks
}

async function readControl<Content>(origin: string, controlToken: string, name: string): Promise<Content> {
  const answer = await fetch(`${origin}/__sandbox/${name}`, { headers: { [controlHeader]: controlToken } })
  if (!answer.ok) throw new Error(`The sandbox did not give its ${name}: HTTP ${answer.status}.`)
  return (await answer.json()) as Content
}
