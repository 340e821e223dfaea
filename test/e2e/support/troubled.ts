/** A request in which everything that a person decides about has happened. */
import type { Connection } from '../../../src/shared/model/connection.ts'
import type { RequestDetail } from '../../../src/shared/model/request.ts'
import type { OwnSandbox } from '../../support/sandbox.ts'
import type { App } from './app.ts'
import { draftFrom, emails, saveOwnConnection, sendDraft, writeCsv } from './job.ts'

/** Three identifiers a call: the vendor does to each call what its name says. */
const calls: readonly (readonly string[])[] = [
  emails(3),
  ['sandbox-502-before@example.com', ...emails(2, 'doubted')],
  ['sandbox-cut-before-recorded@example.com', ...emails(2, 'cut')],
  emails(3, 'sandbox-renamed'),
  ['sandbox-failed@example.com', ...emails(2, 'beside')],
  ['sandbox-account-owner-rejected@example.com', ...emails(2, 'rejected')],
]

/** The numbers of its batches, by what happened to them. */
export const troubledBatches = { answered: 2, cut: 3, renamed: 4, failed: 5, rejected: 6 } as const

/** Sends it and waits until nothing more happens by itself. */
export async function sendTroubled(
  app: App,
  sandbox: OwnSandbox,
  options: Readonly<{ name?: string; allBots?: boolean }> = {},
): Promise<Readonly<{ connection: Connection; request: RequestDetail }>> {
  const name = options.name ?? 'Troubled'
  const connection = await saveOwnConnection(app, sandbox, { identifiersPerCall: 3 })
  const file = await writeCsv(app, calls.flat(), `${name}.csv`)
  const draft = await draftFrom(app, { connectionId: connection.id, file, name })
  await app.call('updateDraft', {
    requestId: draft.id,
    ...(options.allBots === true ? { scope: { kind: 'all bots' } } : {}),
    caseFacts: { ...draft.caseFacts, receivedOn: '2026-11-12', reference: 'DSR-2291' },
  })
  const plan = await app.call('getPlan', { requestId: draft.id })
  await (options.allBots === true
    ? app.call('sendRequest', { requestId: draft.id, planDigest: plan.digest, typedCount: plan.identifiers })
    : sendDraft(app, draft.id))
  await app.untilRequestSettled(name)
  return { connection, request: await app.call('getRequest', { requestId: draft.id }) }
}
