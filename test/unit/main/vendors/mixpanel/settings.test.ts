import { expect, test } from 'vitest'
import { completeSettings } from '../../../../../src/main/core/connections/settings.ts'
import { mixpanelProfile } from '../../../../../src/main/vendors/mixpanel/profile.ts'
import { mixpanel } from '../../../../../src/main/vendors/mixpanel/index.ts'
import { connectionSettingsSchema } from '../../../../../src/shared/model/connection.ts'
import { vendorProfileSchema } from '../../../../../src/shared/model/vendor.ts'

function sizeFor(own: Readonly<Record<string, string | number | boolean>>) {
  const complete = completeSettings(mixpanel, connectionSettingsSchema.parse({ own, identifiersPerCall: 1234 }))
  return complete.ok ? complete.value.identifiersPerCall : complete.failure
}

test.each([
  [{}, 500],
  [{ dataGroups: 0, mostPerTask: 2000 }, 2000],
  [{ dataGroups: 1, mostPerTask: 2000 }, 1000],
  [{ dataGroups: 2, mostPerTask: 2000 }, 666],
  [{ dataGroups: 3 }, 500],
  [{ dataGroups: 4 }, 400],
  [{ dataGroups: 4, mostPerTask: 100 }, 100],
  [{ dataGroups: 1999, mostPerTask: 2000 }, 1],
  [{ mostPerTask: 1 }, 1],
])('with %o a task carries %i identifiers', (own, size) => {
  expect(sizeFor(own)).toBe(size)
})

test.each([
  ['dataGroups', -1],
  ['dataGroups', 2000],
  ['dataGroups', 0.5],
  ['dataGroups', Number.NaN],
  ['dataGroups', '0'],
  ['dataGroups', true],
  ['mostPerTask', 0],
  ['mostPerTask', 2001],
])('%s cannot be %o', (key, value) => {
  const settings = { ...connectionSettingsSchema.parse({}), own: { [key]: value } }
  expect(completeSettings(mixpanel, settings)).toMatchObject({
    ok: false,
    failure: { code: 'invalid-input', field: 'own', next: expect.stringContaining('from') as unknown },
  })
})

test('what is not known among the own settings is not kept, and both known ones are', () => {
  const complete = completeSettings(mixpanel, connectionSettingsSchema.parse({ own: { dataGroups: 3, project: 'x' } }))
  expect(complete).toMatchObject({ ok: true, value: { own: { dataGroups: 3, mostPerTask: 500 } } })
  expect(complete.ok && Object.keys(complete.value.own).length).toBe(2)
})

test('everything else stays as the operator chose it', () => {
  const chosen = connectionSettingsSchema.parse({ callTimeoutMilliseconds: 9000, secretExpiresOn: '2027-11-01' })
  expect(completeSettings(mixpanel, chosen)).toMatchObject({
    ok: true,
    value: { callTimeoutMilliseconds: 9000, secretExpiresOn: '2027-11-01' },
  })
})

test('the profile is one that the window can read, and its words are whole', () => {
  expect(vendorProfileSchema.parse(mixpanelProfile)).toEqual(mixpanelProfile)
  expect(mixpanelProfile).toMatchObject({
    id: 'mixpanel',
    otherOrigin: null,
    windows: [{ milliseconds: 1000, calls: 1 }],
    secret: { expires: true },
    columns: ['distinct id', 'case reference'],
    capabilities: { cancel: true, resultForEach: false, marksEnd: true },
    callSize: { follows: true, initial: 500, most: 2000 },
    settingsParts: [],
  })
  expect(mixpanelProfile.origins.map(({ origin }) => origin)).toEqual([
    'https://mixpanel.com',
    'https://eu.mixpanel.com',
    'https://in.mixpanel.com',
  ])
  const { scope } = mixpanelProfile
  expect(scope.kind === 'choice' ? scope.choices.map(({ value }) => value) : []).toEqual(['GDPR', 'CCPA'])
})
