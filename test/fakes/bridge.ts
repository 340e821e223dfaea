/**
 * A window.erasureDesk with invented data behind it, for looking at screens in a plain browser and for unit tests of the
 * renderer. Every input and output is parsed by the contract, so a screen that works here speaks the real language; it
 * proves nothing about main.
 */
import {
  channelNames,
  contract,
  type Change,
  type ChannelName,
  type ErasureDeskBridge,
  type ParsedInput,
  type Topic,
  type Value,
} from '../../src/shared/contract.ts'
import { fail, type Failed } from '../../src/shared/failure.ts'
import { caseHandlers } from './handlers-cases.ts'
import { connectionHandlers } from './handlers-connections.ts'
import { importHandlers } from './handlers-import.ts'
import { requestHandlers } from './handlers-requests.ts'
import { retrievalHandlers } from './handlers-retrievals.ts'
import { createWorld, type Scenario, type World } from './world.ts'

export type Handlers = {
  readonly [C in ChannelName]: (input: ParsedInput<C>) => Value<C> | Failed | Promise<Value<C> | Failed>
}

function isFailed(value: unknown): value is Failed {
  return typeof value === 'object' && value !== null && 'ok' in value && value.ok === false
}

/** Makes the fake. `latency` is how long every answer takes; `push` says that something changed, as main would. */
export function createFakeBridge(options: { readonly scenario?: Scenario; readonly latency?: number } = {}): {
  readonly bridge: ErasureDeskBridge
  readonly push: (topic: Topic, id?: number) => void
  readonly world: World
} {
  const { latency = 20 } = options
  const listeners = new Set<(change: Change) => void>()
  let revision = 0
  const push = (topic: Topic, id?: number) => {
    revision += 1
    for (const listener of listeners) listener({ topic, id: id ?? null, revision, at: Date.now() })
  }
  const world = createWorld(options.scenario ?? 'full', push)
  const handlers: Handlers = {
    ...connectionHandlers(world),
    ...importHandlers(world),
    ...requestHandlers(world),
    ...retrievalHandlers(),
    ...caseHandlers(world),
  }
  const answer = async (channel: ChannelName, input: unknown) => {
    await new Promise((resolve) => setTimeout(resolve, latency))
    const parsed = contract[channel].input.safeParse(input)
    if (!parsed.success) return fail('invalid-input', `${channel}: ${parsed.error.message}`)
    const handler = handlers[channel] as (input: unknown) => unknown
    const value = await handler(parsed.data)
    return contract[channel].output.parse(isFailed(value) ? value : { ok: true, value })
  }
  const methods = Object.fromEntries(
    channelNames.map((channel) => [channel, (input: unknown) => answer(channel, input)]),
  )
  const bridge = {
    ...methods,
    dropFile: (file: File) => {
      world.droppedName = file.name
      return answer('chooseFile', {})
    },
    onChange: (listener: (change: Change) => void) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  } as unknown as ErasureDeskBridge
  return { bridge, push, world }
}
