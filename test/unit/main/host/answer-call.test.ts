import { expect, test } from 'vitest'
import { contract } from '../../../../src/shared/contract.ts'
import { fail, succeed } from '../../../../src/shared/failure.ts'
import { answerCall } from '../../../../src/main/host/answer-call.ts'

function createLog() {
  const lines: string[] = []
  const write = (event: string, facts = {}) => lines.push(`${event} ${JSON.stringify(facts)}`)
  return { lines, log: { info: write, problem: write } }
}

test('hands the handler the parsed input, defaults filled in', async () => {
  const { log } = createLog()
  const answer = await answerCall(
    contract.listConnections,
    async (input) => {
      expect(input).toEqual({ retired: false })
      return succeed([])
    },
    {},
    { channel: 'listConnections', log },
  )
  expect(answer).toEqual({ ok: true, value: [] })
})

test.each([undefined, null, 'text', [], { requestId: '1' }, { requestId: 0 }, { requestId: 1.5 }, {}])(
  'refuses %j without calling the handler',
  async (input) => {
    const { log, lines } = createLog()
    const answer = await answerCall(
      contract.getRequest,
      async () => {
        throw new Error('called')
      },
      input,
      { channel: 'getRequest', log },
    )
    expect(answer).toMatchObject({ ok: false, failure: { code: 'invalid-input' } })
    expect(lines.join()).toContain('call-input-refused')
  },
)

test('lets out only what the contract names', async () => {
  const { log } = createLog()
  const account = { id: 1, vendor: 'kore', name: 'Main', environment: 'production', secretReference: 'connection-1' }
  const answer = await answerCall(
    contract.listAccounts,
    async () => succeed([account]),
    {},
    { channel: 'listAccounts', log },
  )
  expect(answer).toEqual({ ok: true, value: [{ id: 1, vendor: 'kore', name: 'Main', environment: 'production' }] })
})

test('turns an answer that breaks the contract into an internal failure', async () => {
  const { log, lines } = createLog()
  const answer = await answerCall(
    contract.listAccounts,
    async () => succeed([{ id: -1 }]),
    {},
    { channel: 'listAccounts', log },
  )
  expect(answer).toMatchObject({ ok: false, failure: { code: 'internal' } })
  expect(lines.join()).toContain('call-output-refused')
})

test('hides what an exception says from page and log alike', async () => {
  const { log, lines } = createLog()
  const answer = await answerCall(
    contract.getOverview,
    async () => {
      throw new RangeError('jane.doe@example.com is too long')
    },
    {},
    { channel: 'getOverview', log },
  )
  expect(answer).toMatchObject({ ok: false, failure: { code: 'internal', retryable: true } })
  expect(JSON.stringify([answer, lines])).not.toContain('jane.doe')
  expect(lines[0]).toMatch(/call-failed .*"kind":"RangeError".*"place":"answer-call\.test\.ts:\d+"/)
})

test('passes a failure on in its own words', async () => {
  const { log } = createLog()
  const failed = fail('not-found', 'There is no such request.', { kept: 'Nothing was changed.' })
  expect(await answerCall(contract.getOverview, async () => failed, {}, { channel: 'getOverview', log })).toEqual(
    failed,
  )
})
