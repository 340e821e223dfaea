import { request } from 'node:http'
import { crc32, inflateRawSync } from 'node:zlib'
import { afterEach, describe, expect, it } from 'vitest'
import { checkRetrievalResponse } from '../../support/mixpanel-schema.ts'
import {
  callMixpanel,
  deletions,
  errorText,
  retrievals,
  startMixpanel,
  trackingIdOf,
  untilOver,
  untilStarted,
} from './mixpanel-support.ts'
import { call, type Bench } from './support.ts'

const open: Bench[] = []

async function bench(...choices: Parameters<typeof startMixpanel>): Promise<Bench> {
  const started = await startMixpanel(...choices)
  open.push(started)
  return started
}

afterEach(async () => {
  await Promise.all(open.splice(0).map(({ sandbox }) => sandbox.close()))
})

/** Asks for a retrieval that must be accepted; gives its tracking id. */
async function retrieve(vendor: Bench, body: object): Promise<string> {
  const answer = await callMixpanel(vendor, 'POST', retrievals, body)
  expect(answer.status).toBe(201)
  return trackingIdOf(answer)
}

type Results = Readonly<Record<string, unknown>>

/** The results of a status call; its answer must be one that the vendor's OpenAPI knows. */
async function resultsOf(vendor: Bench, trackingId: string): Promise<Results> {
  const answer = await callMixpanel(vendor, 'GET', `${retrievals}/${trackingId}`)
  expect(answer.status).toBe(200)
  return checkRetrievalResponse.parse(JSON.parse(answer.text)).results
}

/** The link of a retrieval that is over, in its usual place. */
async function readyLink(vendor: Bench, ...distinctIds: readonly string[]): Promise<string> {
  const trackingId = await retrieve(vendor, { distinct_ids: distinctIds })
  vendor.clock.advance(untilOver)
  return String((await resultsOf(vendor, trackingId))['results'])
}

/** Follows a link as any download does: without a token, byte for byte. */
function download(link: string): Promise<{ status: number; headers: Results; bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    const outgoing = request(link, { agent: false }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes: Buffer.concat(chunks) }),
      )
    })
    outgoing.on('error', reject)
    outgoing.end()
  })
}

/** The files of a ZIP archive by its own directory, each checked against its sum. */
function unzip(archive: Buffer): Readonly<Record<string, string>> {
  const end = archive.lastIndexOf(Buffer.from('PK\u0005\u0006'))
  let at = archive.readUInt32LE(end + 16)
  const files: [string, string][] = []
  for (let count = 0; count < archive.readUInt16LE(end + 10); count += 1) {
    const nameLength = archive.readUInt16LE(at + 28)
    const name = archive.toString('utf8', at + 46, at + 46 + nameLength)
    const local = archive.readUInt32LE(at + 42)
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
    const content = inflateRawSync(archive.subarray(start, start + archive.readUInt32LE(at + 20)))
    expect(crc32(content)).toBe(archive.readUInt32LE(at + 16))
    expect(content).toHaveLength(archive.readUInt32LE(at + 24))
    files.push([name, content.toString('utf8')])
    at += 46 + nameLength + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32)
  }
  return Object.fromEntries(files)
}

const linesOf = (text: string | undefined) =>
  (text ?? '')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as unknown)

describe('a retrieval', () => {
  it('goes through every state, and has a link only when it is over', async () => {
    const vendor = await bench()
    const trackingId = await retrieve(vendor, { distinct_ids: ['ana'] })
    const seen: Results[] = []
    for (const wait of [0, untilStarted - 1, 1, untilOver - untilStarted]) {
      vendor.clock.advance(wait)
      seen.push(await resultsOf(vendor, trackingId))
    }
    expect(seen).toEqual([
      { status: 'PENDING', results: '', distinct_ids: ['ana'] },
      { status: 'STAGING', results: '', distinct_ids: ['ana'] },
      { status: 'STARTED', results: '', distinct_ids: ['ana'] },
      { status: 'SUCCESS', results: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\//), distinct_ids: ['ana'] },
    ])
    expect(vendor.sandbox.tasks()).toMatchObject([{ kind: 'retrieval', status: 'SUCCESS', erasedIds: [] }])
  })

  it('takes a disclosure type for CCPA alone', async () => {
    const vendor = await bench()
    const asked = (body: object) => callMixpanel(vendor, 'POST', retrievals, { distinct_ids: ['ana'], ...body })
    for (const disclosure_type of ['Data', 'Categories', 'Sources'])
      expect((await asked({ compliance_type: 'CCPA', disclosure_type })).status).toBe(201)
    expect((await asked({ compliance_type: 'CCPA' })).status).toBe(201)
    for (const wrong of [
      { compliance_type: 'CCPA', disclosure_type: 'data' },
      { compliance_type: 'GDPR', disclosure_type: 'Data' },
    ])
      expect(await asked(wrong)).toMatchObject({ status: 400, text: errorText('Bad Request: invalid arguments') })
    expect(vendor.sandbox.ledger().map(({ disclosureType }) => disclosureType)).toEqual([
      'Data',
      'Categories',
      'Sources',
      'Data',
      null,
      null,
    ])
  })

  it('is no deletion', async () => {
    const vendor = await bench()
    const trackingId = await retrieve(vendor, { distinct_ids: ['ana'] })
    const asked = await callMixpanel(vendor, 'GET', `${deletions}/${trackingId}`)
    expect(JSON.parse(asked.text)).toMatchObject({ results: { status: 'NOT_FOUND' } })
  })

  it.each([
    ['failure', 'FAILURE'],
    ['not-found', 'NOT_FOUND'],
    ['revoked', 'REVOKED'],
  ])('with sandbox-%s ends %s and has no link', async (name, status) => {
    const vendor = await bench()
    const trackingId = await retrieve(vendor, { distinct_ids: [`sandbox-${name}`] })
    vendor.clock.advance(untilOver)
    expect(await resultsOf(vendor, trackingId)).toMatchObject({ status, results: '' })
  })

  it.each([
    ['500-before', false],
    ['500-after', true],
  ])('with sandbox-%s is answered with 500, once, apart from any deletion', async (name, tookEffect) => {
    const vendor = await bench()
    const body = { distinct_ids: [`sandbox-${name}`] }
    expect((await callMixpanel(vendor, 'POST', deletions, body)).status).toBe(500)
    expect((await callMixpanel(vendor, 'POST', retrievals, body)).status).toBe(500)
    expect(vendor.sandbox.ledger()[1]).toMatchObject({ call: 'retrieve', verdict: 'fault', tookEffect })
    expect((await callMixpanel(vendor, 'POST', retrievals, body)).status).toBe(201)
  })
})

describe('the place of the link', () => {
  it.each([
    ['results', ''],
    ['result', ''],
    ['destination_url', null],
  ] as const)('is %s where told to, by configuration or by id', async (linkAt, before) => {
    const configured = await bench({ retrieval: { linkAt } })
    const other = linkAt === 'results' ? 'result' : 'results'
    const byId = await bench({ retrieval: { linkAt: other } })
    for (const [vendor, id] of [
      [configured, 'ana'],
      [byId, `sandbox-link-in-${linkAt.replace('_', '-')}`],
    ] as const) {
      const trackingId = await retrieve(vendor, { distinct_ids: [id] })
      const early = await resultsOf(vendor, trackingId)
      expect(early).toMatchObject({ status: 'PENDING', [linkAt]: before })
      expect(['results', 'result', 'destination_url'].filter((place) => place in early)).toEqual([linkAt])
      vendor.clock.advance(untilOver)
      expect((await resultsOf(vendor, trackingId))[linkAt]).toMatch(/^http:/)
    }
  })
})

describe('the file', () => {
  it('is an archive of JSON lines to save, for whoever has the link', async () => {
    const vendor = await bench()
    const file = await download(await readyLink(vendor, 'ana', 'u-77'))
    expect(file.status).toBe(200)
    expect(file.headers).toMatchObject({
      'content-type': 'application/zip',
      'content-length': `${file.bytes.length}`,
      'content-disposition': expect.stringMatching(/^attachment; filename="mixpanel-retrieval-[0-9a-f-]{36}\.zip"$/),
    })
    const files = unzip(file.bytes)
    expect(Object.keys(files)).toEqual(['events.jsonl', 'profiles.jsonl'])
    expect(linesOf(files['profiles.jsonl'])).toMatchObject([{ $distinct_id: 'ana' }, { $distinct_id: 'u-77' }])
    expect(linesOf(files['events.jsonl'])).toHaveLength(4)
    expect(vendor.sandbox.ledger().at(-1)).toMatchObject({
      vendor: 'mixpanel',
      call: 'download',
      verdict: 'accepted',
      status: 200,
    })
  })

  it.each([
    ['Categories', 'categories.jsonl'],
    ['Sources', 'sources.jsonl'],
  ])('holds %s where that was asked for', async (disclosure_type, name) => {
    const vendor = await bench()
    const trackingId = await retrieve(vendor, { distinct_ids: ['ana'], compliance_type: 'CCPA', disclosure_type })
    vendor.clock.advance(untilOver)
    const { results } = await resultsOf(vendor, trackingId)
    expect(Object.keys(unzip((await download(String(results))).bytes))).toEqual([name])
  })

  it('has a link that expires', async () => {
    const vendor = await bench({ retrieval: { linkMilliseconds: 1_000 } })
    const link = await readyLink(vendor, 'ana')
    vendor.clock.advance(999)
    expect((await download(link)).status).toBe(200)
    vendor.clock.advance(1)
    expect((await download(link)).status).toBe(403)
    expect(vendor.sandbox.ledger().at(-1)).toMatchObject({ call: 'download', verdict: 'link-refused' })
  })

  it('is gone after a week, with 404 where told to', async () => {
    const vendor = await bench({ retrieval: { expiredStatus: 404 } })
    const link = await readyLink(vendor, 'ana')
    vendor.clock.advance(7 * 86_400_000)
    expect((await download(link)).status).toBe(404)
  })

  it('has expired at once with sandbox-link-expired', async () => {
    const vendor = await bench()
    expect((await download(await readyLink(vendor, 'sandbox-link-expired'))).status).toBe(403)
  })

  it('is not given under a wrong signature, of nobody’s task, of a deletion, or before the task is over', async () => {
    const vendor = await bench()
    const { origin } = vendor.sandbox.ready
    const link = await readyLink(vendor, 'ana')
    expect((await download(link.replace(/signature=.*/, 'signature=wrong'))).status).toBe(403)
    expect((await download(link.replace(/\?.*/, ''))).status).toBe(403)
    expect((await download(`${origin}/mixpanel-exports/nobody.zip?signature=a`)).status).toBe(404)
    const deletion = trackingIdOf(await callMixpanel(vendor, 'POST', deletions, { distinct_ids: ['ana'] }))
    const early = await retrieve(vendor, { distinct_ids: ['ana'] })
    for (const trackingId of [deletion, early])
      expect((await download(`${origin}/mixpanel-exports/${trackingId}.zip?signature=a`)).status).toBe(404)
    expect((await call(origin, 'POST', new URL(link).pathname)).status).toBe(405)
  })

  it('has no place in the limit', async () => {
    const vendor = await bench({ accounts: [{ oauthToken: 'own', projects: [{ projectToken: 'own' }] }] })
    const choices = { bearer: 'Bearer own', token: 'own' }
    const answer = await callMixpanel(vendor, 'POST', retrievals, { distinct_ids: ['ana'] }, choices)
    vendor.clock.advance(untilOver)
    const told = await callMixpanel(vendor, 'GET', `${retrievals}/${trackingIdOf(answer)}`, undefined, choices)
    const { results } = checkRetrievalResponse.parse(JSON.parse(told.text))
    expect((await download(String(results.results))).status).toBe(200)
    expect((await callMixpanel(vendor, 'POST', retrievals, { distinct_ids: ['ana'] }, choices)).status).toBe(429)
  })
})
