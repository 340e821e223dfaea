/** What must hold before a channel may do anything: said once, put around each handler that needs it. */
import type { ChannelName } from '../../../shared/contract.ts'
import { fail, type Failed } from '../../../shared/failure.ts'
import type { Desk } from './desk.ts'
import type { Handler } from './handlers.ts'

export type Guards = Readonly<{
  /** Only while the encrypted history is open: for whatever writes. */
  saved: <C extends ChannelName>(handler: Handler<C>) => Handler<C>
  /** Only in the one window that sends: for whatever starts, decides or changes calls. */
  sending: <C extends ChannelName>(handler: Handler<C>) => Handler<C>
  /** Only while imports are on, which they are while the history is saved. */
  importing: <C extends ChannelName>(handler: Handler<C>) => Handler<C>
}>

export function createGuards(desk: Desk): Guards {
  const guard =
    (check: () => Failed | null) =>
    <C extends ChannelName>(handler: Handler<C>): Handler<C> =>
    async (input) =>
      check() ?? (await handler(input))
  return {
    saved: guard(() => checkSaved(desk)),
    sending: guard(() => checkSaved(desk) ?? checkSender(desk)),
    importing: guard(() => {
      const unsaved = checkSaved(desk)
      return unsaved === null ? null : { ok: false, failure: { ...unsaved.failure, code: 'import-off' } }
    }),
  }
}

function checkSaved(desk: Desk): Failed | null {
  const { failure } = desk.history()
  if (failure === null) return null
  return fail('history-in-memory', `Nothing can be saved at present. ${failure.message}`, {
    kept: failure.kept ?? 'Nothing was changed.',
    retryable: true,
    ...(failure.next === undefined ? {} : { next: failure.next }),
  })
}

function checkSender(desk: Desk): Failed | null {
  if (desk.isClosing()) {
    return fail('not-the-sender', 'Erasure Desk is closing.', {
      kept: 'Nothing was changed.',
      next: 'Open it again; everything is where it was.',
    })
  }
  const engine = desk.engine()?.status()
  if (engine?.sends === true) return null
  if (engine !== undefined && engine.reason === null) {
    return fail('not-the-sender', 'Erasure Desk is still starting.', {
      kept: 'Nothing was changed.',
      next: 'Try again in a moment.',
      retryable: true,
    })
  }
  if (engine !== undefined && engine.trouble !== null) return { ok: false, failure: engine.trouble }
  return fail('not-the-sender', 'Another window of Erasure Desk sends from this history; this one shows it.', {
    kept: 'Nothing was changed.',
    next: 'Do it in the other window, or close that one first.',
    retryable: true,
  })
}
