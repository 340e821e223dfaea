import { expect, test } from 'vitest'
import {
  disclosureOf,
  doubtWords,
  fileWords,
  linkWords,
  progressWords,
} from '../../../../src/renderer/src/copies/copy-words.ts'
import { mixpanel } from '../../../../src/main/vendors/mixpanel/index.ts'
import type { RetrievalId } from '../../../../src/shared/model/ids.ts'
import type { RetrievalRow } from '../../../../src/shared/model/retrieval.ts'

const now = Date.parse('2026-11-24T12:00:00Z')
const copy: RetrievalRow = {
  id: 1 as RetrievalId,
  number: 1,
  againOf: null,
  status: 'ready',
  scope: { kind: 'choice', value: 'CCPA' },
  disclosure: 'Data',
  size: 2,
  vendorRequestId: 'a',
  askedAt: now,
  readyAt: now,
  lastAnswerAt: now,
  nextPollAt: null,
  vendorWords: 'SUCCESS',
  note: null,
  linkExpiresAt: null,
  linkRefusedAt: null,
  used: null,
  saving: null,
}

test('of a link it is said what is known: its end, that it is over, that it was refused, or that nobody said', () => {
  expect(linkWords({ ...copy, status: 'accepted' }, now)).toBe('—')
  expect(linkWords(copy, now)).toBe('end not said')
  expect(linkWords({ ...copy, linkExpiresAt: now + 3_600_000 }, now)).toMatch(/^until /)
  expect(linkWords({ ...copy, linkExpiresAt: now }, now)).toBe('over')
  expect(linkWords({ ...copy, linkExpiresAt: now + 1, linkRefusedAt: now - 60_000 }, now)).toMatch(/^refused /)
})

test('of a file it is said what became of it, and how far it is', () => {
  expect(fileWords(copy, now)).toBe('—')
  expect(fileWords({ ...copy, used: { how: 'saved', at: now - 60_000 } }, now)).toMatch(/^saved /)
  expect(fileWords({ ...copy, used: { how: 'opened', at: now } }, now)).toMatch(/^opened in the browser /)
  const saving = { bytes: 500, total: 1000 }
  expect(fileWords({ ...copy, used: { how: 'opened', at: now }, saving }, now)).toBe(`saving: ${progressWords(saving)}`)
  expect(progressWords({ bytes: 500, total: null })).not.toContain(' of ')
})

test('what a copy may disclose depends on the scope of its request', () => {
  const { retrieval } = mixpanel.profile
  if (retrieval === undefined) throw new Error('Mixpanel makes copies')
  const offered = (value: string) => disclosureOf(retrieval, { kind: 'choice', value })?.choices.map((one) => one.value)
  expect(offered('CCPA')).toEqual(['Data', 'Categories', 'Sources'])
  expect(offered('GDPR')).toBeUndefined()
  expect(disclosureOf(retrieval, null)).toBeNull()
  expect(disclosureOf(retrieval, { kind: 'everything' })).toBeNull()
})

test('of copies in doubt it is said that both may be, and what is to be decided', () => {
  expect(doubtWords(1).title).toBe('Nobody knows whether 1 copy of these people’s data was asked for')
  expect(doubtWords(1).words).toContain('The call may have arrived all the same: the vendor may or may not make it.')
  expect(doubtWords(2).title).toBe('Nobody knows whether 2 copies of these people’s data were asked for')
  expect(doubtWords(2).words).toContain('ask again, which may make a second, or leave them')
})
