import { expect, test } from 'vitest'
import type { Change } from '../../../../../src/shared/contract.ts'
import { createNotify } from '../../../../../src/main/core/app/changes.ts'

/** A clock whose sleeps end when the test says so. */
function createManualClock() {
  let time = 1_000
  const sleepers: (() => void)[] = []
  return {
    clock: {
      now: () => time,
      steady: () => time,
      sleep: async () => await new Promise<void>((resolve) => sleepers.push(resolve)),
    },
    pass: async () => {
      time += 100
      for (const wake of sleepers.splice(0)) wake()
      await Promise.resolve()
      await Promise.resolve()
    },
  }
}

test('the first change leaves at once, a burst behind it as one', async () => {
  const { clock, pass } = createManualClock()
  const pushed: Change[] = []
  const notify = createNotify(clock, (change) => pushed.push(change))
  for (let row = 1; row <= 500; row += 1) notify('request', 7)
  expect(pushed).toEqual([{ topic: 'request', id: 7, revision: 1, at: 1_000 }])
  await pass()
  expect(pushed[1]).toEqual({ topic: 'request', id: 7, revision: 2, at: 1_100 })
  await pass()
  expect(pushed).toHaveLength(2)
  notify('request', 7)
  expect(pushed).toHaveLength(3)
})

test('changes of several rows leave without an id', async () => {
  const { clock, pass } = createManualClock()
  const pushed: Change[] = []
  const notify = createNotify(clock, (change) => pushed.push(change))
  notify('request', 1)
  notify('request', 2)
  notify('request', 3)
  notify('request', 3)
  await pass()
  expect(pushed.map((change) => change.id)).toEqual([1, null])
})

test('one topic does not hold back another', () => {
  const { clock } = createManualClock()
  const topics: string[] = []
  const notify = createNotify(clock, (change) => topics.push(change.topic))
  notify('app')
  notify('budget')
  notify('app')
  expect(topics).toEqual(['app', 'budget'])
})
