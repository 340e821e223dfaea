/** Places in lists whose ids have gaps, held against a plain walk through the whole list. */
import { array, asyncProperty, assert, constantFrom, integer, nat, record } from 'fast-check'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type SqliteDatabase from 'better-sqlite3'
import type { Database } from '../../../src/main/core/ports.ts'
import { idAtRank, rankOfId } from '../../../src/main/adapters/database/queries/ranks.ts'
import { asOfOneMoment, type Sql } from '../../../src/main/adapters/database/sql.ts'
import type { RequestId } from '../../../src/shared/model/ids.ts'
import { stateNumbers, type IdentifierState } from '../../../src/shared/model/state.ts'
import { addConnection, addDraft, emptyDraft, must, openBeside, openIn, sendDraft, temporaryFolder } from './support.ts'

let place = temporaryFolder()
let database: Database
/** Changes the history, as another process would. */
let writer: SqliteDatabase.Database
/** Asks, and never writes. */
let reader: Sql

beforeEach(async () => {
  place = temporaryFolder()
  database = await openIn(place.folder)
  writer = openBeside(place.folder)
  reader = openBeside(place.folder)
})

afterEach(async () => {
  writer.close()
  reader.close()
  await database.close()
  place.remove()
})

/** Long enough that rows are counted and not only walked. */
const count = 9_000
const chosen: readonly (readonly IdentifierState[])[] = [[], ['queued'], ['erased', 'failed'], ['queued', 'erased']]

function listOf(requestId: RequestId, states: readonly IdentifierState[]) {
  const isWhole = states.length === 0
  const numbers = isWhole ? Object.values(stateNumbers) : states.map((state) => stateNumbers[state])
  const where = `AND state IN (${numbers.join(', ')})`
  const ids = writer
    .prepare<[number], { id: number }>(`SELECT id FROM identifier WHERE request_id = ? ${where} ORDER BY id`)
    .all(requestId)
    .map(({ id }) => id)
  return { list: { requestId, states: numbers, isWhole, total: ids.length }, ids }
}

/** Asks for places all over the list and for its ends; gives those that a walk through the whole list does not confirm. */
function misplaced(asked: Sql, requestId: RequestId, shares: readonly number[]): readonly string[] {
  return chosen.flatMap((states) => {
    const { list, ids } = listOf(requestId, states)
    const rankOf = (id: number) => asOfOneMoment(asked, () => rankOfId(asked, list, id))
    const indexes = [0, ids.length - 1, ...shares.map((share) => Math.floor(share * (ids.length - 1)))]
    const isRight = (index: number) => {
      const id = asOfOneMoment(asked, () => idAtRank(asked, list, index + 1))
      return id === ids[index] && rankOf(id) === index + 1 && rankOf(id - 1) === index
    }
    const wrong = ids.length === 0 ? [] : indexes.filter((index) => !isRight(index)).map(String)
    const ends = rankOf(0) === 0 && rankOf(Number.MAX_SAFE_INTEGER) === ids.length ? [] : ['beyond the ends']
    return [...wrong, ...ends].map((at) => `${states.join(', ')}: ${at}`)
  })
}

const someShares = array(integer({ min: 0, max: 1_000 }), { minLength: 6, maxLength: 6 })
const states = ['queued', 'erased', 'failed'] as const
const someChanges = array(
  record({
    what: constantFrom('remove', ...states),
    from: nat(count),
    length: nat(3_000),
    every: integer({ min: 1, max: 9 }),
  }),
  { maxLength: 4 },
)

test('every place is the right one, whatever was removed or has changed its state since it was last asked for', async () => {
  const connection = await addConnection(database)
  await assert(
    asyncProperty(someChanges, someShares, nat(1), async (changes, shares, sent) => {
      const requestId = await addDraft(database, place.folder, connection, count)
      const { ids } = listOf(requestId, [])
      const places = shares.map((share) => share / 1_000)
      if (sent === 1) await sendDraft(database, requestId)
      expect(misplaced(reader, requestId, places)).toEqual([])
      for (const { what, from, length, every } of changes) {
        const within = `request_id = ? AND id >= ? AND id < ? AND id % ${every} = 0`
        const first = (ids[0] ?? 0) + from
        // What was sent loses no row.
        if (what !== 'remove') {
          writer
            .prepare(`UPDATE identifier SET state = ${stateNumbers[what]} WHERE ${within}`)
            .run(requestId, first, first + length)
        } else if (sent === 0) {
          writer.prepare(`DELETE FROM identifier WHERE ${within}`).run(requestId, first, first + length)
        }
        expect(misplaced(reader, requestId, places)).toEqual([])
      }
    }),
    { numRuns: 12 },
  )
}, 120_000)

test('a draft whose rows were exchanged for others, as many and between the same ends, is counted again', async () => {
  const requestId = await addDraft(database, place.folder, await addConnection(database), count)
  const { ids } = listOf(requestId, [])
  const first = ids[0] ?? 0
  writer.prepare('DELETE FROM identifier WHERE id = ?').run(first + 10)
  expect(misplaced(reader, requestId, [0.2, 0.5])).toEqual([])
  writer.prepare('UPDATE identifier SET id = ? WHERE id = ?').run(first + 10, first + 8_000)
  expect(misplaced(reader, requestId, [0.2, 0.5])).toEqual([])
})

test('two rows that have taken each other’s state are noticed, whichever connection has moved them', async () => {
  const requestId = await addDraft(database, place.folder, await addConnection(database), count)
  await sendDraft(database, requestId)
  const first = listOf(requestId, []).ids[0] ?? 0
  const put = writer.prepare('UPDATE identifier SET state = ? WHERE id = ?')
  writer.prepare(`UPDATE identifier SET state = ${stateNumbers.erased} WHERE id % 2 = 0`).run()
  const even = Math.ceil((first + 10) / 2) * 2
  for (const asked of [reader, writer]) {
    expect(misplaced(asked, requestId, [0.2, 0.5])).toEqual([])
    put.run(stateNumbers.queued, even)
    put.run(stateNumbers.erased, even + 8_001)
    expect(misplaced(asked, requestId, [0.2, 0.5])).toEqual([])
    put.run(stateNumbers.erased, even)
    put.run(stateNumbers.queued, even + 8_001)
  }
})

test('ids in heaps that lie far apart are found, and a list without rows is at its beginning', async () => {
  const connection = await addConnection(database)
  const requestId = await addDraft(database, place.folder, connection, count)
  const { ids } = listOf(requestId, [])
  const half = ids[Math.floor(count / 2)] ?? 0
  writer.prepare('UPDATE identifier SET id = id + 1000000000 WHERE id > ?').run(half)
  writer.prepare('DELETE FROM identifier WHERE id % 7 = 0').run()
  expect(misplaced(reader, requestId, [0.1, 0.49, 0.5, 0.51, 0.9])).toEqual([])
  const empty = await emptyDraft(database, connection)
  expect(rankOfId(reader, { requestId: empty, states: [], isWhole: true, total: 0 }, 5)).toBe(0)
  expect(
    must(
      await database.read(
        'listIdentifiers',
        { requestId: empty, states: [], search: '', anchor: { index: 3 }, limit: 5 },
        0,
      ),
    ),
  ).toEqual({ rows: [], start: 0, total: 0 })
})
