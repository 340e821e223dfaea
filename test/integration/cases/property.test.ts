/** Random small files, read in as a case: every reading adds up, and everybody has exactly what their lines say. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { foldIdentifier, kindOfUserId } from '../../../src/shared/model/identifier.ts'
import { openBench, page } from './support.ts'

/** Few different ones, so that people share and repeat them. */
const userId = fc.constantFrom('', 'ann@example.org', 'ANN@example.org', 'u-1', 'u-1', 'u\u0007-3')
const distinctId = fc.constantFrom('', '', 'd-1', 'd-2', 'D-2', 'd\u0007-3')
const bot = fc.constantFrom('', 'st-1', 'st-1', 'st-2')
const key = fc.constantFrom('', 'K-1', 'k-1', 'ben@example.org', 'Ben@Example.org')
const row = fc.tuple(key, userId, userId, bot, distinctId)
const file = fc.record({
  rows: fc.array(fc.oneof({ weight: 9, arbitrary: row }, { weight: 1, arbitrary: fc.constant(null) }), {
    minLength: 1,
    maxLength: 8,
  }),
  /** Scopes that the bots' request is given one after the other. */
  scopes: fc.shuffledSubarray(['st-1', 'st-2', 'st-9'], { minLength: 2, maxLength: 3 }),
})
type Row = readonly [string, string, string, string, string]

function fold(value: string): string {
  return `${kindOfUserId(value)} ${foldIdentifier({ kind: kindOfUserId(value), value, channelId: null })}`
}

function isBroken(value: string): boolean {
  return value.includes('\u0007')
}

/** Who is named by the rows, in order, and what each has, as a plain reading of the file says it. */
function expected(rows: readonly (Row | null)[], scope: string | undefined): readonly (readonly string[])[] {
  const people = new Map<string, Set<string>>()
  for (const [place, cells] of rows.entries()) {
    if (cells === null) continue
    const [person, one, two, bots, distinct] = cells
    if ([one, two, distinct].every((value) => value === '')) continue
    const name = person === '' ? `line ${place}` : fold(person)
    const own = people.get(name) ?? new Set<string>()
    people.set(name, own)
    // Rows that name the request's own scope mean the same as those that leave it open, where both are there.
    const where = (value: string): string => (bots !== '' && bots === scope && isOpenSomewhere(rows, value) ? '' : bots)
    for (const value of [one, two]) {
      if (value !== '' && !isBroken(value)) own.add(`bots ${fold(value)} @${where(value)}`)
    }
    if (distinct !== '' && !isBroken(distinct)) own.add(`distinct ${distinct}`)
  }
  return [...people.values()].map((own) => [...own].toSorted())
}

function isOpenSomewhere(rows: readonly (Row | null)[], value: string): boolean {
  return rows.some(
    (cells) =>
      cells !== null &&
      cells[3] === '' &&
      [cells[1], cells[2]].some((other) => other !== '' && !isBroken(other) && fold(other) === fold(value)),
  )
}

test('readings add up and identifiers are exactly those of the people whose lines name them, at every scope', async () => {
  const bench = await openBench()
  try {
    await fc.assert(
      fc.asyncProperty(file, async ({ rows, scopes }) => {
        const lines = rows.map((cells) => (cells === null ? 'ragged,row' : cells.join(',')))
        const detail = await bench.caseOf(
          ['person', 'kore.user id', 'kore.user id', 'kore.bot ids', 'mixpanel.distinct id'],
          lines,
        )
        for (const { summary } of detail.parts.flatMap(({ readings }) => readings)) {
          const { identifiers = 0, duplicates = 0, rejects = 0, elsewhere = 0 } = summary ?? {}
          expect(identifiers + duplicates + rejects + elsewhere).toBe(rows.length)
        }
        const kore = bench.requestOf(detail, 'kore')
        for (const scope of [undefined, ...scopes]) {
          if (scope !== undefined) {
            await bench.desk.get('updateDraft', { requestId: kore, scope: { kind: 'bots', botIds: [scope] } })
          }
          const scopeOf = new Map(
            (await bench.desk.get('listIdentifiers', { requestId: kore, states: [], search: '', ...page })).rows.map(
              ({ id, scope: own }) => [id, own?.kind === 'bots' ? own.botIds.join(';') : ''],
            ),
          )
          const found: string[][] = []
          for (const person of await bench.people(detail.id)) {
            const own = (await bench.identifiersOf(detail.id, person.id)).map(({ id, requestId, value }) =>
              requestId === kore ? `bots ${fold(value ?? '')} @${scopeOf.get(id)}` : `distinct ${value}`,
            )
            const counted = person.cells.flatMap(({ counts }) => Object.values(counts))
            expect(counted.reduce((sum, count) => sum + count, 0)).toBe(own.length)
            found.push(own.toSorted())
          }
          expect(found).toEqual(expected(rows, scope))
          await bench.check()
        }
        await bench.desk.get('discardCase', { caseId: detail.id })
      }),
      { numRuns: 15 },
    )
  } finally {
    await bench.close()
  }
}, 240_000)
