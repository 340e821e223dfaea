import { expect, test } from 'vitest'
import { compareLedgerWithCopies, type JudgedCopy, type SeenCopyCall } from '../../../support/chaos/copies-judge.ts'

function call(sequence: number, changed: Partial<SeenCopyCall> = {}): SeenCopyCall {
  return {
    sequence,
    call: 'retrieve',
    jti: `jti-${sequence}`,
    verdict: 'accepted',
    tookEffect: true,
    requestId: 'task-1',
    identifiers: ['anna', 'ben'],
    ended: 'answered',
    taskStatus: null,
    ...changed,
  }
}

const asked = { jti: 'jti-1', kind: 'retrieve', ending: 'accepted' } as const
const status = call(2, { call: 'retrieval-status', tookEffect: false, identifiers: [], taskStatus: 'SUCCESS' })
/** Asked for once, asked about once, ready. */
const sound: JudgedCopy = {
  id: 1,
  status: 'ready',
  vendorRequestId: 'task-1',
  isAgain: false,
  wasAskedAgain: false,
  names: ['anna', 'ben'],
  attempts: [asked, { jti: 'jti-2', kind: 'retrieval status', ending: 'answered' }],
}

test('a copy that the ledger bears out is not faulted, nor is one in doubt', () => {
  expect(compareLedgerWithCopies([sound], [call(1), status], 'finished')).toEqual([])
  const doubt = { ...sound, status: 'outcome unknown', vendorRequestId: null } as const
  const attempts = [{ ...asked, ending: 'outcome unknown' }] as const
  for (const ledger of [
    [],
    [call(1, { ended: 'client-gone' })],
    [call(1, { verdict: 'receiving', tookEffect: false })],
  ])
    expect(compareLedgerWithCopies([{ ...doubt, attempts }], ledger, 'finished')).toEqual([])
  const left = { ...doubt, status: 'left', wasAskedAgain: true, attempts } as const
  const again = { ...sound, id: 2, isAgain: true, vendorRequestId: 'task-3', attempts: [{ ...asked, jti: 'jti-3' }] }
  const twice = [
    call(1, { ended: 'client-gone' }),
    call(3, { requestId: 'task-3' }),
    { ...status, requestId: 'task-3' },
  ]
  expect(compareLedgerWithCopies([left, again], twice, 'finished')).toEqual([])
})

test.each<[string, Partial<JudgedCopy>, readonly SeenCopyCall[], RegExp]>([
  [
    'two calls that arrived',
    { attempts: [asked, { ...asked, jti: 'jti-3' }] },
    [call(1), call(3)],
    /asked for 2 times/,
  ],
  ['two tries in doubt', { attempts: [asked, { ...asked, jti: 'jti-3', ending: null }] }, [call(1)], /in doubt/],
  ['others than it is of', { names: ['anna'] }, [call(1)], /asked for others/],
  ['waiting, though it may have arrived', { status: 'queued' }, [call(1)], /claims too much: queued/],
  ['waiting for ever', { status: 'queued' }, [], /is lost/],
  [
    'accepted under another id',
    { status: 'accepted', vendorRequestId: 'task-9' },
    [call(1)],
    /claims too much: accepted/,
  ],
  ['ready, though nobody said so', { vendorRequestId: 'task-1' }, [call(1)], /claims too much: ready/],
  ['failed, though nobody said so', { status: 'failed' }, [call(1)], /claims too much: failed/],
  ['left, though nobody chose that', { status: 'left' }, [call(1)], /claims too much: left/],
  [
    'made twice for one ask',
    {},
    [call(1), status, call(5, { jti: 'stray', requestId: 'task-5' })],
    /anna was copied 2/,
  ],
])('is faulted: %s', (_, changed, ledger, words) => {
  expect(compareLedgerWithCopies([{ ...sound, ...changed }], ledger, 'finished').join('\n')).toMatch(words)
})
