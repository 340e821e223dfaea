import { describe, expect, it } from 'vitest'
import { inProgressStyles, resolveConfig, type SandboxConfigInput } from '../../../src/sandbox/config.ts'
import { settledAt, statusAnswer, vendorUserId, type Erasure } from '../../../src/sandbox/kore/erasure.ts'
import { systemRandom } from '../../../src/sandbox/ports.ts'

const recordedAt = Date.UTC(2026, 10, 23, 9, 0, 0)

function erasureOf(entries: Erasure['entries'], ordinal = 0): Erasure {
  return { requestId: 'eud-1', accountId: 'account', recordedAt, ordinal, entries, removeDataFromAllBots: false }
}

const configOf = (input: SandboxConfigInput = {}) => resolveConfig(input, systemRandom)
const after = (milliseconds: number) => recordedAt + milliseconds

describe('status of an erasure', () => {
  it('has the documented shape when it is finished', () => {
    const answer = statusAnswer(erasureOf(['a@example.com', 'u-2']), 0, after(60_000), configOf())
    expect(answer).toEqual({
      _id: 'eud-1',
      createdOn: '2026-11-23T09:00:00.000Z',
      lastUpdatedOn: '2026-11-23T09:00:01.540Z',
      RemoveDataFromAllBots: false,
      response: [
        { userId: 'a@example.com', status: 'SUCCESS' },
        { userId: 'u-2', status: 'SUCCESS' },
      ],
    })
  })

  it('looks different in every style while it is under way, and never like a finished one', () => {
    const config = configOf({ processing: { batchMilliseconds: 1_000, perIdentifierMilliseconds: 100 } })
    const looks = inProgressStyles.map((_, ordinal) =>
      statusAnswer(erasureOf(['one', 'two'], ordinal), 0, after(1_100), config),
    )
    const one = { userId: 'one', status: 'SUCCESS' }
    const expected: Record<(typeof inProgressStyles)[number], unknown> = {
      'response-empty': [],
      'response-missing': undefined,
      'response-null': null,
      'status-missing': [one, { userId: 'two' }],
      'status-empty': [one, { userId: 'two', status: '' }],
      'status-in-progress': [one, { userId: 'two', status: 'IN_PROGRESS' }],
      'status-pending': [one, { userId: 'two', status: 'PENDING' }],
      'partial-list': [one],
    }
    expect(looks.map(({ response }) => response)).toEqual(Object.values(expected))
    expect('response' in looks[1]!).toBe(false)
  })

  it('keeps its style for life, or takes the next with every answer', () => {
    const styles = { inProgress: ['response-empty', 'response-null'] } as const
    const lasting = configOf({ processing: { ...styles, inProgress: [...styles.inProgress] } })
    const changing = configOf({
      processing: { inProgress: [...styles.inProgress], inProgressChosen: 'per-answer' },
    })
    const looks = (config: typeof lasting) =>
      [0, 1, 2].map((asked) => statusAnswer(erasureOf(['one']), asked, after(0), config).response)
    expect(looks(lasting)).toEqual([[], [], []])
    expect(looks(changing)).toEqual([[], null, []])
  })

  it('never takes a name back, whatever the style', () => {
    for (const style of inProgressStyles) {
      const config = configOf({ processing: { inProgress: [style] } })
      let known = 0
      for (let time = 0; time <= 4_000; time += 50) {
        const { response } = statusAnswer(erasureOf(['one', 'two', 'three']), 0, after(time), config)
        const finished = (response ?? []).filter((entry) => entry.status === 'SUCCESS').length
        expect(finished).toBeGreaterThanOrEqual(known)
        known = finished
      }
      expect(known).toBe(3)
    }
  })

  it('names the late one only after all others were done for a while, and shows nothing of it before', () => {
    const config = configOf({ processing: { inProgress: ['status-pending'], lateMilliseconds: 30_000 } })
    const erasure = erasureOf(['one', 'sandbox-late@example.com'])
    const settled = settledAt(erasure, config.processing)
    const namedAt = (now: number) => (statusAnswer(erasure, 0, now, config).response ?? []).map(({ userId }) => userId)
    expect(namedAt(recordedAt)).toEqual(['one'])
    expect(namedAt(settled)).toEqual(['one'])
    expect(namedAt(settled + 29_999)).toEqual(['one'])
    expect(namedAt(settled + 30_000)).toEqual(['one', 'sandbox-late@example.com'])
  })

  it('names an entry sent twice once', () => {
    expect(statusAnswer(erasureOf(['one', 'one']), 0, after(60_000), configOf()).response).toHaveLength(1)
  })

  it.each([
    ['channel-user-id', '4912'],
    ['slash', 'whatsapp/4912'],
    ['as-sent', { channel_id: 'whatsapp', channel_user_id: '4912' }],
  ] as const)('names a channel pair by %s', (pairNaming, userId) => {
    const erasure = erasureOf([{ channel_id: 'whatsapp', channel_user_id: '4912' }])
    expect(statusAnswer(erasure, 0, after(60_000), configOf({ pairNaming })).response).toEqual([
      { userId, status: 'SUCCESS' },
    ])
  })

  it('knows one user by one u- id, whatever the letter case of the email', () => {
    expect(vendorUserId('Ana@Example.com')).toBe(vendorUserId('ana@example.com'))
    expect(vendorUserId('ana@example.com')).toMatch(
      /^u-[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    )
    expect(vendorUserId({ channel_id: 'a', channel_user_id: 'b' })).not.toBe(vendorUserId('ab'))
  })
})
