import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Submitted } from '../../../../../src/main/core/ports.ts'
import { sentForm } from '../../../../../src/main/vendors/kore/call.ts'
import { namesOf, namesOfAnswered } from '../../../../../src/main/vendors/kore/names.ts'
import { connectionSettingsSchema, type PairForm } from '../../../../../src/shared/model/connection.ts'
import { kindOfUserId } from '../../../../../src/shared/model/identifier.ts'

const settingsFor = (pairForm: PairForm) => connectionSettingsSchema.parse({ pairForm })
const asObject = settingsFor({ kind: 'object' })
const email = (value: string): Submitted => ({ kind: 'email', value, channelId: null })
const userId = (value: string): Submitted => ({ kind: 'user id', value, channelId: null })
const pair = (channelId: string, value: string): Submitted => ({ kind: 'channel pair', value, channelId })

/** Whether an answer about `answered` is about `submitted`, for certain. */
function names(submitted: Submitted, answered: Parameters<typeof namesOfAnswered>[0], settings = asObject): boolean {
  const given = namesOfAnswered(answered)
  return namesOf(submitted, settings).some((name) => given.includes(name))
}

test('an email is named in any letter case', () => {
  expect(names(email('Ana@Example.org'), 'ana@EXAMPLE.org')).toBe(true)
  expect(names(email('ana@example.org'), 'anna@example.org')).toBe(false)
})

test('everything else is named exactly', () => {
  expect(names(userId('u-Abc'), 'u-Abc')).toBe(true)
  expect(names(userId('u-Abc'), 'u-abc')).toBe(false)
  expect(names({ kind: 'channel user id', value: 'X@y.example', channelId: null }, 'x@y.example')).toBe(false)
  expect(names({ kind: 'channel user id', value: 'X@y.example', channelId: null }, 'X@y.example')).toBe(true)
})

test('an email that is answered as a u-… id is not matched', () => {
  expect(names(email('ana@example.org'), 'u-6a1f6f0e-0000-5000-8000-000000000000')).toBe(false)
})

test('a pair is named by the pair; by its channel user id alone only where that was an entry of its own', () => {
  const sent = pair('whatsapp', '49170')
  const answered = { channel_id: 'whatsapp', channel_user_id: '49170' }
  expect(names(sent, answered)).toBe(true)
  expect(names(sent, { ...answered, channel_id: 'sms' })).toBe(false)
  expect(names(sent, '49170')).toBe(false)
  expect(names(sent, '49170', settingsFor({ kind: 'two entries' }))).toBe(true)
  const template = settingsFor({ kind: 'template', template: '{channel_id}/{channel_user_id}' })
  expect(names(sent, 'whatsapp/49170', template)).toBe(true)
  expect(names(sent, '49170', template)).toBe(false)
})

test('what stood in the call decides, not the settings of today', () => {
  const forms = [
    asObject,
    settingsFor({ kind: 'two entries' }),
    settingsFor({ kind: 'template', template: '{channel_id}/{channel_user_id}' }),
  ]
  const sent = pair('whatsapp', '49170')
  for (const then of forms)
    for (const today of forms)
      expect(namesOf({ ...sent, sentForm: sentForm(sent, then) }, today)).toEqual(namesOf(sent, then))
})

test('whatever was sent as one text is named by that very text', () => {
  fc.assert(
    fc.property(fc.string({ minLength: 1, maxLength: 40 }), (value) => {
      fc.pre(value.trim() !== '')
      const submitted = { kind: kindOfUserId(value.trim()), value, channelId: null }
      expect(names(submitted, JSON.parse(sentForm(submitted, asObject)) as string)).toBe(true)
    }),
  )
})

test('two different pairs never share a name', () => {
  const half = fc.string({ maxLength: 6 })
  fc.assert(
    fc.property(half, half, half, half, (channelA, valueA, channelB, valueB) => {
      const one = namesOf(pair(channelA, valueA), asObject)
      const other = namesOf(pair(channelB, valueB), asObject)
      const same = channelA.trim() === channelB.trim() && valueA.trim() === valueB.trim()
      expect(one.some((name) => other.includes(name))).toBe(same)
    }),
  )
})
