import { appendFileSync, chmodSync, existsSync, mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Clock, Log } from '../../core/ports.ts'

type Facts = Parameters<Log['info']>[1]

const maximumBytes = 1_000_000
const olderFiles = 3

/** Short codes alone: a text with an @, a slash or more than 60 letters could be somebody's identifier. */
const shortCode = /^[A-Za-z0-9 _.:-]{0,60}$/

/**
 * JSON lines in a file that only its owner can read, begun anew at 1 MB with three older ones kept. A value that is no
 * number, boolean or short code is left out. A log that cannot be written stops nothing.
 */
export function createLog({ path, clock }: Readonly<{ path: string; clock: Clock }>): Log {
  const write = (level: 'info' | 'problem', event: string, facts: Facts = {}) => {
    const line = JSON.stringify({
      at: new Date(clock.now()).toISOString(),
      level,
      event: tidy(event),
      ...tidyAll(facts),
    })
    try {
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 })
      rotate(path)
      appendFileSync(path, `${line}\n`, { mode: 0o600 })
    } catch {
      // The disk is full or gone: the history tells the operator so, and there is nowhere to write it down.
    }
  }
  return {
    info: (event, facts) => write('info', event, facts),
    problem: (event, facts) => write('problem', event, facts),
  }
}

function rotate(path: string): void {
  if (!existsSync(path)) return
  chmodSync(path, 0o600)
  if (statSync(path).size < maximumBytes) return
  for (let age = olderFiles - 1; age >= 1; age -= 1)
    if (existsSync(`${path}.${age}`)) renameSync(`${path}.${age}`, `${path}.${age + 1}`)
  renameSync(path, `${path}.1`)
}

function tidyAll(facts: NonNullable<Facts>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [tidy(name), tidy(value)]))
}

function tidy<T>(value: T): T | string {
  if (typeof value !== 'string') return value
  return shortCode.test(value) ? value : '(left out)'
}
