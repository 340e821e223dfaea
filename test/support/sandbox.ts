/** A vendor simulator in a process of its own, and its ledger: the judge of what really left the app. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { createInterface } from 'node:readline'
import type { LedgerEntry } from '../../src/sandbox/ledger.ts'

const script = path.resolve(import.meta.dirname, '../../src/sandbox/index.ts')
const controlHeader = 'x-sandbox-control'

export type OwnSandbox = Awaited<ReturnType<typeof startOwnSandbox>>

type Ready = Readonly<{
  origin: string
  control: Readonly<{ token: string }>
  apps: readonly Readonly<{ clientId: string; clientSecret: string }>[]
}>

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
  const ready = JSON.parse(line) as Ready
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
    readLedger: async () => await readLedger(ready.origin, ready.control.token),
    stop,
    [Symbol.asyncDispose]: stop,
  }
}

/** Every call the simulator at `origin` saw, oldest first. */
export async function readLedger(origin: string, controlToken: string): Promise<readonly LedgerEntry[]> {
  const answer = await fetch(`${origin}/__sandbox/ledger`, { headers: { [controlHeader]: controlToken } })
  if (!answer.ok) throw new Error(`The ledger was not given: HTTP ${answer.status}.`)
  return ((await answer.json()) as { readonly entries: readonly LedgerEntry[] }).entries
}
