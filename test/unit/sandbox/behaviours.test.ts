import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { behaviours, findBehaviours } from '../../../src/sandbox/behaviours.ts'

const namesIn = (id: string) => findBehaviours(id).map(({ name }) => name)

describe('recognisable ids', () => {
  it.each(behaviours.map(({ name }) => name))('%s is found in an email, a u- id and a channel user id', (name) => {
    expect(namesIn(`sandbox-${name}@example.com`)).toEqual([name])
    expect(namesIn(`ana+sandbox-${name}.0412@example.com`)).toEqual([name])
    expect(namesIn(`u-sandbox-${name}-0007`)).toEqual([name])
    expect(namesIn(`33140990000_sandbox-${name}`)).toEqual([name])
    expect(namesIn(`U-SANDBOX-${name.toUpperCase()}-7`)).toEqual([name])
  })

  it.each(['mysandbox-failed@example.com', 'sandbox-failed7', 'sandbox-failedly', 'sandbox-nothing', 'failed'])(
    '%s asks for nothing',
    (id) => {
      expect(namesIn(id)).toEqual([])
    },
  )

  it('is found more than once in one id, in the order of the table', () => {
    expect(namesIn('sandbox-renamed.sandbox-cut-after-recorded@example.com')).toEqual(['cut-after-recorded', 'renamed'])
  })

  it('has every name once', () => {
    expect(new Set(behaviours.map(({ name }) => name)).size).toBe(behaviours.length)
  })

  it('is listed in the guide, word for word and in the same order', () => {
    const guide = readFileSync(new URL('../../../docs/guide/sandbox.md', import.meta.url), 'utf8')
    const [part = ''] = guide.split('\n## Mixpanel\n')
    const rows = [...part.matchAll(/^\| `sandbox-([^`]+)`\s+\| (.+?)\s+\|$/gm)].map(([, name, what]) => ({
      name,
      what,
    }))
    expect(rows).toEqual(behaviours.map(({ name, what }) => ({ name, what })))
  })
})
