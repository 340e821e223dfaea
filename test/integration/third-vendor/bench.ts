/** Fernhill's server, a desk that knows Fernhill beside the vendors of the app, and what an operator does there. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Vendors } from '../../../src/main/core/ports.ts'
import { vendors } from '../../../src/main/vendors/index.ts'
import type { Input } from '../../../src/shared/contract.ts'
import type { RequestId } from '../../../src/shared/model/ids.ts'
import { createMemorySecrets } from '../../support/engine.ts'
import { fernhill } from './fernhill/index.ts'
import { apiKey, startFernhill, workspace } from './fernhill-server.ts'
import { openWholeDesk } from './whole-desk.ts'

/** A list's first hundred rows. */
export const page = { anchor: { index: 0 }, limit: 100 } as const

export type ThirdVendorBench = Awaited<ReturnType<typeof openBench>>

/** Opens both over a new history. `close` takes everything away again. */
export async function openBench() {
  const base = mkdtempSync(path.join(tmpdir(), 'erasure-desk-third-vendor-'))
  const secrets = createMemorySecrets()
  const server = await startFernhill()
  const open = async (known: Vendors) => await openWholeDesk(path.join(base, 'history'), known, secrets)
  let desk = await open({ ...vendors, fernhill })

  /** What the form of a new connection sends. */
  const formOf = (more: Partial<Input<'saveConnection'>> = {}): Input<'saveConnection'> => ({
    vendor: 'fernhill',
    name: 'Fernhill, workspace 1',
    origin: server.origin,
    clientId: workspace,
    secret: apiKey,
    settings: {
      identifiersPerCall: 4,
      firstPollMilliseconds: 500,
      longestPollMilliseconds: 1000,
      own: { copies: 'drop', thorough: true },
    },
    ...more,
  })

  /** Puts a file with these lines into a draft; its columns are those that are guessed, or chosen. */
  const importLines = async (
    requestId: RequestId,
    lines: readonly string[],
    chosen?: Input<'startImport'>['roles'],
  ) => {
    const file = path.join(base, 'subjects.csv')
    writeFileSync(file, ['Fernhill subject,ticket', ...lines].join('\n'))
    const { token } = (await desk.drop(file)) ?? { token: '' }
    const { format, roles } = await desk.get('inspectFile', { token })
    const started = await desk.get('startImport', { requestId, token, format, roles: chosen ?? roles })
    return await desk.until(async () => {
      const summary = await desk.get('getImport', { importId: started.id })
      return summary.status === 'running' ? undefined : summary
    })
  }

  /** Sends a draft by the plan that is on screen. */
  const send = async (requestId: RequestId) => {
    const { digest, identifiers } = await desk.get('getPlan', { requestId })
    return await desk.get('sendRequest', { requestId, planDigest: digest, typedCount: identifiers })
  }

  /** The counts as soon as nothing goes on by itself any more. */
  const countsOnceSettled = async (requestId: RequestId) =>
    await desk.until(async () => {
      const { counts } = await desk.get('getRequest', { requestId })
      const { queued = 0, sending = 0, accepted = 0 } = counts
      return queued + sending + accepted === 0 ? counts : undefined
    })

  /** Decides about every identifier in a state; where identifiers leave again, by the plan on screen. */
  const decideAll = async (
    requestId: RequestId,
    state: Input<'decide'>['state'],
    decision: Input<'decide'>['decision'],
  ) => {
    const subject = { requestId, target: { all: true }, state, decision } as const
    const plan = decision === 'send again' ? await desk.get('getDecisionPlan', subject) : null
    const shown = plan === null ? {} : { planDigest: plan.digest, typedCount: plan.identifiers }
    return await desk.get('decide', { ...subject, reason: 'Decided in a test.', ...shown })
  }

  return {
    server,
    desk: () => desk,
    /** Closes the desk and opens the same history with other vendors known. */
    reopen: async (known: Vendors) => {
      await desk.close()
      desk = await open(known)
    },
    fileIn: (name: string) => path.join(base, name),
    formOf,
    importLines,
    send,
    countsOnceSettled,
    decideAll,
    close: async () => {
      await desk.close()
      await server.close()
      rmSync(base, { recursive: true, force: true })
    },
  }
}
