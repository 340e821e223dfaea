import { expect, test } from 'vitest'
import {
  createConnectionHandlers,
  type ConnectionServices,
} from '../../../../../src/main/core/app/connection-handlers.ts'
import { vendors } from '../../../../../src/main/vendors/index.ts'

test('what is wrong with an address comes with what to do about it', async () => {
  const services = { vendors, guards: { saved: (run: unknown) => run, sending: (run: unknown) => run } }
  const { checkOrigin } = createConnectionHandlers(services as unknown as ConnectionServices)
  expect(await checkOrigin({ vendor: 'kore', origin: 'http://kore.example.com' })).toEqual({
    ok: true,
    value: {
      allowed: false,
      origin: null,
      warning:
        'Plain http would send the token unprotected. Type the address with https. Plain http works for this machine alone.',
    },
  })
  expect(await checkOrigin({ vendor: 'kore', origin: 'kore.example.com' })).toEqual({
    ok: true,
    value: { allowed: true, origin: 'https://kore.example.com', warning: null },
  })
  expect(await checkOrigin({ vendor: 'constructor', origin: 'kore.example.com' })).toMatchObject({
    ok: false,
    failure: { code: 'vendor-unknown' },
  })
})
