import { createHash, timingSafeEqual } from 'node:crypto'
import { json, type BodyAnswer } from './answer.ts'
import type { Ledger } from './ledger.ts'
import type { TaskView } from './mixpanel/task.ts'

/** The header that carries the control token. */
export const controlHeader = 'x-sandbox-control'

const prefix = '/__sandbox/'

/** Whether a path belongs to the simulator's own controls; such calls are in no ledger and no rate window. */
export function isControlPath(pathname: string): boolean {
  return pathname.startsWith(prefix)
}

/** What can be read and done from outside. */
type Controlled = {
  readonly ledger: Ledger
  readonly tasks: () => readonly TaskView[]
  readonly reset: () => void
}

/**
 * The simulators' own controls: `GET health` for anybody, and with the control token `GET ledger?after=SEQUENCE`,
 * `GET tasks` (Mixpanel's, as they really are) and `POST reset`.
 */
export function controlAnswer(
  call: { readonly method: string; readonly url: URL; readonly given: string | undefined },
  controlToken: string,
  { ledger, tasks, reset }: Controlled,
): BodyAnswer {
  const asked = `${call.method} ${call.url.pathname.slice(prefix.length)}`
  if (asked === 'GET health')
    return json(200, { ready: true, vendors: ['kore', 'mixpanel'], calls: ledger.entries().length })
  if (!isSame(call.given ?? '', controlToken))
    return json(403, { error: `The header ${controlHeader} does not hold this sandbox's control token.` })
  switch (asked) {
    case 'GET ledger': {
      const after = Number(call.url.searchParams.get('after') ?? 0)
      return json(200, { entries: ledger.entries().filter(({ sequence }) => sequence > after) })
    }
    case 'GET tasks':
      return json(200, { tasks: tasks() })
    case 'POST reset':
      reset()
      return json(200, { reset: true })
    default:
      return json(404, { error: 'The sandbox has GET health, GET ledger, GET tasks and POST reset here.' })
  }
}

function isSame(one: string, other: string): boolean {
  return timingSafeEqual(digest(one), digest(other))
}

function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest()
}
