import { afterEach, describe, expect, test, vi } from 'vitest'
import { busiestBudget } from '../../../src/renderer/src/app/glance.ts'
import { riskiestEnvironment } from '../../../src/renderer/src/ui/environment.ts'
import { call, FailureError, failureOf } from '../../../src/renderer/src/api.ts'
import { paths, readId } from '../../../src/renderer/src/paths.ts'
import { matchShortcut } from '../../../src/renderer/src/ui/shortcuts.ts'
import { identifierStates } from '../../../src/shared/model/state.ts'
import { stateLooks } from '../../../src/renderer/src/ui/states.ts'
import type { RequestId } from '../../../src/shared/model/ids.ts'
import { createFakeBridge } from '../../fakes/bridge.ts'
import { inventBudgets } from '../../fakes/invented.ts'

afterEach(() => vi.unstubAllGlobals())

describe('the band', () => {
  test('is that of the environment that can do the most harm', () => {
    expect(riskiestEnvironment([{ environment: 'sandbox' }, { environment: 'production' }])).toBe('production')
    expect(riskiestEnvironment([{ environment: 'sandbox' }, { environment: 'staging' }])).toBe('staging')
    expect(riskiestEnvironment([])).toBeNull()
  })
})

test('the gauges show the account nearest its limits', () => {
  const budgets = inventBudgets(0)
  expect(busiestBudget(budgets.toReversed())?.accountName).toBe('Kore.ai production')
  expect(busiestBudget([])).toBeNull()
})

test('an account whose only window is over in a second does not take the gauges’ place after every call', () => {
  const [first] = inventBudgets(0)
  if (first === undefined) throw new Error('There is no budget.')
  const idle = { ...first, windows: [{ milliseconds: 60_000, calls: 60, used: 0, usable: 57 }] }
  const full = { ...first, windows: [{ milliseconds: 1_000, calls: 1, used: 1, usable: 1 }] }
  expect(busiestBudget([idle, full])).toBe(idle)
  expect(busiestBudget([full])).toBe(full)
})

describe('shortcuts', () => {
  const run = () => undefined
  const shortcuts = [
    { keys: 'N', words: 'New', run },
    { keys: 'G R', words: 'Requests', run },
    { keys: 'R', words: 'Reload', run },
  ]
  test('a key alone', () => {
    expect(matchShortcut(shortcuts, 'n', null)).toBe(shortcuts[0])
  })
  test('two in a row win over the second key alone', () => {
    expect(matchShortcut(shortcuts, 'g', null)).toBe('waits for a second key')
    expect(matchShortcut(shortcuts, 'r', 'g')).toBe(shortcuts[1])
    expect(matchShortcut(shortcuts, 'r', null)).toBe(shortcuts[2])
  })
  test('anything else is left alone', () => {
    expect(matchShortcut(shortcuts, 'x', 'g')).toBeNull()
  })
})

test('only a whole positive number in an address is a row id', () => {
  expect(['1', '42', '0', '-1', '1e3', '01', 'new', undefined].map(readId)).toEqual([
    1,
    42,
    null,
    null,
    null,
    null,
    null,
    null,
  ])
  expect(
    readId(
      paths
        .request(12 as RequestId)
        .split('/')
        .at(-1),
    ),
  ).toBe(12)
})

test('every state has a look of its own icon and meaning', () => {
  const icons = identifierStates.map((state) => stateLooks[state].icon)
  expect(new Set(icons).size).toBe(identifierStates.length)
  for (const state of identifierStates) expect(stateLooks[state].meaning).toMatch(/\.$/)
})

describe('asking main', () => {
  test('a success is its value, a failure is thrown with its words', async () => {
    const { bridge } = createFakeBridge({ latency: 0 })
    vi.stubGlobal('window', { erasureDesk: bridge })
    expect((await call('getAppStatus', {})).version).toBe('0.1.0')
    const asked = call('getRequest', { requestId: 999 })
    await expect(asked).rejects.toBeInstanceOf(FailureError)
    expect(failureOf(await asked.catch((error: unknown) => error)).code).toBe('not-found')
  })

  test('what is not ours never shows its own text', () => {
    const failure = failureOf(new Error('at /home/someone/secret.txt'))
    expect(failure.code).toBe('internal')
    expect(JSON.stringify(failure)).not.toContain('secret')
  })
})
