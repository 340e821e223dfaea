/** Runs the vendors' simulators as a process of its own, and ends it with the app. */
import { utilityProcess, type UtilityProcess } from 'electron'
import { z } from 'zod'
import { fail, succeed, type Result } from '../../shared/failure.ts'
import type { SandboxProcess, SandboxReady } from '../core/app/sandbox.ts'
import type { Log } from '../core/ports.ts'

const readySchema = z.object({ kind: z.literal('sandbox-ready'), origin: z.string() })

/** How long a start may take before it counts as failed. */
const startMilliseconds = 20_000

/** `script` is the built simulator; `onEnd` is called when a running one ends, whoever ended it. */
export function createSandboxProcess(
  options: Readonly<{ script: string; log: Log; onEnd: () => void }>,
): SandboxProcess {
  const { script, log, onEnd } = options
  let child: UtilityProcess | null = null
  let running: SandboxReady | null = null

  const start: SandboxProcess['start'] = async (settings) => {
    if (running !== null) return succeed(running)
    const started = utilityProcess.fork(script, ['--config', '-'], {
      serviceName: 'Erasure Desk sandbox',
      stdio: 'ignore',
    })
    child = started
    started.once('exit', (code) => {
      log.info('sandbox-ended', { code })
      if (child !== started) return
      child = null
      running = null
      onEnd()
    })
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a process has no origin
    started.postMessage(settings)
    const ready = await firstMessage(started)
    if (ready === null) {
      started.kill()
      log.problem('sandbox-failed')
      return startFailed()
    }
    running = ready
    return succeed(ready)
  }

  const stop = async () => {
    const ending = child
    if (ending === null) return
    const ended = new Promise<void>((resolve) => {
      ending.once('exit', () => resolve())
    })
    if (ending.kill()) await ended
  }

  return { start, stop, running: () => running }
}

async function firstMessage(child: UtilityProcess): Promise<SandboxReady | null> {
  return await new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), startMilliseconds)
    const settle = (ready: SandboxReady | null) => {
      clearTimeout(timer)
      resolve(ready)
    }
    child.once('exit', () => settle(null))
    child.once('message', (message: unknown) => {
      const ready = readySchema.safeParse(message)
      settle(ready.success ? { origin: ready.data.origin } : null)
    })
  })
}

function startFailed(): Result<never> {
  return fail('sandbox-failed', 'The sandbox did not start.', {
    kept: 'No connection was changed.',
    next: 'Try again. If it fails once more, close Erasure Desk and start it anew.',
    retryable: true,
  })
}
