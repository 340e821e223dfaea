import { randomInt } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { planRounds } from '../../support/chaos/plan.ts'
import { buildEngines, type Engines } from '../../support/chaos/processes.ts'
import { playOnRealWindows, playRound } from '../../support/chaos/rounds.ts'
import { steps, type Step } from '../../support/chaos/steps.ts'

const kills = Number(process.env.ERASURE_DESK_KILLS ?? 110)
const seed = process.env.ERASURE_DESK_SEED ?? String(randomInt(1_000_000))
const rounds = planRounds(seed, kills)
const done: Step[] = []
const held: { engines?: Engines } = {}

beforeAll(async () => {
  held.engines = await buildEngines()
})

afterAll(() => {
  held.engines?.remove()
  const report = process.env.ERASURE_DESK_KILLS_REPORT
  if (report === undefined) return
  const counts = steps.map(({ step }) => [step, done.filter((each) => each === step).length])
  writeFileSync(report, JSON.stringify({ seed, counts: Object.fromEntries(counts) }))
})

function engines(): Engines {
  if (held.engines === undefined) throw new Error('The engines are built')
  return held.engines
}

describe.concurrent(`${kills} kills, seed ${seed}`, () => {
  test.each(rounds)('$name: nothing lost, sent twice or claimed', { timeout: 240_000 }, async (round) => {
    const killed = await playRound(engines(), round)
    expect(killed).toHaveLength(round.kills.length)
    done.push(...killed)
  })

  test("on the vendor's real windows: nothing lost, sent twice or claimed", { timeout: 240_000 }, async () => {
    const wanted: readonly Step[] = ['after the body', 'before the answer is stored', 'in a poll, after the first byte']
    const inTurn = wanted.map((step) => ({ step, skip: 1, microseconds: 0 }))
    await expect(playOnRealWindows(engines(), inTurn)).resolves.toBeUndefined()
  })
})

test('the kills are as many as were asked for, and every named step is among them', () => {
  const planned = rounds.flatMap((round) => round.kills.map(({ step }) => step))
  expect(planned).toHaveLength(kills)
  expect(new Set(planned)).toEqual(new Set(steps.map(({ step }) => step)))
})
