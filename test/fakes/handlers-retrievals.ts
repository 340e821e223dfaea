/** Copies of people's data in the fake world: one in every state. */
import type { RetrievalId } from '../../src/shared/model/ids.ts'
import { retrievalStatusSchema, type RetrievalRow } from '../../src/shared/model/retrieval.ts'
import { fail } from '../../src/shared/failure.ts'
import type { Handlers } from './bridge.ts'

type RetrievalChannel =
  | 'listRetrievals'
  | 'askForRetrievals'
  | 'askRetrievalAgain'
  | 'leaveRetrieval'
  | 'checkRetrieval'
  | 'fetchRetrievalLink'
  | 'openRetrievalLink'
  | 'saveRetrieval'
  | 'cancelRetrievalSave'

const hour = 3_600_000

export function retrievalHandlers(): Pick<Handlers, RetrievalChannel> {
  const statuses = retrievalStatusSchema.options
  const rowAt = (index: number): RetrievalRow => {
    const now = Date.now()
    const status = statuses[index] ?? 'ready'
    return {
      id: (statuses.length - index) as RetrievalId,
      number: statuses.length - index,
      againOf: status === 'left' ? 1 : null,
      status,
      scope: { kind: 'choice', value: 'CCPA' },
      disclosure: 'Data',
      size: 500,
      vendorRequestId: status === 'queued' ? null : 'd2f6a8f0-6b43-4d0b-9c5b-0c6b1f1f3a10',
      askedAt: now - (index + 3) * hour,
      readyAt: status === 'ready' ? now - hour : null,
      lastAnswerAt: now - hour,
      nextPollAt: status === 'accepted' ? now + hour : null,
      vendorWords: status === 'failed' ? 'FAILURE' : null,
      note: status === 'outcome unknown' ? 'The connection was cut in the middle of the answer.' : null,
      linkExpiresAt: status === 'ready' ? now + 24 * hour : null,
      linkRefusedAt: null,
      used: null,
      saving: null,
    }
  }
  return {
    listRetrievals: ({ anchor, limit }) => {
      const start = 'index' in anchor ? anchor.index : 0
      const rows = statuses.map((_, index) => rowAt(index)).slice(start, start + limit)
      return { rows, start, total: statuses.length }
    },
    askForRetrievals: () => ({ copies: 1 }),
    askRetrievalAgain: () => ({}),
    leaveRetrieval: () => ({}),
    checkRetrieval: () => ({}),
    fetchRetrievalLink: () => ({
      token: '6f1c2f6e-4a1b-4f0a-9a53-1d8a7a0b2c11',
      host: 'storage.example',
      expiresAt: Date.now() + 24 * hour,
    }),
    openRetrievalLink: () => ({}),
    saveRetrieval: () => fail('cancelled', 'The fake saves nothing.'),
    cancelRetrievalSave: () => ({}),
  }
}
