/**
 * How well sending uses the vendor's rolling windows: the real engine, journal and signer on virtual time, against a
 * simulated vendor that takes its time for every call and counts the windows itself. Each size is sent in a process of
 * its own, whose memory at its highest is compared; then 100,000 identifiers with a vendor that takes other times for an
 * erasure. Exit code 1 where 100,000 identifiers take longer than 1.03 of the shortest time that the windows and the
 * vendor allow or more than 1.2 status calls a batch, where the vendor refuses a call, where anything is left, or where
 * memory grows.
 *
 * Both vendors, one after the other, where none is named; of Mixpanel's see `budget-mixpanel.ts`.
 *
 *   npm run bench:budget -- [--vendor kore|mixpanel] [--ready MINUTES,MINUTES…] [--latency MILLISECONDS] [--margin SHARE]
 */
import { execFileSync } from 'node:child_process'
import { mkdirSync, openSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { usableCalls } from '../../src/main/adapters/database/commands/budget.ts'
import { koreWindows } from '../../src/main/vendors/kore/limits.ts'
import type { RateWindow } from '../../src/shared/model/connection.ts'
import type { RequestId } from '../../src/shared/model/ids.ts'
import { createSeededRandom } from '../fakes/random.ts'
import {
  addConnection,
  addDraft,
  must,
  openIn,
  sendDraft,
  start,
  temporaryFolder,
} from '../integration/database/support.ts'
import { createMemorySecrets } from '../support/engine.ts'
import { startQuietTime } from '../support/quiet-time.ts'
import { createSimulatedVendor, worstExcess, type KeptIds } from '../support/simulated-vendor.ts'
import { measureMixpanel } from './budget-mixpanel.ts'

const sizes = [1000, 10_000, 100_000] as const
const largest = 100_000
const perCall = 100
const mostOfBound = 1.03
const mostAsksPerBatch = 1.2
/** The page caches of the history's two threads hold at most 16 and 32 MiB; only a large history fills them. */
const mostGrowthMegabytes = 64

type Choices = Readonly<{ readyMilliseconds: number; latencyMilliseconds: number; margin: number }>
type Sent = Readonly<{
  milliseconds: number
  sendingMilliseconds: number
  settled: number
  erase: number
  status: number
  refused: number
  excess: number
  settledAtOnce: number
  phase: string
  counts: Readonly<Record<string, number>>
  peakMegabytes: number
  startMegabytes: number
}>

/** A history with `count` queued identifiers in a request that was sent, as import and *Send* leave it. */
async function prepare(folder: string, count: number, { margin }: Choices): Promise<void> {
  const database = await openIn(folder)
  const connection = await addConnection(database, { perCall, windows: koreWindows, margin })
  await sendDraft(database, await addDraft(database, folder, connection, count))
  await database.close()
}

/** Sends all of it on virtual time; settles when the request is closed. */
async function send(folder: string, count: number, choices: Choices): Promise<Sent> {
  const time = startQuietTime(start)
  const chance = createSeededRandom('latency')
  // Half as long to twice as long, most of them near the middle.
  const latency = () => Math.round((choices.latencyMilliseconds / 2) * 4 ** (chance.fraction() - 0.5))
  const { clock } = time
  const vendor = createSimulatedVendor({
    clock,
    windows: koreWindows,
    latency,
    readyAfter: () => choices.readyMilliseconds,
    ids: keepInFile(join(folder, '..')),
  })
  const startMegabytes = megabytes(process.memoryUsage.rss())
  const secrets = createMemorySecrets({ 'reference-1': 'the secret of the bench' })
  const engine = await time.run({ folder, secrets }, vendor, createSeededRandom('engine'))
  const requestId = 1 as RequestId
  const read = time.watched({ detail: () => engine.database.read('getRequest', { requestId }, clock.now()) })
  const batches = count / perCall
  const closed = await engine.until(async () => {
    if (vendor.settled() < batches) return undefined
    const detail = must(await read.detail())
    return detail.phase === 'closed' ? { detail, at: clock.steady() } : undefined
  })
  time.halt()
  await engine.end()
  return {
    milliseconds: closed.at,
    sendingMilliseconds: vendor.lastErase(),
    settled: vendor.settled(),
    erase: vendor.erased(),
    status: vendor.asked(),
    refused: vendor.refused(),
    excess: worstExcess(vendor.arrivals, koreWindows),
    settledAtOnce: vendor.settledAtOnce(),
    phase: closed.detail.phase,
    counts: closed.detail.counts,
    startMegabytes,
    peakMegabytes: megabytes(process.resourceUsage().maxRSS * 1024),
  }
}

function megabytes(bytes: number): number {
  return Math.round(bytes / 1_048_576)
}

/** The vendor's own memory is none of the app's: what it has to remember lies in a file. */
function keepInFile(folder: string): KeptIds {
  mkdirSync(folder, { recursive: true })
  const file = openSync(join(folder, 'vendor.json'), 'w+')
  const places = new Map<string, Readonly<{ at: number; length: number }>>()
  let end = 0
  return {
    keep: (requestId, ids) => {
      const length = writeSync(file, JSON.stringify(ids), end)
      places.set(requestId, { at: end, length })
      end += length
    },
    idsOf: (requestId) => {
      const place = places.get(requestId)
      if (place === undefined) return []
      const bytes = Buffer.alloc(place.length)
      readSync(file, bytes, 0, place.length, place.at)
      return JSON.parse(bytes.toString()) as string[]
    },
  }
}

/** Milliseconds after the first of `calls` until the last may arrive, where every window is used to the full. */
function shortestTime(calls: number, windows: readonly RateWindow[]): number {
  const times: number[] = []
  for (let call = 0; call < calls; call += 1) {
    const free = windows.map((window) => (times[call - window.calls] ?? -Infinity) + window.milliseconds)
    times.push(Math.max(0, ...free))
  }
  return times.at(-1) ?? 0
}

function inMinutes(milliseconds: number): string {
  return `${(milliseconds / 60_000).toFixed(2)} min`
}

/** Runs a step in a process of its own, so that what it keeps in memory is its own as well. */
function inOwnProcess(step: 'prepare' | 'send', folder: string, count: number, minutes: number): string {
  const choices = [...process.argv.slice(2), '--ready', String(minutes)]
  const script = import.meta.filename
  return execFileSync(
    process.execPath,
    [script, ...choices, '--step', step, '--folder', folder, '--count', `${count}`],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  )
}

function measure(count: number, minutes: number): Sent {
  const place = temporaryFolder()
  try {
    inOwnProcess('prepare', place.folder, count, minutes)
    return JSON.parse(inOwnProcess('send', place.folder, count, minutes)) as Sent
  } finally {
    place.remove()
  }
}

type Measured = Readonly<{
  count: number
  sent: Sent
  minutes: number
  byWindows: number
  byVendor: number
  /** Of the shortest time. */
  ratio: number
  asksPerBatch: number
}>

/** The shortest time is that of an erase and a status call a batch, or that of the last batch at the vendor. */
function holdAgainstBound(count: number, sent: Sent, minutes: number, margin: number): Measured {
  const batches = count / perCall
  const windows = koreWindows.map((window) => ({ ...window, calls: usableCalls(window, margin) }))
  const byWindows = shortestTime(2 * batches, windows)
  const byVendor = shortestTime(batches, windows) + minutes * 60_000
  const ratio = sent.milliseconds / Math.max(byWindows, byVendor)
  return { count, sent, minutes, byWindows, byVendor, ratio, asksPerBatch: sent.status / batches }
}

function print({ count, sent, byWindows, byVendor, ratio, asksPerBatch }: Measured): void {
  const calls = (2 * count) / perCall
  const lines = [
    `${count.toLocaleString('en-GB')} identifiers in ${sent.erase} erase calls`,
    `  shortest time    ${inMinutes(Math.max(byWindows, byVendor))}: ${calls} calls by both windows ${inMinutes(byWindows)}; the last erase call and the vendor’s own time ${inMinutes(byVendor)}`,
    `  closed after     ${inMinutes(sent.milliseconds)}, ${ratio.toFixed(4)} of it; last erase call after ${inMinutes(sent.sendingMilliseconds)}`,
    `  status calls     ${sent.status}, ${asksPerBatch.toFixed(3)} a batch; ${sent.settledAtOnce} batches needed one`,
    `  refused (429)    ${sent.refused}; calls beyond a window ${sent.excess}`,
    `  memory           ${sent.peakMegabytes} MB at its highest, ${sent.startMegabytes} MB before the engine started`,
  ]
  process.stdout.write(`${lines.join('\n')}\n\n`)
}

/** What falls short, in words. */
function shortcomings({ count, sent, minutes, ratio, asksPerBatch }: Measured): readonly string[] {
  const what = `${count.toLocaleString('en-GB')} with erasures of ${minutes} min`
  return [
    ...(sent.refused > 0 || sent.excess > 0 ? [`${what}: the vendor refused ${sent.refused} calls`] : []),
    ...(sent.counts['erased'] === count ? [] : [`${what}: not all erased, ${JSON.stringify(sent.counts)}`]),
    ...(count === largest && ratio > mostOfBound
      ? [`${what}: ${ratio.toFixed(4)} of the shortest time, at most ${mostOfBound}`]
      : []),
    ...(count === largest && asksPerBatch > mostAsksPerBatch
      ? [`${what}: ${asksPerBatch.toFixed(3)} status calls a batch, at most ${mostAsksPerBatch}`]
      : []),
  ]
}

function printTable(all: readonly Measured[]): void {
  const cells = all.map(({ minutes, byWindows, byVendor, sent, ratio, asksPerBatch }) => [
    String(minutes),
    (Math.max(byWindows, byVendor) / 60_000).toFixed(2),
    (sent.milliseconds / 60_000).toFixed(2),
    ratio.toFixed(4),
    asksPerBatch.toFixed(3),
    String(sent.refused),
  ])
  const head = ['an erasure takes', 'shortest', 'closed after', 'ratio', 'asks a batch', '429']
  const rows = [head, ...cells].map((row) => row.map((cell) => cell.padStart(18)).join(''))
  process.stdout.write(`${largest.toLocaleString('en-GB')} identifiers, minutes\n${rows.join('\n')}\n\n`)
}

function measureKore({ latencyMilliseconds, margin }: Choices, delays: readonly number[]): readonly string[] {
  process.stdout.write(
    `Windows: ${koreWindows.map(({ calls, milliseconds }) => `${calls} in ${milliseconds / 60_000} min`).join(', ')}. ` +
      `A call takes about ${latencyMilliseconds} ms; kept free ${margin * 100} %.\n` +
      'Shortest time: calls that take no time, each as early as every window allows, less what is kept free.\n\n',
  )
  const [first = 10] = delays
  const take = (count: number, minutes: number): Measured => {
    const measured = holdAgainstBound(count, measure(count, minutes), minutes, margin)
    print(measured)
    return measured
  }
  process.stdout.write(`An erasure takes ${first} min.\n\n`)
  const growing = sizes.map((count) => take(count, first))
  const others = delays.slice(1).map((minutes) => {
    process.stdout.write(`An erasure takes ${minutes} min.\n\n`)
    return take(largest, minutes)
  })
  printTable([...growing, ...others].filter(({ count }) => count === largest))
  const short = [...growing, ...others].flatMap(shortcomings)
  const peaks = growing.map(({ sent }) => sent.peakMegabytes)
  const growth = Math.max(...peaks) - Math.min(...peaks)
  process.stdout.write(`Memory: ${growth} MB between the lowest and the highest, at most ${mostGrowthMegabytes}.\n`)
  if (growth > mostGrowthMegabytes) short.push(`memory grows by ${growth} MB`)
  return short
}

async function main(choices: Choices, delays: readonly number[]): Promise<number> {
  const { vendor } = values
  const short = [
    ...(vendor === 'mixpanel' ? [] : measureKore(choices, delays)),
    ...(vendor === 'kore' ? [] : await measureMixpanel(Number(values.latency ?? '200'))),
  ]
  for (const words of short) process.stdout.write(`Falls short: ${words}.\n`)
  return short.length === 0 ? 0 : 1
}

const { values } = parseArgs({
  options: {
    ready: { type: 'string', default: '10,1,20,45,90' },
    latency: { type: 'string' },
    vendor: { type: 'string' },
    margin: { type: 'string', default: '0' },
    step: { type: 'string' },
    folder: { type: 'string', default: '' },
    count: { type: 'string', default: '0' },
  },
})
const delays = values.ready.split(',').map(Number)
const choices: Choices = {
  readyMilliseconds: (delays[0] ?? 0) * 60_000,
  latencyMilliseconds: Number(values.latency ?? '400'),
  margin: Number(values.margin),
}
const count = Number(values.count)
if (values.step === 'prepare') await prepare(values.folder, count, choices)
else if (values.step === 'send') process.stdout.write(JSON.stringify(await send(values.folder, count, choices)))
else process.exitCode = await main(choices, delays)
