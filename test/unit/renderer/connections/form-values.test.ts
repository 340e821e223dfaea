import { describe, expect, it } from 'vitest'
import {
  emptyFormValues,
  findMistakes,
  formValuesOf,
  mentionsBothParts,
  readWords,
  toConnectionInput,
  windowFromValues,
  windowToValues,
} from '../../../../src/renderer/src/features/connections/form-values.ts'
import type { OwnSetting } from '../../../../src/shared/model/vendor.ts'
import { koreProfile } from '../../../../src/main/vendors/kore/profile.ts'
import { connectionInputSchema, connectionSchema } from '../../../../src/shared/model/connection.ts'

const filled = { ...emptyFormValues(koreProfile), name: 'Kore.ai production', clientId: 'cs-1', secret: 'a secret' }

const connection = connectionSchema.parse({
  id: 3,
  accountId: 2,
  accountName: 'Kore.ai',
  vendor: 'kore',
  name: 'Kore.ai staging',
  environment: 'staging',
  isSandbox: false,
  origin: 'https://bots.kore.ai',
  clientId: 'cs-4a71',
  settings: {
    signing: { algorithm: 'HS512', lifetimeSeconds: 120, subject: 'desk' },
    identifiersPerCall: 50,
    pairForm: { kind: 'template', template: '{channel_id}:{channel_user_id}' },
    methodOverride: true,
    lookUpFirst: true,
    jitter: 0.25,
    failureWords: ['DENIED', 'NOT DONE'],
  },
  windows: [
    { milliseconds: 60_000, calls: 30 },
    { milliseconds: 10_000, calls: 5 },
  ],
  margin: 0.125,
  secretSavedAt: 1,
  createdAt: 1,
  firstUsedAt: null,
  retiredAt: null,
  stopped: null,
  lastTest: null,
  tooLarge: null,
  openRequests: 0,
})

describe('the connection form', () => {
  it('begins with production and the vendor’s documented limits', () => {
    const values = emptyFormValues(koreProfile)
    expect(values.environment).toBe('production')
    expect(values.windows).toEqual([
      { calls: 60, length: 1, unit: 'minute' },
      { calls: 1800, length: 1, unit: 'hour' },
    ])
    expect(values.marginPercent).toBe(5)
    expect(values.secret).toBe('')
  })

  it('gives the contract an input it accepts', () => {
    const input = connectionInputSchema.parse(toConnectionInput(filled, null))
    expect(input).toMatchObject({ vendor: 'kore', environment: 'production', secret: 'a secret', margin: 0.05 })
    expect(input.accountId).toBeUndefined()
    expect(input.id).toBeUndefined()
  })

  it('carries every setting of a connection there and back', () => {
    const input = connectionInputSchema.parse(toConnectionInput(formValuesOf(connection), connection.id))
    expect(input.settings).toEqual(connection.settings)
    expect(input.windows).toEqual(connection.windows)
    expect(input.margin).toBe(0.125)
    expect(input.accountId).toBe(2)
  })

  it('leaves the secret out when the field stays empty, so that the keychain keeps its own', () => {
    expect('secret' in toConnectionInput(formValuesOf(connection), connection.id)).toBe(false)
    expect(findMistakes(formValuesOf(connection), connection, koreProfile)).toEqual({})
  })

  it('asks for a secret where none is in the keychain', () => {
    expect(findMistakes({ ...filled, secret: '' }, null, koreProfile).secret).toMatch(/keychain/)
    expect(findMistakes(formValuesOf(connection), { ...connection, secretSavedAt: null }, koreProfile).secret).toMatch(
      /needed/,
    )
  })

  it('says what is wrong beside the field it is in', () => {
    const mistakes = findMistakes(
      {
        ...filled,
        name: '  ',
        identifiersPerCall: 0,
        marginPercent: 95,
        jitterPercent: 51,
        lifetimeSeconds: Number.NaN,
        windows: [],
      },
      null,
      koreProfile,
    )
    expect(Object.keys(mistakes).toSorted()).toEqual([
      'identifiersPerCall',
      'jitterPercent',
      'lifetimeSeconds',
      'marginPercent',
      'name',
      'windows',
    ])
  })

  it('wants both parts of a pair in a template', () => {
    expect(
      findMistakes({ ...filled, pairForm: 'template', pairTemplate: '{channel_user_id}' }, null, koreProfile)
        .pairTemplate,
    ).toBeDefined()
    expect(mentionsBothParts('{channel_id}/{channel_user_id}')).toBe(true)
  })

  it('draws a vendor’s own settings from its profile, and judges them by it', () => {
    const profile = {
      ...koreProfile,
      secret: { ...koreProfile.secret, expires: true },
      ownSettings: [
        { kind: 'number', key: 'groups', label: 'Groups', hint: '', unit: '', least: 0, most: 20, initial: 0 },
      ] satisfies OwnSetting[],
    }
    const values = { ...filled, ...emptyFormValues(profile), name: 'A', clientId: 'c', secret: 's' }
    expect(values.own).toEqual({ groups: 0 })
    expect(Object.keys(findMistakes({ ...values, own: { groups: 21 } }, null, profile)).toSorted()).toEqual([
      'own',
      'secretExpiresOn',
    ])
    expect(findMistakes({ ...values, secretExpiresOn: '2027-06-30' }, null, profile)).toEqual({})
  })
})

describe('rolling windows', () => {
  it.each([
    [
      { milliseconds: 3_600_000, calls: 1800 },
      { calls: 1800, length: 1, unit: 'hour' },
    ],
    [
      { milliseconds: 90_000, calls: 9 },
      { calls: 9, length: 90, unit: 'second' },
    ],
    [
      { milliseconds: 86_400_000, calls: 2 },
      { calls: 2, length: 1, unit: 'day' },
    ],
  ] as const)('%o is typed as %o', (window, values) => {
    expect(windowToValues(window)).toEqual(values)
    expect(windowFromValues(values)).toEqual(window)
  })
})

it('reads one failure word a line', () => {
  expect(readWords(' DENIED \n\nNOT DONE\r\n')).toEqual(['DENIED', 'NOT DONE'])
})
