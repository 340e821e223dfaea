import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { openHistory } from '../../../src/main/adapters/database/open-history.ts'
import { openSendingDesk, type SendingDesk } from '../../support/chaos/desk.ts'
import type { Kill } from '../../support/chaos/engine-process.ts'
import { checkRestart, makeImportPlace, type ImportPlace } from '../../support/chaos/import-round.ts'
import { copyHistory } from '../../support/chaos/history.ts'
import { buildEngines, untilStopped, type Engines } from '../../support/chaos/processes.ts'
import type { Step } from '../../support/chaos/steps.ts'
import {
  cutsAfter,
  lastCommit,
  readLog,
  readLogState,
  syncedFrames,
  type Cut,
} from '../../support/chaos/write-ahead-log.ts'
import { historyKey, must, openHistoryIn, withHistory } from '../../support/engine.ts'

const held: { engines?: Engines } = {}

beforeAll(async () => {
  held.engines = await buildEngines()
})

afterAll(() => held.engines?.remove())

function engines(): Engines {
  if (held.engines === undefined) throw new Error('The engines are built')
  return held.engines
}

/** What a power cut may leave of the history in `folder`, whose process stands still. */
type Remains = Readonly<{
  /** Frames that were written and may be lost. */
  unsynced: number
  cuts: readonly Cut[]
  /** Lays the files down as the cut leaves them. */
  lay: (cut: Cut, place: string) => void
}>

function remainsOf(folder: string, commits: string): Remains {
  const bytes = readFileSync(join(folder, 'history.db-wal'))
  const log = readLog(bytes)
  const synced = syncedFrames(log, lastCommit(commits), readLogState(folder))
  const file = mkdtempSync(join(tmpdir(), 'erasure-desk-power-'))
  onTestFinished(() => rmSync(file, { recursive: true }))
  cpSync(join(folder, 'history.db'), join(file, 'history.db'))
  return {
    unsynced: log.frameEnds.length - synced,
    cuts: cutsAfter(log, synced),
    lay: (cut, place) => {
      rmSync(place, { recursive: true, force: true })
      mkdirSync(place, { recursive: true })
      cpSync(join(file, 'history.db'), join(place, 'history.db'))
      writeFileSync(
        join(place, 'history.db-wal'),
        Buffer.concat([bytes.subarray(0, cut.bytes), Buffer.alloc(cut.zeros)]),
      )
    },
  }
}

function newFolder(): string {
  const base = mkdtempSync(join(tmpdir(), 'erasure-desk-cut-'))
  onTestFinished(() => rmSync(base, { recursive: true, force: true }))
  return join(base, 'history')
}

/** When the process is stopped: while it writes, or when all is written and synced and it has not yet heard of that. */
const moments = { soon: 300, late: 60_000_000 } as const

// `frames`: the fewest that such a commit writes.
test.each<{ step: Step; when: keyof typeof moments; skip: number; frames: number }>([
  { step: 'in the journal commit', when: 'late', skip: 4, frames: 4 },
  { step: 'in the journal commit', when: 'soon', skip: 3, frames: 0 },
  { step: 'while the answer is stored', when: 'late', skip: 3, frames: 4 },
  { step: 'in a poll, while the answer is stored', when: 'late', skip: 1, frames: 4 },
])(
  'power lost $step ($when): wherever the log ends, the history is sound and has an attempt for every call',
  { timeout: 240_000 },
  async ({ step, when, skip, frames }) => {
    const { desk, cuts, lay } = await stopSending({ step, skip, microseconds: moments[when] }, frames)
    expect(desk.bench.sandbox.ledger().length).toBeGreaterThan(0)

    const place = newFolder()
    for (const cut of cuts) {
      lay(cut, place)
      const history = must(await openHistory({ folder: place, key: historyKey, role: 'writer', now: Date.now() }))
      // FULL: what a commit returned from is on disk. All that is not cut here rests on it.
      expect(history.sql.pragma('synchronous', { simple: true })).toBe(2)
      expect(history.sql.pragma('integrity_check', { simple: true })).toBe('ok')
      desk.judgeCopy(history.sql, 'killed')
      history.sql.close()
    }

    // Were anything lost that had been synced, it would show: the calls are in the ledger.
    lay({ bytes: 0, zeros: 0 }, place)
    expect(() => withHistory(place, (sql) => desk.judgeCopy(sql, 'killed'))).toThrow('matches 0 attempts')

    // The most that can be lost, and a new start that goes on from there to the end.
    const [most] = cuts
    if (most !== undefined) lay(most, place)
    await desk.finish(place)
    withHistory(place, (sql) => desk.judgeCopy(sql, 'finished'))
  },
)

/**
 * Stops a sender in the step; begun anew where it was quicker, and had heard of its commit before it stood still. Of a
 * commit that is stopped late `frames` are there at least.
 */
async function stopSending(kill: Kill, frames: number): Promise<Pick<Remains, 'cuts' | 'lay'> & { desk: SendingDesk }> {
  for (let tries = 0; tries < 10; tries += 1) {
    const desk = await openSendingDesk(engines(), { perCall: 2 })
    onTestFinished(desk.remove)
    await desk.send(24)
    const commits = `${newFolder()}-commits`
    const process = await desk.stopped(kill, commits)
    const { unsynced, cuts, lay } = remainsOf(desk.bench.folder, commits)
    process.process.kill('SIGKILL')
    await process.ended
    if (unsynced >= frames) return { desk, cuts, lay }
  }
  throw new Error('Every sender that was stopped had heard of its commit')
}

/** Stops an import until one is found with frames that were not synced; the reading thread moves them away quickly. */
async function stopImport(place: ImportPlace, folder: string, step: Step): Promise<Remains> {
  const commits = `${folder}-commits`
  for (let tries = 0; tries < 20; tries += 1) {
    copyHistory(place.clean, folder)
    const kill = { step, skip: 0, microseconds: tries * 700 }
    const process = engines().start({ folder, work: place.work, kill }, 'SIGSTOP', commits)
    await untilStopped(process)
    const remains = remainsOf(folder, commits)
    process.process.kill('SIGKILL')
    await process.ended
    if (remains.unsynced >= 8) return remains
  }
  throw new Error('In every import that was stopped everything was synced')
}

test.each<Step>(['in an import, while rows are appended', 'in an import, while tokens are entered'])(
  'power lost %s: wherever the log ends, the next start takes it back and the history is sound',
  { timeout: 240_000 },
  async (step) => {
    const place = await makeImportPlace(engines())
    onTestFinished(() => rmSync(place.base, { recursive: true, force: true }))
    const { cuts, lay } = await stopImport(place, join(place.base, 'stopped'), step)
    const cut = join(place.base, 'cut')
    const sample = cuts.filter((_cut, index) => index % Math.ceil(cuts.length / 8) === 0)
    for (const each of [...sample, ...cuts.slice(-1)]) {
      lay(each, cut)
      expect(await checkRestart(cut, place)).toBe('cancelled')
    }
    // The same by the threads of the app.
    const [most] = cuts
    if (most !== undefined) lay(most, cut)
    await (await openHistoryIn(cut)).close()
    expect(await checkRestart(cut, place)).toBe('cancelled')
  },
)
