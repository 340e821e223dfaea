import { describe, expect, it } from 'vitest'
import { readCommandLine } from '../../../src/sandbox/command-line.ts'
import { resolveConfig } from '../../../src/sandbox/config.ts'
import { systemRandom } from '../../../src/sandbox/ports.ts'

describe('configuration', () => {
  it('is one account with the vendor windows and one app with random credentials by default', () => {
    const config = resolveConfig({}, systemRandom)
    expect(config.accounts).toEqual([
      {
        accountId: 'sandbox-account',
        windows: [
          { milliseconds: 60_000, calls: 60 },
          { milliseconds: 3_600_000, calls: 1_800 },
        ],
      },
    ])
    expect(config.apps).toHaveLength(1)
    expect(config.apps[0]?.clientId).toMatch(/^cs-[0-9a-f-]{36}$/)
    expect(Buffer.from(config.apps[0]?.clientSecret ?? '', 'base64')).toHaveLength(32)
    const again = resolveConfig({}, systemRandom)
    expect(again.apps[0]?.clientSecret).not.toBe(config.apps[0]?.clientSecret)
    expect(again.controlToken).not.toBe(config.controlToken)
  })

  it('names each field that is wrong', () => {
    const wrong = () =>
      resolveConfig({ port: 70_000, apps: [{ accountId: 'nobody' }], faults: { times: 0 } }, systemRandom)
    expect(wrong).toThrow(/port/)
    expect(wrong).toThrow(/faults\.times/)
    expect(() => resolveConfig({ apps: [{ accountId: 'nobody' }] }, systemRandom)).toThrow(/no such account/)
    expect(() => resolveConfig({ apps: [{ clientId: 'a' }, { clientId: 'a' }] }, systemRandom)).toThrow(/one clientId/)
    expect(() => resolveConfig({ latencyMilliseconds: { minimum: 9, maximum: 1 } }, systemRandom)).toThrow(/minimum/)
    expect(() => resolveConfig({ wimdows: [] } as object, systemRandom)).toThrow(/wimdows/)
  })
})

describe('command line', () => {
  it('has a default for everything', () => {
    expect(readCommandLine([])).toEqual({
      config: null,
      port: null,
      pretty: false,
      endWithParent: false,
      endWithStdin: false,
      help: false,
    })
  })

  it('reads its options and refuses what is none', () => {
    expect(readCommandLine(['--port', '8123', '--config', 'a.json', '--pretty', '--parent'])).toMatchObject({
      port: 8_123,
      config: 'a.json',
      pretty: true,
      endWithParent: true,
    })
    expect(() => readCommandLine(['--port', 'many'])).toThrow(/0 to 65535, not "many"/)
    expect(() => readCommandLine(['--portt', '1'])).toThrow(/--portt/)
  })
})
