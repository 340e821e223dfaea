import { afterEach, describe, expect, it } from 'vitest'
import {
  createdExamples,
  deletionStatusExamples,
  errorExamples,
  retrievalStatusExamples,
  type Example,
} from '../../support/mixpanel-examples.ts'
import {
  checkDeletionResponse,
  checkRetrievalResponse,
  errorResponse,
  jobCreated,
  taskStatuses,
} from '../../support/mixpanel-schema.ts'
import {
  account,
  askDeletion,
  callMixpanel,
  cancel,
  deletionOf,
  deletions,
  remove,
  removeAccepted,
  retrievals,
  startMixpanel,
  trackingIdOf,
  untilOver,
  untilStarted,
} from './mixpanel-support.ts'
import type { Bench, RawAnswer } from './support.ts'

const open: Bench[] = []

async function bench(...choices: Parameters<typeof startMixpanel>): Promise<Bench> {
  const started = await startMixpanel(...choices)
  open.push(started)
  return started
}

afterEach(async () => {
  await Promise.all(open.splice(0).map(({ sandbox }) => sandbox.close()))
})

/** What is where in a value, without the values: names in the order of the alphabet, and the kind of each leaf. */
function shapeOf(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? [] : [shapeOf(value[0])]
  if (typeof value !== 'object' || value === null) return value === null ? 'null' : typeof value
  const entries = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1))
  return Object.fromEntries(entries.map(([name, part]) => [name, shapeOf(part)]))
}

const shapeOfText = (text: string) => shapeOf(JSON.parse(text))

function exampleOf<Meaning>(examples: readonly Example<Meaning>[], name: string): Example<Meaning> {
  const found = examples.find((example) => example.name === name)
  if (found === undefined) throw new Error(`There is no example "${name}".`)
  return found
}

describe('the schema made from the OpenAPI', () => {
  const documented = <Meaning>(examples: readonly Example<Meaning>[]) =>
    examples.filter(({ source }) => source === 'OpenAPI').map(({ name, body }) => ({ name, body }))

  it.each([
    ...documented(createdExamples).map((example) => ({ ...example, schema: jobCreated })),
    ...documented(deletionStatusExamples).map((example) => ({ ...example, schema: checkDeletionResponse })),
    ...documented(retrievalStatusExamples).map((example) => ({ ...example, schema: checkRetrievalResponse })),
    ...documented(errorExamples).map((example) => ({ ...example, schema: errorResponse })),
  ])('takes the documented answer: $name', ({ body, schema }) => {
    expect(schema.safeParse(JSON.parse(body))).toMatchObject({ success: true })
  })

  it('refuses a status without a field it demands, with one it does not know, or of another kind', () => {
    const { body } = exampleOf(deletionStatusExamples, 'SUCCESS with every field')
    const answer = JSON.parse(body) as { status: string; results: Record<string, unknown> }
    for (const name of Object.keys(answer.results)) {
      const { [name]: _, ...without } = answer.results
      expect(checkDeletionResponse.safeParse({ ...answer, results: without }).success).toBe(false)
    }
    const wrong = [{ result: '' }, { status: 'DONE' }, { project_id: '1978118' }, { distinct_ids: 'distinct_id_1' }]
    for (const change of wrong) {
      const changed = { ...answer, results: { ...answer.results, ...change } }
      expect(checkDeletionResponse.safeParse(changed).success).toBe(false)
    }
    expect(checkDeletionResponse.safeParse({ ...answer, more: true }).success).toBe(false)
  })
})

describe('every status answer of a deletion', () => {
  /** How each status comes about. */
  const ways: Readonly<Record<(typeof taskStatuses)[number], { id: string; wait: number; cancels?: true }>> = {
    PENDING: { id: 'a', wait: 0 },
    STAGING: { id: 'a', wait: untilStarted - 1 },
    STARTED: { id: 'a', wait: untilStarted },
    SUCCESS: { id: 'a', wait: untilOver },
    FAILURE: { id: 'sandbox-failure', wait: untilOver },
    REVOKED: { id: 'a', wait: 0, cancels: true },
    NOT_FOUND: { id: 'sandbox-not-found', wait: untilOver },
    UNKNOWN: { id: 'sandbox-unknown', wait: 0 },
  }

  it.each(taskStatuses)('is what the OpenAPI says: %s', async (status) => {
    const { id, wait, cancels } = ways[status]
    for (const complianceTypeCase of ['as-sent', 'lower'] as const)
      for (const idForm of ['uuid', 'digits', 'number'] as const) {
        const vendor = await bench({ complianceTypeCase, idForm })
        const trackingId = trackingIdOf(await remove(vendor, [id]))
        if (cancels === true) await cancel(vendor, trackingId)
        vendor.clock.advance(wait)
        const answer = await askDeletion(vendor, trackingId)
        const parsed = checkDeletionResponse.parse(JSON.parse(answer.text))
        expect(parsed).toMatchObject({ status: 'ok', results: { status, tracking_id: trackingId } })
      }
  })

  it.each(['SUCCESS', 'PENDING'] as const)('looks like its example: %s', async (status) => {
    const whole = await bench()
    const short = await bench({ statusAnswer: 'short' })
    for (const [vendor, form] of [
      [whole, 'with every field'],
      [short, 'in short'],
    ] as const) {
      const trackingId = await removeAccepted(vendor, 'a', 'b')
      vendor.clock.advance(ways[status].wait)
      const { text } = await askDeletion(vendor, trackingId)
      expect(shapeOfText(text)).toEqual(shapeOfText(exampleOf(deletionStatusExamples, `${status} ${form}`).body))
    }
  })
})

describe('the answer to a new task', () => {
  const forms = { uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/, digits: /^\d{19}$/, number: /^\d{15}$/ }

  it.each([
    ['object', 'uuid', 'an object with a UUID as task_id'],
    ['object', 'digits', 'an object with task_id'],
    ['object', 'number', 'an object with a number as task_id'],
    ['array', 'uuid', 'a list with a UUID as tracking_id'],
    ['array', 'digits', 'a list with a number in text as tracking_id'],
    ['array', 'number', 'a list with a number as tracking_id'],
  ] as const)('looks like its example: %s, %s; and its id leads to the task', async (createAnswer, idForm, name) => {
    const vendor = await bench({ createAnswer, idForm })
    const example = exampleOf(createdExamples, name)
    for (const path of [deletions, retrievals]) {
      const answer = await callMixpanel(vendor, 'POST', path, { distinct_ids: ['a'] })
      expect(answer.status).toBe(example.httpStatus)
      expect(shapeOfText(answer.text)).toEqual(shapeOfText(example.body))
    }
    const { trackingId } = vendor.sandbox.tasks()[0] ?? { trackingId: '' }
    expect(trackingId).toMatch(forms[idForm])
    expect(await deletionOf(vendor, trackingId)).toMatchObject({ tracking_id: trackingId, distinct_ids: ['a'] })
  })

  it.each(['uuid', 'digits'] as const)('is what the OpenAPI says: an object, %s', async (idForm) => {
    const vendor = await bench({ createAnswer: 'object', idForm })
    const { results } = jobCreated.parse(JSON.parse((await remove(vendor, ['a'])).text))
    expect(results.task_id).toBe(vendor.sandbox.tasks()[0]?.trackingId)
  })

  it('as a number is one that JSON can carry', async () => {
    const vendor = await bench({ createAnswer: 'object', idForm: 'number' })
    const { results } = JSON.parse((await remove(vendor, ['a'])).text) as { readonly results: { task_id: number } }
    expect(Number.isSafeInteger(results.task_id)).toBe(true)
    expect(`${results.task_id}`).toBe(vendor.sandbox.tasks()[0]?.trackingId)
  })
})

describe('the status answer of a retrieval', () => {
  it.each([
    ['results', 'in results.results'],
    ['result', 'in results.result'],
    ['destination_url', 'in destination_url'],
  ] as const)('looks like its example: %s', async (linkAt, place) => {
    const vendor = await bench({ retrieval: { linkAt } })
    const created = await callMixpanel(vendor, 'POST', retrievals, { distinct_ids: ['a', 'b'] })
    const ask = () => callMixpanel(vendor, 'GET', `${retrievals}/${trackingIdOf(created)}`)
    const early = await ask()
    vendor.clock.advance(untilOver)
    const late = await ask()
    for (const [{ text }, name] of [
      [early, `no link yet ${place}`],
      [late, `link ${place}`],
    ] as const) {
      checkRetrievalResponse.parse(JSON.parse(text))
      expect(shapeOfText(text)).toEqual(shapeOfText(exampleOf(retrievalStatusExamples, name).body))
    }
  })
})

describe('a refusal', () => {
  it('looks like its example', async () => {
    const vendor = await bench({ accounts: [account({ windows: [{ milliseconds: 1_000, calls: 1 }] })] })
    const ways: readonly [string, () => Promise<RawAnswer>][] = [
      ['unauthorized', () => remove(vendor, ['a'], { bearer: null })],
      ['forbidden', () => remove(vendor, ['a'], { token: 'nobody' })],
      ['invalid arguments', () => remove(vendor, [])],
      ['ids in running tasks', () => remove(vendor, ['sandbox-in-running-task'])],
    ]
    for (const [name, way] of ways) {
      vendor.clock.advance(1_000)
      const [answer, example] = [await way(), exampleOf(errorExamples, name)]
      expect(answer.status).toBe(example.httpStatus)
      expect(shapeOfText(answer.text)).toEqual(shapeOfText(example.body))
    }
    const over = await remove(vendor, ['a'])
    const example = exampleOf(errorExamples, 'over the limit')
    expect({ status: over.status, text: over.text }).toEqual({ status: example.httpStatus, text: example.body })
  })

  it('of a call that comes too late looks like its example', async () => {
    const vendor = await bench()
    const trackingId = await removeAccepted(vendor, 'a')
    vendor.clock.advance(untilOver)
    const [answer, example] = [await cancel(vendor, trackingId), exampleOf(errorExamples, 'too late to cancel')]
    expect(answer.status).toBe(example.httpStatus)
    expect(shapeOfText(answer.text)).toEqual(shapeOfText(example.body))
  })
})
