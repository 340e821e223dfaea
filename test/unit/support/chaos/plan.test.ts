import { expect, test } from 'vitest'
import { planRounds } from '../../../support/chaos/plan.ts'
import { steps, stepsOf } from '../../../support/chaos/steps.ts'

test.each([110, 500])('%i kills are that many, at every step, each in a history of its own kind', (kills) => {
  const rounds = planRounds('a seed', kills)
  const killed = rounds.flatMap((round) => round.kills.map(({ step }) => step))
  expect(killed).toHaveLength(kills)
  expect(new Set(killed)).toEqual(new Set(steps.map(({ step }) => step)))
  for (const round of rounds) {
    expect(stepsOf(round.work)).toEqual(expect.arrayContaining(round.kills.map(({ step }) => step)))
  }
})

test('a seed gives the same plan each time, and another one another', () => {
  expect(planRounds('one', 110)).toEqual(planRounds('one', 110))
  expect(planRounds('one', 110)).not.toEqual(planRounds('other', 110))
})
