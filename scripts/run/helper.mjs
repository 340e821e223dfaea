// The processes a run needs beside its command: started as the right user, and ended with the run.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as delay } from 'node:timers/promises'

/**
 * @typedef {object} Identity the user a process runs as; undefined means this process's own
 * @property {number} uid
 * @property {number} gid
 */

/**
 * @typedef {object} Helper
 * @property {string} name
 * @property {() => boolean} alive
 * @property {() => string} written what it wrote to descriptor 3
 * @property {() => string} said what it wrote to standard error
 * @property {() => Promise<void>} stop
 */

const readyMilliseconds = 15_000
const endMilliseconds = 3_000

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ identity: Identity | undefined, env: NodeJS.ProcessEnv, input?: string, readDescriptor3?: boolean }} options
 * @returns {Helper}
 */
export function startHelper(command, args, { identity, env, input, readDescriptor3 }) {
  const child = spawn(command, args, {
    env,
    cwd: '/',
    // A process group of its own: a Ctrl-C meant for the command must not take the keychain from under it.
    detached: true,
    stdio: ['pipe', 'ignore', 'pipe', readDescriptor3 ? 'pipe' : 'ignore'],
    ...identity,
  })
  let failure = ''
  let written = ''
  let said = ''
  child.on('error', (error) => (failure = error.message))
  child.stdin?.on('error', () => undefined).end(input)
  child.stderr?.on('data', (bytes) => (said += bytes))
  const descriptor3 = child.stdio[3]
  if (descriptor3 && 'read' in descriptor3) descriptor3.on('data', (bytes) => (written += bytes))
  const alive = () => failure === '' && child.exitCode === null && child.signalCode === null
  return {
    name: command,
    alive,
    written: () => written,
    said: () => failure || said,
    stop: async () => {
      if (!alive()) return
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      const force = setTimeout(() => child.kill('SIGKILL'), endMilliseconds)
      await ended
      clearTimeout(force)
    },
  }
}

/** @param {string} what @param {() => boolean} isSo @param {Helper} helper */
export async function waitUntil(what, isSo, helper) {
  const limit = Date.now() + readyMilliseconds
  while (!isSo()) {
    if (!helper.alive() || Date.now() > limit) {
      await helper.stop()
      throw new Error(`${what} did not start (${helper.name}): ${helper.said().trim() || 'no reason given'}`)
    }
    await delay(20)
  }
}
