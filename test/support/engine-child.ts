/**
 * An engine in a process of its own that kills itself at a chosen point, as a power cut or the system would: no
 * handler runs, nothing is closed. Started with one argument, the JSON of a `ChildOrder`.
 */
import type { Database, Http } from '../../src/main/core/ports.ts'
import type { CallStage } from '../../src/shared/model/request.ts'
import type { EngineParts } from '../../src/main/core/send/engine.ts'
import { createHttp } from '../../src/main/adapters/http/http.ts'
import { systemClock } from '../../src/main/adapters/clock/clock.ts'
import { createMemorySecrets, runEngine, secretReference } from './engine.ts'

/** Where the process ends; the name says what is done and what is not. */
export const killPoints = [
  'before a batch is journalled',
  'after a batch is journalled',
  'after the call is noted, before it is made',
  'at the first byte',
  'when the whole call is sent',
  'when the answer begins',
  'before the answer is stored',
  'after the answer is stored',
  'before a status call is made',
  'before the status answer is stored',
  'after the status answer is stored',
] as const
export type KillPoint = (typeof killPoints)[number]

/** `calls`: how many calls of the point's kind end undisturbed before it. */
export type ChildOrder = Readonly<{ folder: string; secret: string; point: KillPoint; calls: number }>

type At = (point: KillPoint) => void

const stagePoints: Readonly<Partial<Record<CallStage, KillPoint>>> = {
  'first byte': 'at the first byte',
  sent: 'when the whole call is sent',
  headers: 'when the answer begins',
}

function wrapped(database: Database, http: Http, at: At): Partial<EngineParts> {
  return {
    // One call at a time: the point is reached with nothing else under way.
    callsAtOnce: 1,
    database: {
      ...database,
      reserveCall: async (input) => {
        at('before a batch is journalled')
        const reservation = await database.reserveCall(input)
        if (reservation.ok && reservation.value.kind === 'erase') at('after a batch is journalled')
        return reservation
      },
      finishErase: async (result, outcome) => {
        at('before the answer is stored')
        const written = await database.finishErase(result, outcome)
        at('after the answer is stored')
        return written
      },
      finishPoll: async (result, outcome) => {
        at('before the status answer is stored')
        const written = await database.finishPoll(result, outcome)
        at('after the status answer is stored')
        return written
      },
    },
    http: {
      send: async (call, onStage) => {
        at(call.body === null ? 'before a status call is made' : 'after the call is noted, before it is made')
        return http.send(call, (stage) => {
          const point = stagePoints[stage]
          if (point !== undefined && call.body !== null) at(point)
          onStage?.(stage)
        })
      },
    },
  }
}

const order = JSON.parse(process.argv[2] ?? '{}') as ChildOrder
let left = order.calls
const at: At = (point) => {
  if (point !== order.point) return
  if (left === 0) process.kill(process.pid, 'SIGKILL')
  left -= 1
}
const http = createHttp({
  clock: systemClock,
  online: () => true,
  resolveProxy: async () => 'DIRECT',
  certificates: null,
})
const secrets = createMemorySecrets({ [secretReference]: order.secret })
await runEngine(order.folder, secrets, (database) => wrapped(database, http, at))
