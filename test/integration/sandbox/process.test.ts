import { readFileSync } from 'node:fs'
import { fork, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import type { SandboxReady } from '../../../src/sandbox/server.ts'
import { startOwnSandbox } from '../../support/sandbox.ts'
import { call } from './support.ts'

const node = fileURLToPath(new URL('../../../node_modules/.bin/node', import.meta.url))
const entry = fileURLToPath(new URL('../../../src/sandbox/index.ts', import.meta.url))
const started: ChildProcess[] = []

afterEach(() => {
  for (const child of started.splice(0)) child.kill('SIGKILL')
})

function start(...args: readonly string[]) {
  const child = spawn(node, [entry, ...args])
  started.push(child)
  return child
}

async function firstLine(child: ReturnType<typeof start>): Promise<string> {
  for await (const line of createInterface({ input: child.stdout })) return line
  throw new Error(await text(child.stderr))
}

async function exitCode(child: ChildProcess): Promise<number | null> {
  if (child.exitCode === null) await once(child, 'exit')
  return child.exitCode
}

const isThere = async ({ origin }: SandboxReady) => (await call(origin, 'GET', '/__sandbox/health')).status === 200

describe('the process', () => {
  it('prints one line of JSON when it listens, and ends on SIGTERM', async () => {
    const child = start()
    const ready = JSON.parse(await firstLine(child)) as SandboxReady
    expect(ready).toMatchObject({
      kind: 'sandbox-ready',
      vendors: ['kore', 'mixpanel'],
      control: { header: 'x-sandbox-control' },
      mixpanel: { baseUrl: `${ready.origin}/api/app`, residency: 'US' },
    })
    expect(await isThere(ready)).toBe(true)
    child.kill('SIGTERM')
    expect(await exitCode(child)).toBe(0)
  })

  it('takes settings from a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'sandbox-'))
    const file = join(folder, 'settings.json')
    await writeFile(file, JSON.stringify({ apps: [{ clientId: 'cs-file', clientSecret: 'one' }] }))
    const ready = JSON.parse(await firstLine(start('--config', file))) as SandboxReady
    expect(ready.apps[0]?.clientId).toBe('cs-file')
    await rm(folder, { recursive: true })
  })

  it('takes settings from the first line of stdin and ends with stdin', async () => {
    const child = start('--config', '-', '--until-stdin-ends')
    child.stdin.write(`${JSON.stringify({ apps: [{ clientId: 'cs-stdin', clientSecret: 'one' }] })}\n`)
    const ready = JSON.parse(await firstLine(child)) as SandboxReady
    expect(ready.apps[0]?.clientId).toBe('cs-stdin')
    child.stdin.end()
    expect(await exitCode(child)).toBe(0)
  })

  it('takes settings from a message, answers with one, and ends when the channel closes', async () => {
    const child = fork(entry, ['--config', '-'], { execPath: node, execArgv: [], silent: true })
    started.push(child)
    child.send({ apps: [{ clientId: 'cs-message', clientSecret: 'one' }] })
    const [ready] = (await once(child, 'message')) as [SandboxReady]
    expect(ready.apps[0]?.clientId).toBe('cs-message')
    expect(await isThere(ready)).toBe(true)
    child.disconnect()
    expect(await exitCode(child)).toBe(0)
  })

  it('ends when the process that spawned it is gone', async () => {
    const script = `
      const { spawn } = require('node:child_process')
      const child = spawn(${JSON.stringify(node)}, [${JSON.stringify(entry)}, '--parent'], { stdio: ['ignore', 'pipe', 'inherit'] })
      child.stdout.once('data', (line) => process.stdout.write(JSON.stringify({ pid: child.pid }) + '\\n' + line))
    `
    const parent = spawn(node, ['-e', script])
    started.push(parent)
    const lines = createInterface({ input: parent.stdout })[Symbol.asyncIterator]()
    const { pid } = JSON.parse(String((await lines.next()).value)) as { pid: number }
    expect(await isThere(JSON.parse(String((await lines.next()).value)) as SandboxReady)).toBe(true)
    parent.kill('SIGKILL')
    await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false)
  })

  it('gives its Mixpanel tasks from outside, as they really are', async () => {
    await using sandbox = await startOwnSandbox({ mixpanel: { processing: { pendingMilliseconds: 60_000 } } })
    const [account] = sandbox.mixpanel.accounts
    const projectToken = account?.projects[0]?.projectToken ?? ''
    const headers = { authorization: `Bearer ${account?.oauthToken}`, 'content-type': 'application/json' }
    const path = `/api/app/data-deletions/v3.0?token=${projectToken}`
    const answer = await call(sandbox.origin, 'POST', path, headers, '{"distinct_ids":["ana"]}')
    expect(answer.status).toBe(201)
    expect(await sandbox.readTasks()).toMatchObject([{ status: 'PENDING', distinctIds: ['ana'], erasedIds: [] }])
    expect(await sandbox.readLedger()).toMatchObject([{ vendor: 'mixpanel', call: 'erase', tookEffect: true }])
  })

  it('prints for a person', async () => {
    const child = start('--pretty')
    const lines: string[] = []
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(line)
      if (line.includes('Ctrl+C')) break
    }
    const printed = lines.join('\n')
    expect(printed).toMatch(/Origin +http:\/\/127\.0\.0\.1:\d+/)
    expect(printed).toMatch(/Client id +cs-/)
    expect(printed).toMatch(/sandbox-cut-after-recorded +The connection is cut/)
    expect(printed).toMatch(/Base address +http:\/\/127\.0\.0\.1:\d+\/api\/app/)
    expect(printed).toMatch(/OAuth token +\S{20}/)
    expect(printed).toMatch(/Project token +[0-9a-f]{32} +EU: elsewhere/)
    expect(printed).toMatch(/sandbox-in-running-task +Somebody else's running task/)
  })

  it('says what is wrong and exits with 1', async () => {
    const child = start('--config', '/nowhere/settings.json')
    expect(await text(child.stderr)).toMatch(
      /did not start\. The settings file \/nowhere\/settings\.json cannot be read/,
    )
    expect(await exitCode(child)).toBe(1)
    const forked = fork(entry, ['--config', '-'], { execPath: node, execArgv: [], silent: true })
    started.push(forked)
    forked.send({ port: -1 })
    const [failed] = (await once(forked, 'message')) as [unknown]
    expect(failed).toMatchObject({ kind: 'sandbox-failed', message: expect.stringMatching(/port/) })
    expect(await exitCode(forked)).toBe(1)
  })
})

/** A process that has ended and that nobody has waited for yet is still listed, as a zombie: it does not run. */
function isRunning(pid: number): boolean {
  try {
    const afterName = readFileSync(`/proc/${pid}/stat`, 'utf8').split(')').at(-1) ?? ''
    return !/^ [ZX]/.test(afterName)
  } catch {
    return false
  }
}
