import { describe, expect, test } from 'vitest'
import { makePlan } from '../../../../../src/main/core/plan/plan.ts'
import type { PlanBasis } from '../../../../../src/main/core/ports.ts'
import { kore } from '../../../../../src/main/vendors/kore/index.ts'
import { koreWindows } from '../../../../../src/main/vendors/kore/limits.ts'
import { mixpanel } from '../../../../../src/main/vendors/mixpanel/index.ts'
import { connectionSettingsSchema } from '../../../../../src/shared/model/connection.ts'
import { accountIdSchema, connectionIdSchema, requestIdSchema } from '../../../../../src/shared/model/ids.ts'
import type { Plan } from '../../../../../src/shared/model/request.ts'
import { endOfDay } from '../../../../../src/shared/model/secret-expiry.ts'

const now = 1_700_000_000_000
const person = (index: number) => ({ kind: 'email', value: `somebody-${index}@example.com`, channelId: null }) as const

const basis: PlanBasis = {
  requestId: requestIdSchema.parse(1),
  unreadCase: null,
  phase: 'draft',
  connection: {
    id: connectionIdSchema.parse(1),
    accountId: accountIdSchema.parse(1),
    vendor: 'kore',
    origin: 'https://platform.kore.ai',
    clientId: 'cs-81f00000-1111-2222-3333-4444444442c9',
    isSandbox: false,
    secretReference: 'connection-1',
    settings: connectionSettingsSchema.parse({ identifiersPerCall: 2 }),
  },
  connectionRetired: false,
  connectionStopped: false,
  secretSaved: true,
  importRunning: false,
  held: 0,
  repeats: { count: 0, decision: 'leave out', compared: true },
  windows: koreWindows,
  margin: 0.05,
  spent: [],
  holdUntil: null,
  pace: { callMilliseconds: null, pollsDue: 0, readyStep: null },
  groups: [
    {
      scope: { kind: 'bots', botIds: ['st-1'] },
      scopeId: 0,
      identifiers: 5,
      lookUps: 0,
      first: [0, 1, 2, 3, 4].map(person),
    },
  ],
  callsAhead: 0,
  tooLarge: null,
  fingerprint: 'f1',
}

async function planOf(change: Partial<PlanBasis> = {}): Promise<Plan> {
  const plan = await makePlan({ ...basis, ...change }, kore, now)
  if (!plan.ok) throw new Error(plan.failure.message)
  return plan.value
}

test('counts identifiers and calls by scope, and shows the first call of each exactly', async () => {
  const plan = await planOf()
  expect(plan).toMatchObject({ identifiers: 5, eraseCalls: 3, needsTypedCount: false, obstacles: [] })
  const [group] = plan.groups
  expect(group?.calls).toBe(3)
  expect(group?.firstCall).toMatchObject({
    method: 'DELETE',
    url: 'https://platform.kore.ai/api/public/bot/eraseUsersData',
  })
  expect(group?.own).toBe(false)
  expect(group?.firstCall.body).toBe(
    `{
  "userIds": ["somebody-0@example.com", "somebody-1@example.com"],
  "botIds": ["st-1"],
  "RemoveDataFromAllBots": false
}`,
  )
})

test('shows two identifiers to be checked, how many more there are, and no token', async () => {
  const settings = connectionSettingsSchema.parse({ identifiersPerCall: 100 })
  const text = JSON.stringify(await planOf({ connection: { ...basis.connection, settings } }))
  expect(text).toContain('somebody-1@example.com')
  expect(text).toContain('… 3 more')
  expect(text).not.toContain('somebody-2@example.com')
  expect(text).toContain('a fresh token')
})

test('lets no character of an identifier hide or turn the text round, and cuts a very long one', async () => {
  const first = [
    { kind: 'user id', value: 'u-\u202e71\u200b', channelId: null },
    { kind: 'user id', value: `u-${'x'.repeat(200)}-end`, channelId: null },
  ] as const
  const plan = await planOf({ groups: [{ ...basis.groups[0], first }] as unknown as PlanBasis['groups'] })
  const [, entries = ''] = plan.groups[0]?.firstCall.body.split('\n') ?? []
  expect(entries).toContain('"u-\\u202e71\\u200b"')
  expect(entries).toMatch(/x…x+-end"/)
  expect(entries.length).toBeLessThan(120)
})

test('says what splitting adds at most where one identifier makes each call fail', async () => {
  // Two calls of two and one of one: of each two, both go again.
  expect((await planOf()).splitting).toMatchObject({ callsEach: 2, calls: 4 })
  const settings = connectionSettingsSchema.parse({ identifiersPerCall: 100 })
  const connection = { ...basis.connection, settings }
  const groups = [{ ...basis.groups[0], identifiers: 1050 }] as PlanBasis['groups']
  const large = await planOf({ connection, groups })
  expect(large).toMatchObject({ eraseCalls: 11, splitting: { callsEach: 14, calls: 10 * 14 + 12 } })
  expect(large.splitting.milliseconds).toBeGreaterThan(120_000)
  const small = await planOf({ connection, groups: [{ ...basis.groups[0], identifiers: 5 }] as PlanBasis['groups'] })
  expect(small.splitting).toMatchObject({ callsEach: 6, calls: 6 })
  const alone = connectionSettingsSchema.parse({ identifiersPerCall: 1 })
  expect((await planOf({ connection: { ...connection, settings: alone } })).splitting).toMatchObject({ calls: 0 })
})

describe('looking up before sending', () => {
  const settings = connectionSettingsSchema.parse({ identifiersPerCall: 2, lookUpFirst: true })
  const connection = { ...basis.connection, settings }
  const withLookUps = (lookUps: number, first = basis.groups[0]?.first ?? []) =>
    planOf({ connection, groups: [{ ...basis.groups[0], lookUps, first }] as PlanBasis['groups'] })

  test('is counted beside the erase calls, and its first call is shown', async () => {
    const plan = await withLookUps(3)
    expect(plan).toMatchObject({ eraseCalls: 3, lookUpCalls: 3 })
    expect(plan.firstLookUp).toMatchObject({ method: 'POST', url: 'https://platform.kore.ai/api/public/usersInfo' })
    expect(plan.firstLookUp?.body).toContain('"emailIds": ["somebody-0@example.com", "somebody-1@example.com"]')
    expect(JSON.stringify(plan.firstLookUp)).toContain('a fresh token')
    expect(plan.digest).not.toBe((await withLookUps(2)).digest)
  })

  test('asks for the emails of the first call that holds any', async () => {
    const id = (value: string) => ({ kind: 'user id', value, channelId: null }) as const
    const plan = await withLookUps(1, [id('u-1'), id('u-2'), id('u-3'), person(7)])
    expect(plan.firstLookUp?.body).toContain('"emailIds": ["somebody-7@example.com"]')
  })

  test('is in the sending time, and splitting adds none', async () => {
    const windows = [{ milliseconds: 1000, calls: 1 }]
    const at = async (lookUpFirst: boolean) => {
      const own = { ...connection, settings: { ...settings, lookUpFirst } }
      const groups = [{ ...basis.groups[0], lookUps: lookUpFirst ? 3 : 0 }] as PlanBasis['groups']
      return await planOf({ connection: own, groups, windows, margin: 0 })
    }
    const [without, looked] = [await at(false), await at(true)]
    expect(without).toMatchObject({ lookUpCalls: 0, firstLookUp: null })
    expect(looked.sendingMilliseconds).toBeGreaterThan(2 * without.sendingMilliseconds)
    expect(looked.splitting.calls).toBe(without.splitting.calls)
  })
})

test('tells the bots that rows name from the scope of the request', async () => {
  const own = { ...basis.groups[0], scopeId: 7 }
  const plan = await planOf({ groups: [basis.groups[0], own] as PlanBasis['groups'] })
  expect(plan.groups.map((group) => group.own)).toEqual([false, true])
})

test('asks for the count to be typed where all bots are meant', async () => {
  const groups = [{ ...basis.groups[0], scope: { kind: 'all bots' } }] as unknown as PlanBasis['groups']
  const plan = await planOf({ groups })
  expect(plan.needsTypedCount).toBe(true)
  expect(plan.groups[0]?.firstCall.body).toContain('"RemoveDataFromAllBots": true')
})

describe('the digest', () => {
  test('is the same for the same plan, whatever the hour', async () => {
    const later = await makePlan(basis, kore, now + 5_000)
    expect(later.ok && later.value.digest).toBe((await planOf()).digest)
  })

  test('changes with the history, the scope and the settings', async () => {
    const { digest } = await planOf()
    const settings = connectionSettingsSchema.parse({ identifiersPerCall: 3 })
    const others = await Promise.all([
      planOf({ fingerprint: 'f2' }),
      planOf({ groups: [{ ...basis.groups[0], scope: { kind: 'bots', botIds: ['st-2'] } }] as PlanBasis['groups'] }),
      planOf({ connection: { ...basis.connection, settings } }),
      planOf({ repeats: { count: 2, decision: 'leave out', compared: true } }),
      planOf({ repeats: { count: 2, decision: 'send again', compared: true } }),
    ])
    for (const other of others) expect(other.digest).not.toBe(digest)
  })
})

test.each([
  ['a file is still being imported', { importRunning: true }, 'import-running'],
  ['there is nothing to send', { groups: [] }, 'nothing-to-send'],
  [
    'every identifier is left out',
    { groups: [], repeats: { count: 3, decision: 'leave out', compared: true } },
    'all-left-out',
  ],
  ['nothing was compared yet', { repeats: { count: 0, decision: 'leave out', compared: false } }, 'not-compared'],
  ['the scope is missing', { groups: [{ ...basis.groups[0], scope: null }] }, 'scope-missing'],
  ['the connection is retired', { connectionRetired: true }, 'connection-retired'],
  ['the connection has stopped', { connectionStopped: true }, 'connection-stopped'],
  ['the secret is missing', { secretSaved: false }, 'secret-missing'],
] as const)('names what stands in the way: %s', async (_what, change, code) => {
  const plan = await planOf(change as unknown as Partial<PlanBasis>)
  expect(plan.obstacles.map((obstacle) => obstacle.code)).toContain(code)
  for (const { words, next } of plan.obstacles) expect(`${words}${next ?? ''}`).toMatch(/\.$/)
})

test('a secret whose last day has passed stands in the way, with what is done about it', async () => {
  const settings = connectionSettingsSchema.parse({ secretExpiresOn: '2023-11-13' })
  const mixpanelBasis: PlanBasis = {
    ...basis,
    connection: { ...basis.connection, vendor: 'mixpanel', clientId: 'a'.repeat(32), settings },
    groups: [
      {
        scope: { kind: 'choice', value: 'GDPR' },
        scopeId: 0,
        identifiers: 1,
        lookUps: 0,
        first: [{ kind: 'distinct id', value: 'somebody', channelId: null }],
      },
    ],
  }
  const obstaclesAt = async (at: number) => {
    const plan = await makePlan(mixpanelBasis, mixpanel, at)
    return plan.ok ? plan.value.obstacles : null
  }
  expect(await obstaclesAt(endOfDay('2023-11-13') - 1)).toEqual([])
  expect(await obstaclesAt(endOfDay('2023-11-13'))).toEqual([
    {
      code: 'secret-expired',
      words: 'The GDPR OAuth token of this connection expired on 2023-11-13.',
      next: 'Make a new one at Mixpanel, then edit the connection and save it with its new last day.',
    },
  ])
})

test.each([
  [kore.profile.scope, /bots/, /bots/],
  [
    { kind: 'choice', label: 'Rule', choices: choicesOf('GDPR', 'CCPA') },
    /^The rule is not chosen yet\.$/,
    /GDPR or CCPA/,
  ],
  [{ kind: 'everything' }, /^The request has no scope yet\.$/, /connection/],
] as const)(
  'says in the vendor’s own terms what is missing where there is no scope: %o',
  async (scope, words, next) => {
    const vendor = { ...kore, profile: { ...kore.profile, scope } as typeof kore.profile }
    const plan = await makePlan({ ...basis, groups: [{ ...basis.groups[0]!, scope: null }] }, vendor, now)
    const found = plan.ok ? plan.value.obstacles.find(({ code }) => code === 'scope-missing') : undefined
    expect(found?.words).toMatch(words)
    expect(found?.next).toMatch(next)
  },
)

function choicesOf(...values: readonly string[]) {
  return values.map((value) => ({ value, label: value, hint: '' }))
}
