import { readFile } from 'node:fs/promises'
import { readCommandLine, usage, type SandboxCommand } from './command-line.ts'
import type { SandboxConfigInput } from './config.ts'
import { firstWordOfParent, tellParent, whenParentEnds, whenStdinEnds } from './parent.ts'
import { prettyReady } from './pretty.ts'
import { startSandbox } from './server.ts'

/** Runs the simulators as a process of their own: from a terminal, from Node's fork or spawn, or as a utility process. */
async function run(command: SandboxCommand): Promise<void> {
  if (command.help) {
    process.stdout.write(usage)
    return
  }
  const settings = withControlToken(await readSettings(command.config))
  const sandbox = await startSandbox(command.port === null ? settings : { ...settings, port: command.port })
  const end = () => {
    void sandbox.close().then(() => process.exit(0))
  }
  process.once('SIGINT', end).once('SIGTERM', end)
  whenParentEnds(command.endWithParent, end)
  if (command.endWithStdin) whenStdinEnds(end)
  process.stdout.write(command.pretty ? prettyReady(sandbox.ready) : `${JSON.stringify(sandbox.ready)}\n`)
  await tellParent(sandbox.ready)
}

/** The environment may choose the token that guards the ledger, where the settings do not. */
function withControlToken(settings: SandboxConfigInput): SandboxConfigInput {
  const controlToken = process.env['ERASURE_DESK_SANDBOX_CONTROL_TOKEN']
  return controlToken === undefined || controlToken === '' ? settings : { controlToken, ...settings }
}

/** Settings as they came, unchecked; `startSandbox` checks them. */
async function readSettings(source: string | null): Promise<SandboxConfigInput> {
  if (source === null) return {}
  const settings = source === '-' ? await firstWordOfParent() : await readSettingsFile(source)
  if (typeof settings !== 'object' || settings === null) throw new Error('The settings are not a JSON object.')
  return settings
}

async function readSettingsFile(path: string): Promise<unknown> {
  const content = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new Error(`The settings file ${path} cannot be read (${error.code ?? error.message}).`)
  })
  try {
    return JSON.parse(content) as unknown
  } catch {
    throw new Error(`The settings file ${path} is not JSON.`)
  }
}

async function main(): Promise<void> {
  try {
    await run(readCommandLine(process.argv.slice(2)))
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error)
    process.stderr.write(`The sandbox did not start. ${message}\n`)
    await tellParent({ kind: 'sandbox-failed', message })
    // An open channel to the parent would keep this process alive.
    process.exit(1)
  }
}

await main()
