import { createInterface } from 'node:readline'
import type { SandboxReady } from './server.ts'

/** What the process says to whoever started it, once. */
export type SandboxMessage = SandboxReady | { readonly kind: 'sandbox-failed'; readonly message: string }

/** The end of Electron's message channel that a utility process holds; plain Node has none. */
type ParentPort = {
  readonly postMessage: (message: unknown) => void
  readonly once: (event: 'message', run: (event: { readonly data: unknown }) => void) => void
}

const parentPort = (process as { readonly parentPort?: ParentPort }).parentPort

/** Tells the parent, over Electron's or Node's channel where there is one; resolves when the message is on its way. */
export async function tellParent(message: SandboxMessage): Promise<void> {
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a message port has no origin
  parentPort?.postMessage(message)
  await new Promise<void>((resolve) => {
    if (process.send === undefined) resolve()
    else process.send(message, () => resolve())
  })
}

/** The first thing the parent sends: a message where there is a channel, else the first line of stdin as JSON. */
export async function firstWordOfParent(): Promise<unknown> {
  if (parentPort !== undefined)
    return new Promise((resolve) => parentPort.once('message', (event) => resolve(event.data)))
  if (process.send !== undefined) return new Promise((resolve) => process.once('message', resolve))
  const lines = createInterface({ input: process.stdin })
  for await (const line of lines) return JSON.parse(line) as unknown
  throw new Error('Settings were to come on stdin, and stdin ended without a line.')
}

/**
 * Calls `run` when the parent is gone: at the end of its channel, and where `watchProcess` is set also when this
 * process has been handed to another parent. Electron ends its utility processes itself.
 */
export function whenParentEnds(watchProcess: boolean, run: () => void): void {
  process.once('disconnect', run)
  if (!watchProcess) return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    run()
  }, 500)
}

/** Calls `run` when stdin ends. */
export function whenStdinEnds(run: () => void): void {
  process.stdin.once('end', run).once('close', run).once('error', run)
  process.stdin.resume()
}
