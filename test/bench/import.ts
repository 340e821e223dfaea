/**
 * Compares the app's import with a plain loop over the same file, each in a process of its own, turn by turn; of three
 * turns the medians count. Exits with 1 where the app is not at least 1.5 times as fast as the loop at the largest size, or where its memory grows
 * with the file. How late the main thread was and how long another write waited are held against 50 and 200 ms in words
 * alone: on a machine that is busy with other things they say more about that than about the app. The app works on two
 * cores and the loop on one, so the ratio wants a quiet machine too.
 *
 *   npm run bench:import [-- ROWS…]
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeBenchFile } from './import-file.ts'

type Side = Readonly<{ rows: number; milliseconds: number; peakBytes: number }>
type AppSide = Side &
  Readonly<{
    identifiers: number
    duplicates: number
    rejects: number
    longestDelayMilliseconds: number
    longestWriteMilliseconds: number
  }>
type Comparison = Readonly<{ rows: number; loop: Side; app: AppSide }>

const leastRatio = 1.5
/**
 * Ten times the rows may cost this many bytes more, whatever the file: the tables of a run of at most a million rows (33
 * bytes a row, its hash table, its order), caches that fill, garbage that waits.
 */
const mostGrowth = 96 * 1_048_576
/** Milliseconds that the main thread, and a write beside an import, may wait. */
const mostDelay = 50
const mostWait = 200

const turns = 3

const asked = process.argv.slice(2).map(Number)
const sizes = asked.length > 0 ? asked : [10_000, 100_000, 1_000_000]
process.exitCode = await main()

async function main(): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'erasure-desk-bench-'))
  try {
    const comparisons: Comparison[] = []
    for (const rows of sizes) {
      const comparison = await compare(folder, rows)
      comparisons.push(comparison)
      print(comparison)
    }
    return judge(comparisons)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

async function compare(folder: string, rows: number): Promise<Comparison> {
  const file = join(folder, `${rows}.csv`)
  await writeBenchFile(file, rows)
  console.log(`\n${count(rows)} rows, ${mebibytes((await stat(file)).size)}`)
  const loops: Side[] = []
  const apps: AppSide[] = []
  for (let turn = 0; turn < turns; turn += 1) {
    loops.push(await measure<Side>('import-loop.ts', file, join(folder, 'loop')))
    apps.push(await measure<AppSide>('import-app.ts', file, join(folder, 'app')))
  }
  await rm(file)
  const loop = median(loops)
  const app = worst(apps)
  if (app.rows !== rows) throw new Error(`The app counts ${app.rows} rows`)
  if (app.identifiers + app.duplicates + app.rejects !== rows) throw new Error('Rows of the app do not add up')
  return { rows, loop, app }
}

/** The run of the middle duration, with the middle of the peaks. */
function median<T extends Side>(sides: readonly T[]): T {
  const middle = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0
  const milliseconds = middle(sides.map((side) => side.milliseconds))
  const side = sides.find((one) => one.milliseconds === milliseconds)
  if (side === undefined) throw new Error('Nothing was measured')
  return { ...side, peakBytes: middle(sides.map(({ peakBytes }) => peakBytes)) }
}

/** The middle run with the longest waits of all. */
function worst(sides: readonly AppSide[]): AppSide {
  return {
    ...median(sides),
    longestDelayMilliseconds: Math.max(...sides.map((side) => side.longestDelayMilliseconds)),
    longestWriteMilliseconds: Math.max(...sides.map((side) => side.longestWriteMilliseconds)),
  }
}

async function measure<T extends Side>(script: string, file: string, folder: string): Promise<T> {
  await mkdir(folder)
  const child = fork(new URL(script, import.meta.url), [file, folder])
  const exited = once(child, 'exit')
  let report: T | null = null
  child.on('message', (message) => {
    report = message as T
  })
  const [code] = (await exited) as [number | null]
  await rm(folder, { recursive: true })
  if (code !== 0 || report === null) throw new Error(`${script} ended with ${code}`)
  return report
}

function print({ rows, loop, app }: Comparison): void {
  console.log(`  plain loop  ${sideInWords(loop)}`)
  console.log(`  the app     ${sideInWords(app)}`)
  console.log(
    `              ${count(app.identifiers)} identifiers, ${count(app.duplicates)} duplicates, ${count(app.rejects)} rejects; ` +
      `main thread late by at most ${app.longestDelayMilliseconds.toFixed(0)} ms, ` +
      `another write waited at most ${app.longestWriteMilliseconds.toFixed(0)} ms`,
  )
  console.log(`  at ${count(rows)} rows the app is ${ratio(loop, app).toFixed(2)} times as fast as the loop`)
}

function sideInWords({ rows, milliseconds, peakBytes }: Side): string {
  const perSecond = count(Math.round(rows / (milliseconds / 1000)))
  return `${(milliseconds / 1000).toFixed(2)} s, ${perSecond} rows/s, peak memory ${mebibytes(peakBytes)}`
}

function judge(comparisons: readonly Comparison[]): number {
  const largest = comparisons.at(-1)
  if (largest === undefined) return 1
  const isFast = ratio(largest.loop, largest.app) >= leastRatio
  console.log(
    `\n${isFast ? 'Holds' : 'Falls short'}: at least ${leastRatio} times the loop at ${count(largest.rows)} rows`,
  )
  printWaits(largest)
  const smaller = comparisons.at(-2)
  if (smaller === undefined) return isFast ? 0 : 1
  const growth = largest.app.peakBytes - smaller.app.peakBytes
  const isFlat = growth <= mostGrowth
  console.log(
    `${isFlat ? 'Holds' : 'Falls short'}: memory flat (${mebibytes(growth)} more than at ${count(smaller.rows)} rows, at most ${mebibytes(mostGrowth)})`,
  )
  return isFast && isFlat ? 0 : 1
}

function printWaits({ app }: Comparison): void {
  const { longestDelayMilliseconds: delay, longestWriteMilliseconds: wait } = app
  console.log(
    `${delay <= mostDelay && wait <= mostWait ? 'Holds' : 'Falls short'}: main thread late by at most ${mostDelay} ms ` +
      `(${delay.toFixed(0)}), another write waited at most ${mostWait} ms (${wait.toFixed(0)})`,
  )
}

function ratio(loop: Side, app: Side): number {
  return loop.milliseconds / app.milliseconds
}

function count(value: number): string {
  return value.toLocaleString('en-GB')
}

function mebibytes(bytes: number): string {
  return `${(bytes / 1_048_576).toFixed(0)} MiB`
}
