import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { resolveConfig } from '../../../src/sandbox/config.ts'
import {
  behavioursAmong,
  findMixpanelBehaviours,
  mixpanelBehaviours,
} from '../../../src/sandbox/mixpanel/behaviours.ts'
import { systemRandom } from '../../../src/sandbox/ports.ts'

const namesIn = (id: string) => findMixpanelBehaviours(id).map(({ name }) => name)

describe('recognisable distinct ids', () => {
  it.each(mixpanelBehaviours.map(({ name }) => name))('%s is found in a distinct id of any form', (name) => {
    expect(namesIn(`sandbox-${name}`)).toEqual([name])
    expect(namesIn(`ana+sandbox-${name}.0412@example.com`)).toEqual([name])
    expect(namesIn(`$device:sandbox-${name}-0007`)).toEqual([name])
    expect(namesIn(`U-SANDBOX-${name.toUpperCase()}-7`)).toEqual([name])
  })

  it('are each told once for a whole batch, in the order of the table', () => {
    const batch = ['sandbox-unknown', 'ana', 'sandbox-failure-1', 'sandbox-failure-2']
    expect(behavioursAmong(batch).map(({ name }) => name)).toEqual(['failure', 'unknown'])
  })

  it('have every name once', () => {
    expect(new Set(mixpanelBehaviours.map(({ name }) => name)).size).toBe(mixpanelBehaviours.length)
  })

  it('are listed in the guide, word for word and in the same order', () => {
    const guide = readFileSync(new URL('../../../docs/guide/sandbox.md', import.meta.url), 'utf8')
    const [, part = ''] = guide.split('\n## Mixpanel\n')
    const rows = [...part.matchAll(/^\| `sandbox-([^`]+)`\s+\| (.+?)\s+\|$/gm)].map(([, name, what]) => ({
      name,
      what,
    }))
    expect(rows).toEqual(mixpanelBehaviours.map(({ name, what }) => ({ name, what })))
  })
})

describe('configuration', () => {
  it('is one account with a token for a year and two projects, one of them elsewhere, by default', () => {
    const { accounts, residency } = resolveConfig({}, systemRandom).mixpanel
    expect(residency).toBe('US')
    const project = { projectToken: expect.stringMatching(/^[0-9a-f]{32}$/), dataGroups: 0 }
    expect(accounts).toEqual([
      {
        accountId: 'sandbox-mixpanel',
        oauthToken: expect.stringMatching(/^\S{40,}$/),
        tokenLifetimeMilliseconds: 365 * 24 * 60 * 60 * 1_000,
        requestingUser: 'privacy-desk@sandbox.example',
        windows: [{ milliseconds: 1_000, calls: 1 }],
        projects: [
          { ...project, projectId: 3_000_001, residency: 'US' },
          { ...project, projectId: 3_000_002, residency: 'EU' },
        ],
      },
    ])
    const again = resolveConfig({}, systemRandom).mixpanel.accounts[0]
    expect(again?.oauthToken).not.toBe(accounts[0]?.oauthToken)
    expect(again?.projects[0]?.projectToken).not.toBe(accounts[0]?.projects[0]?.projectToken)
  })

  it('has its second project elsewhere, wherever the simulator is', () => {
    const { accounts } = resolveConfig({ mixpanel: { residency: 'EU' } }, systemRandom).mixpanel
    expect(accounts[0]?.projects.map(({ residency }) => residency)).toEqual(['EU', 'US'])
  })

  it('names each field that is wrong, and refuses what would be there twice', () => {
    const resolve = (mixpanel: object) => () => resolveConfig({ mixpanel }, systemRandom)
    expect(resolve({ residency: 'CH' })).toThrow(/mixpanel\.residency/)
    expect(resolve({ idForms: 'uuid' })).toThrow(/idForms/)
    expect(resolve({ accounts: [{ accountId: 'a' }, { accountId: 'a' }] })).toThrow(/one accountId is there twice/)
    const two = [
      { accountId: 'a', oauthToken: 'one' },
      { accountId: 'b', oauthToken: 'one' },
    ]
    expect(resolve({ accounts: two })).toThrow(/one oauthToken is there twice/)
    const projects = [{ projectToken: 'one' }, { projectToken: 'one' }]
    expect(resolve({ accounts: [{ projects }] })).toThrow(/one projectToken is there twice/)
  })
})
