/**
 * Power lost while a history is brought to a newer version: the real migration runs once, its files are copied as each
 * step commits, and the write-ahead log is cut at every frame that the last commit may not have brought to disk.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, onTestFinished, test } from 'vitest'
import { deriveKeys } from '../../../src/main/adapters/database/keys.ts'
import { backupFolder, unfinished } from '../../../src/main/adapters/database/migrations/copy.ts'
import { migrations } from '../../../src/main/adapters/database/migrations/index.ts'
import { migrate } from '../../../src/main/adapters/database/migrations/migrate.ts'
import { openFile, openMemory } from '../../../src/main/adapters/database/open-file.ts'
import { all, type Sql } from '../../../src/main/adapters/database/sql.ts'
import { checkHistory } from '../database/invariants.ts'
import { restartHistory } from '../../support/chaos/history.ts'
import { everyRow, makeHistoryOf } from '../../support/chaos/old-history.ts'
import { cutsAfter, readLog, type Cut } from '../../support/chaos/write-ahead-log.ts'
import { historyKey, must, withHistory } from '../../support/engine.ts'

const cipherKey = deriveKeys(historyKey).cipher
const numbers = migrations.map(({ number }) => number)
const latest = numbers.at(-1) ?? 0
/** Inside frames, so many of the places that `cutsAfter` names are passed over for each that is tried. */
const insideEvery = 3
const base = mkdtempSync(join(tmpdir(), 'erasure-desk-migration-power-'))

afterAll(() => rmSync(base, { recursive: true, force: true }))

/** What lay on disk when a step had committed, and what the history then said. */
type Moment = Readonly<{ version: number; log: Buffer; rows: unknown }>

/** Runs the real migration of the history in `folder`; gives every moment at which a step had committed. */
function migrateAndWatch(folder: string): readonly Moment[] {
  const sql = openFile(join(folder, 'history.db'), cipherKey, 'writer')
  const file = readFileSync(join(folder, 'history.db'))
  const moments = [momentOf(sql, folder)]
  const watched = new Proxy(sql, {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target)
      if (typeof member !== 'function') return member
      return (...input: readonly unknown[]): unknown => {
        const given: unknown = Reflect.apply(member, target, input)
        if (name === 'exec' && input[0] === 'COMMIT') moments.push(momentOf(sql, folder))
        return given
      }
    },
  })
  must(migrate(watched, migrations, { folder, cipherKey, now: 5000 }))
  // Nothing was moved into the file, so that with the log cut short it is what a power cut leaves.
  expect(readFileSync(join(folder, 'history.db')).equals(file)).toBe(true)
  sql.close()
  // Closing moves the log into the file.
  writeFileSync(join(folder, 'history.db'), file)
  return moments
}

function momentOf(sql: Sql, folder: string): Moment {
  const log = join(folder, 'history.db-wal')
  const version = versionOf(sql)
  return { version, log: existsSync(log) ? readFileSync(log) : Buffer.alloc(0), rows: everyRow(sql) }
}

function versionOf(sql: Sql): number {
  return Number(sql.pragma('user_version', { simple: true }))
}

/** Tables, indexes and triggers of a version, as the migrations up to it make them. */
function schemaOf(version: number): unknown {
  const sql = openMemory()
  must(
    migrate(
      sql,
      migrations.filter(({ number }) => number <= version),
      null,
    ),
  )
  const schema = schemaIn(sql)
  sql.close()
  return schema
}

function schemaIn(sql: Sql): unknown {
  return all(sql, 'SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY type, name')
}

/** The cuts between two moments: every end of a frame, and some places inside; the log may not have begun at all. */
function cutsBetween(before: Moment, after: Moment): readonly Cut[] {
  const synced = readLog(before.log).frameEnds.length
  const log = readLog(after.log)
  expect(log.frameEnds.length).toBeGreaterThan(synced)
  const ends = new Set(log.frameEnds)
  const cuts = cutsAfter(log, synced)
  const chosen = cuts.filter((cut, index) => ends.has(cut.bytes) || index === 0 || index % insideEvery === 0)
  return synced === 0 ? [{ bytes: 0, zeros: 0 }, ...chosen] : chosen
}

type Remains = Readonly<{ file: string; log: Uint8Array; copies: string | null }>

/** Lays the files down as a power cut leaves them; `copies`: the folder of copies then, null: none. */
function lay(place: string, { file, log, copies }: Remains): void {
  rmSync(place, { recursive: true, force: true })
  mkdirSync(place, { recursive: true })
  cpSync(file, join(place, 'history.db'))
  writeFileSync(join(place, 'history.db-wal'), log)
  if (copies !== null) cpSync(copies, join(place, backupFolder), { recursive: true })
}

/** Opens every file that bears the name of a copy: each is whole, and says what the history said before. */
function checkCopies(place: string, before: Moment): number {
  const folder = join(place, backupFolder)
  const names = existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('.db')) : []
  const copies = names.map((name) => {
    const copy = openFile(join(folder, name), cipherKey, 'reader')
    const said = { version: versionOf(copy), rows: everyRow(copy), check: copy.pragma('integrity_check') }
    copy.close()
    return said
  })
  const ofBefore = copies.filter(({ version }) => version === before.version)
  expect(copies.map(({ check }) => check)).toEqual(copies.map(() => [{ integrity_check: 'ok' }]))
  expect(ofBefore.map(({ rows }) => rows)).toEqual(ofBefore.map(() => before.rows))
  return names.length
}

/** The history before anything opens it as the app does: sound, and of one whole version. */
function versionAsItLies(place: string, moments: readonly Moment[]): number {
  return withHistory(place, (sql) => {
    expect(sql.pragma('integrity_check', { simple: true })).toBe('ok')
    const version = versionOf(sql)
    expect(schemaIn(sql)).toEqual(schemaOf(version))
    expect(everyRow(sql)).toEqual(moments.find((moment) => moment.version === version)?.rows)
    return version
  })
}

test.each(numbers.slice(0, -1).map((number) => ({ number })))(
  'power lost on the way from version $number: the history is of a whole version, and goes on with every row',
  { timeout: 60_000 },
  async ({ number }) => {
    const old = join(base, `version-${number}`)
    makeHistoryOf(number, old)
    const moments = migrateAndWatch(old)
    expect(moments.map(({ version }) => version)).toEqual(numbers.filter((each) => each >= number))
    const [before, after] = moments
    const last = moments.at(-1)
    if (before === undefined || after === undefined || last === undefined) throw new Error('A migration has a step')
    const place = join(base, 'cut')
    const file = join(old, 'history.db')
    const copies = join(old, backupFolder)
    expect(checkCopies(old, before)).toBe(1)
    const seen = new Set<number>()
    for (const [index, cut] of cutsBetween(before, after).entries()) {
      const log = Buffer.concat([after.log.subarray(0, cut.bytes), Buffer.alloc(cut.zeros)])
      // Not every file system keeps a name through a power cut, though all that is in the file is there.
      const remains = { file, log, copies: index % 2 === 0 ? copies : null }
      lay(place, remains)
      const version = versionAsItLies(place, moments)
      seen.add(version)
      // Anew, since whoever looks moves the log into the file.
      lay(place, remains)
      await restartHistory(place)
      withHistory(place, (sql) => {
        expect(versionOf(sql)).toBe(latest)
        expect(sql.pragma('integrity_check', { simple: true })).toBe('ok')
        expect(sql.pragma('foreign_key_check')).toEqual([])
        expect(everyRow(sql)).toEqual(last.rows)
        checkHistory(sql)
      })
      expect(checkCopies(place, before)).toBeGreaterThan(version === latest ? -1 : 0)
    }
    // Cut before the commit's last frame it is as before, and with that frame it is the next version.
    expect(seen).toEqual(new Set([before.version, after.version]))
  },
)

test(
  'power lost while the copy is made: what there is of it bears no name of a copy, and the next start makes one that is whole',
  { timeout: 60_000 },
  async () => {
    const old = join(base, 'copying')
    makeHistoryOf(10, old)
    const [before, ...others] = migrateAndWatch(old)
    const [name] = readdirSync(join(old, backupFolder))
    if (before === undefined || name === undefined) throw new Error('The migration made a copy')
    const whole = readFileSync(join(old, backupFolder, name))
    const place = join(base, 'cut')
    const half = join(base, 'half')
    for (const share of [0, 0.1, 0.5, 0.9, 1]) {
      rmSync(half, { recursive: true, force: true })
      mkdirSync(half)
      writeFileSync(join(half, `${name}${unfinished}`), whole.subarray(0, Math.floor(whole.length * share)))
      lay(place, { file: join(old, 'history.db'), log: Buffer.alloc(0), copies: half })
      expect(versionAsItLies(place, [before])).toBe(10)
      expect(checkCopies(place, before)).toBe(0)
      await restartHistory(place)
      expect(withHistory(place, everyRow)).toEqual(others.at(-1)?.rows)
      expect(checkCopies(place, before)).toBe(1)
    }
  },
)

test(
  'power lost while a new history is made: the next start makes it, or finds it made',
  { timeout: 60_000 },
  async () => {
    const fresh = join(base, 'fresh')
    mkdirSync(fresh)
    onTestFinished(() => rmSync(fresh, { recursive: true, force: true }))
    const [before, after] = migrateAndWatch(fresh)
    if (before === undefined || after === undefined) throw new Error('A new history is made in one step')
    const place = join(base, 'cut')
    const seen = new Set<number>()
    for (const cut of cutsBetween(before, after)) {
      const log = Buffer.concat([after.log.subarray(0, cut.bytes), Buffer.alloc(cut.zeros)])
      const remains = { file: join(fresh, 'history.db'), log, copies: null }
      lay(place, remains)
      seen.add(withHistory(place, versionOf))
      lay(place, remains)
      await restartHistory(place)
      expect(withHistory(place, everyRow)).toEqual(after.rows)
      expect(existsSync(join(place, backupFolder))).toBe(false)
    }
    expect(seen).toEqual(new Set([0, latest]))
  },
)
