/** A copy's file: its link asked for, checked and held; then saved whole, or not at all, with words for why. */
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { systemClock, systemRandom } from '../../../src/main/adapters/clock/clock.ts'
import { createDownloads } from '../../../src/main/adapters/http/download.ts'
import { createGuards } from '../../../src/main/core/app/guards.ts'
import type { Desk } from '../../../src/main/core/app/desk.ts'
import { fetchLink, type FetchLinkParts } from '../../../src/main/core/retrievals/fetch-link.ts'
import { createRetrievalHandlers } from '../../../src/main/core/retrievals/handlers.ts'
import type { DownloadReport, Http } from '../../../src/main/core/ports.ts'
import { vendors } from '../../../src/main/vendors/index.ts'
import type { RequestId } from '../../../src/shared/model/ids.ts'
import type { RetrievalRow } from '../../../src/shared/model/retrieval.ts'
import { engineParts, must, runEngine, type RunningEngine } from '../../support/engine.ts'
import {
  copiesOf,
  eventsOf,
  everythingKept,
  judge,
  startCopyBench,
  type CopyBench,
  type CopyChoices,
} from './support.ts'

const benches: CopyBench[] = []
const engines: RunningEngine[] = []
const servers: Server[] = []
const folders: string[] = []

afterEach(async () => {
  await Promise.all(engines.splice(0).map((engine) => engine.end()))
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
  const ended = benches.splice(0)
  try {
    for (const each of ended) judge(each)
  } finally {
    await Promise.all(ended.map((each) => each.remove()))
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
  }
})

function folderOfTest(): string {
  const folder = mkdtempSync(join(tmpdir(), 'erasure-desk-copies-'))
  folders.push(folder)
  return folder
}

const network = { clock: systemClock, online: () => true, resolveProxy: async () => 'DIRECT', certificates: null }
const downloads = createDownloads(network)

// ---------------------------------------------------------------- the port

async function hostThat(answer: RequestListener): Promise<string> {
  const server = createServer(answer)
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/export.zip?signature=secret`
}

async function saveFrom(
  url: string,
  file: string,
  onProgress: (bytes: number, total: number | null) => void = () => {},
  signal = new AbortController().signal,
): Promise<DownloadReport> {
  return await downloads.save({ url, file, signal, onProgress })
}

test('a file is saved whole, with its sum, and no credential goes to its host', async () => {
  const content = Buffer.alloc(3_000_000, 'people')
  let asked: unknown = null
  const url = await hostThat((request, response) => {
    asked = request.headers
    response.writeHead(200, { 'content-length': content.length }).end(content)
  })
  const file = join(folderOfTest(), 'people.zip')
  writeFileSync(file, 'an earlier one')
  const seen: (readonly [number, number | null])[] = []
  expect(await saveFrom(url, file, (bytes, total) => seen.push([bytes, total]))).toEqual({
    kind: 'saved',
    bytes: content.length,
    sha256: createHash('sha256').update(content).digest('hex'),
  })
  expect(readFileSync(file).equals(content)).toBe(true)
  expect(readdirSync(join(file, '..'))).toEqual(['people.zip'])
  expect(seen[0]).toEqual([0, content.length])
  expect(seen.at(-1)).toEqual([content.length, content.length])
  expect(Object.keys(asked as object).toSorted()).toEqual(['accept', 'accept-encoding', 'connection', 'host'])
})

test.each<[string, RequestListener, Partial<DownloadReport>]>([
  ['404', (_, response) => response.writeHead(404).end('gone'), { kind: 'refused', httpStatus: 404 }],
  ['500', (_, response) => response.writeHead(500).end(), { kind: 'refused', httpStatus: 500 }],
  [
    'cut in the middle',
    (_, response) => {
      response.writeHead(200, { 'content-length': 1000 })
      response.write('half', () => response.destroy())
    },
    { kind: 'trouble' },
  ],
  [
    'cut in the middle of a file without a length',
    (_, response) => {
      response.writeHead(200, { 'transfer-encoding': 'chunked' })
      response.write('half', () => response.destroy())
    },
    { kind: 'trouble' },
  ],
  ['no answer', (request) => request.socket.destroy(), { kind: 'trouble' }],
  [
    'sent on to another scheme',
    (_, response) => response.writeHead(302, { location: 'file:///etc/hostname' }).end(),
    { kind: 'led elsewhere' },
  ],
  [
    'sent on to another host',
    (_, response) => response.writeHead(302, { location: 'http://127.0.0.2:9/x' }).end(),
    { kind: 'led elsewhere' },
  ],
  [
    'sent round in a circle',
    (_, response) => response.writeHead(302, { location: '/export.zip' }).end(),
    { kind: 'led elsewhere' },
  ],
])(
  'of a file that is answered with: %s, nothing is left, and what was there before stays',
  async (_, answer, report) => {
    const url = await hostThat(answer)
    const file = join(folderOfTest(), 'people.zip')
    writeFileSync(file, 'an earlier one')
    const saved = await saveFrom(url, file)
    expect(saved).toMatchObject(report)
    expect(JSON.stringify(saved)).not.toContain('signature')
    expect(readdirSync(join(file, '..'))).toEqual(['people.zip'])
    expect(readFileSync(file, 'utf8')).toBe('an earlier one')
  },
)

test('a redirect within the same host is followed', async () => {
  const url = await hostThat((request, response) => {
    if (request.url?.startsWith('/export.zip') === true) response.writeHead(307, { location: '/real' }).end()
    else response.end('whole')
  })
  const file = join(folderOfTest(), 'people.zip')
  expect(await saveFrom(url, file)).toMatchObject({ kind: 'saved', bytes: 5 })
})

test('stopped in the middle, nothing of it is left', async () => {
  const stop = new AbortController()
  const url = await hostThat((_, response) => {
    response.writeHead(200, { 'content-length': 1000 })
    response.write('half')
  })
  const folder = folderOfTest()
  const report = await saveFrom(
    url,
    join(folder, 'people.zip'),
    (bytes) => {
      if (bytes > 0) stop.abort()
    },
    stop.signal,
  )
  expect(report).toEqual({ kind: 'cancelled' })
  expect(readdirSync(folder)).toEqual([])
})

test('a host that falls silent in the middle is given up', async () => {
  const url = await hostThat((_, response) => {
    response.writeHead(200, { 'content-length': 1000 })
    response.write('half')
  })
  const folder = folderOfTest()
  const impatient = createDownloads(network, 300)
  const { signal } = new AbortController()
  const report = await impatient.save({ url, file: join(folder, 'a.zip'), signal, onProgress: () => {} })
  expect(report).toMatchObject({ kind: 'trouble' })
  expect(readdirSync(folder)).toEqual([])
})

test('a place that does not exist is told as the disk tells it', async () => {
  const url = await hostThat((_, response) => response.end('whole'))
  expect(await saveFrom(url, join(folderOfTest(), 'not there', 'people.zip'))).toEqual({ kind: 'disk', code: 'ENOENT' })
})

// ---------------------------------------------------------------- from asking to the file

type Taking = Readonly<{
  vendor: CopyBench
  engine: RunningEngine
  requestId: RequestId
  copy: RetrievalRow
  handlers: ReturnType<typeof createRetrievalHandlers>
  opened: string[]
}>

/** A copy that is ready, and the app's own handlers around it. `http` may stand between app and vendor. */
async function takingOf(
  ids: readonly string[],
  choices: CopyChoices & Readonly<{ file?: string; http?: (http: Http) => Http }> = {},
): Promise<Taking> {
  const vendor = await startCopyBench(choices)
  benches.push(vendor)
  const requestId = await vendor.draftOf(ids)
  const engine = await runEngine(vendor.folder, vendor.secrets)
  engines.push(engine)
  must(await engine.database.askForRetrievals({ requestId, disclosure: null, now: Date.now() }))
  engine.wake()
  const copy = await engine.until(async () => {
    const [first] = await copiesOf(engine.database, requestId)
    return first?.status === 'ready' ? first : undefined
  })
  const opened: string[] = []
  const parts = engineParts(engine.database, vendor.secrets)
  const linkParts: FetchLinkParts = {
    ...parts,
    http: choices.http?.(parts.http) ?? parts.http,
    epoch: () => engine.status().epoch,
    mayLeave: () => true,
  }
  const desk: Desk = {
    history: () => ({ database: engine.database, failure: null, keychainFailure: null }),
    database: () => engine.database,
    engine: () => engine,
    isClosing: () => false,
    tryAgain: async () => {},
    close: async () => {},
  }
  const handlers = createRetrievalHandlers({
    desk,
    guards: createGuards(desk),
    vendors,
    clock: systemClock,
    random: systemRandom,
    notify: () => {},
    downloads,
    fetchLink: async (subject) => await fetchLink(linkParts, subject),
    openRetrieved: async ({ url }) => {
      opened.push(url)
      return true
    },
    askWhereToSaveCopy: async () => choices.file ?? null,
    fileNameOf: (file) => basename(file),
  })
  return { vendor, engine, requestId, copy, handlers, opened }
}

const subjectOf = ({ requestId, copy }: Taking) => ({ requestId, retrievalId: copy.id })

test.each(['link-in-results', 'link-in-result', 'link-in-destination-url'])(
  'with sandbox-%s the file is saved whole, by one more status call; the history keeps name, size and sum, and no link',
  async (place) => {
    const file = join(folderOfTest(), 'people.zip')
    const taking = await takingOf([`sandbox-${place}`, 'ana'], { file })
    const before = taking.vendor.sandbox.ledger().length
    const link = must(await taking.handlers.fetchRetrievalLink(subjectOf(taking)))
    expect(link).toMatchObject({ host: new URL(taking.vendor.sandbox.ready.origin).host, expiresAt: null })
    const saved = must(await taking.handlers.saveRetrieval({ ...subjectOf(taking), token: link.token }))
    const bytes = readFileSync(file)
    expect(saved).toEqual({
      fileName: 'people.zip',
      bytes: bytes.length,
      sha256: createHash('sha256').update(bytes).digest('hex'),
    })
    expect(bytes.includes('profiles.jsonl')).toBe(true)
    const calls = taking.vendor.sandbox.ledger().slice(before)
    expect(calls.map(({ call }) => call)).toEqual(['retrieval-status', 'download'])
    expect(await copiesOf(taking.engine.database, taking.requestId)).toMatchObject([{ used: { how: 'saved' } }])
    expect(await eventsOf(taking.engine.database, taking.requestId, 'copy saved')).toEqual([
      `Copy 1 was saved as people.zip: ${bytes.length.toLocaleString('en-GB')} bytes, SHA-256 ${saved?.sha256}.`,
    ])
    await engines.pop()?.end()
    const kept = everythingKept(taking.vendor)
    expect(kept).toContain('copy saved')
    expect(kept).not.toMatch(/mixpanel-exports|signature=/)
  },
)

test('opened in the browser, the host is in the log and the link is not', async () => {
  const taking = await takingOf(['ana'])
  const { token, host } = must(await taking.handlers.fetchRetrievalLink(subjectOf(taking)))
  must(await taking.handlers.openRetrievalLink({ ...subjectOf(taking), token }))
  expect(taking.opened).toEqual([expect.stringContaining('mixpanel-exports')])
  expect(await eventsOf(taking.engine.database, taking.requestId, 'copy opened')).toEqual([
    `The link of copy 1 was opened in the browser, at ${host}.`,
  ])
})

test('an expired link is refused with words, the copy shows it, and nothing is on the disk', async () => {
  const folder = folderOfTest()
  const taking = await takingOf(['sandbox-link-expired'], { file: join(folder, 'people.zip') })
  const { token } = must(await taking.handlers.fetchRetrievalLink(subjectOf(taking)))
  expect(await taking.handlers.saveRetrieval({ ...subjectOf(taking), token })).toMatchObject({
    ok: false,
    failure: {
      message: 'The link no longer works (403): its time is over, or the file is gone.',
      next: expect.stringContaining('ask for a new copy'),
    },
  })
  expect(readdirSync(folder)).toEqual([])
  const [copy] = await copiesOf(taking.engine.database, taking.requestId)
  expect(copy?.linkRefusedAt).toEqual(expect.any(Number))
  expect(await eventsOf(taking.engine.database, taking.requestId, 'copy refused')).toHaveLength(1)
  // The vendor is asked once more: what it gives counts as a new link.
  must(await taking.handlers.fetchRetrievalLink(subjectOf(taking)))
  expect(await copiesOf(taking.engine.database, taking.requestId)).toMatchObject([{ linkRefusedAt: null }])
})

test('a link to another scheme is neither opened nor fetched, and its words do not quote it', async () => {
  const taking = await takingOf(['ana'], {
    http: (http) => ({
      send: async (call) => {
        const report = await http.send(call)
        const body = report.answer?.body.replace(/http:[^"]+/, 'file:///etc/secret-link')
        return { ...report, answer: report.answer && { ...report.answer, body: body ?? '' } }
      },
    }),
  })
  const fetched = await taking.handlers.fetchRetrievalLink(subjectOf(taking))
  expect(fetched).toMatchObject({ ok: false, failure: { code: 'not-allowed', kept: 'Nothing was opened or fetched.' } })
  expect(JSON.stringify(fetched)).not.toContain('secret-link')
})

test('asked for while the limit has no room, the link waits for its turn instead of failing', async () => {
  const taking = await takingOf(['ana'], { windows: [{ milliseconds: 700, calls: 1 }] })
  const twice = [subjectOf(taking), subjectOf(taking)].map(taking.handlers.fetchRetrievalLink)
  for (const fetched of await Promise.all(twice)) must(fetched)
  expect(taking.vendor.sandbox.ledger().filter(({ verdict }) => verdict === 'rate-limited')).toEqual([])
})

test('a token of nobody’s opens and saves nothing', async () => {
  const taking = await takingOf(['ana'], { file: join(folderOfTest(), 'people.zip') })
  const token = systemRandom.uuid()
  const failure = { code: 'wrong-state', next: expect.stringContaining('once more') }
  expect(await taking.handlers.openRetrievalLink({ ...subjectOf(taking), token })).toMatchObject({ failure })
  expect(await taking.handlers.saveRetrieval({ ...subjectOf(taking), token })).toMatchObject({ failure })
  expect(taking.opened).toEqual([])
})
