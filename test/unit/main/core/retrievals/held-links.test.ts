import { expect, test } from 'vitest'
import { systemRandom } from '../../../../../src/main/adapters/clock/clock.ts'
import { createHeldLinks } from '../../../../../src/main/core/retrievals/held-links.ts'
import type { RetrievalId } from '../../../../../src/shared/model/ids.ts'

const one = 1 as RetrievalId
const link = { url: 'https://storage.example/1', host: 'storage.example' }

test('a link is there for its own copy alone, and for ten minutes', () => {
  let steady = 0
  const clock = { now: () => 0, steady: () => steady, sleep: async () => {} }
  const held = createHeldLinks(systemRandom, clock)
  const token = held.give(one, link)
  expect(held.find(token, one)).toEqual(link)
  expect(held.find(token, 2 as RetrievalId)).toBeNull()
  expect(held.find('another', one)).toBeNull()
  steady = 600_000
  expect(held.find(token, one)).toBeNull()
})
