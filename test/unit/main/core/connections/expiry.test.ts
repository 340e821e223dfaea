import { expect, test } from 'vitest'
import { tokenFor } from '../../../../../src/main/core/send/signed-call.ts'
import type { ConnectionForCall } from '../../../../../src/main/core/ports.ts'
import { mixpanel } from '../../../../../src/main/vendors/mixpanel/index.ts'
import { jwtSigner } from '../../../../../src/main/adapters/signing/signer.ts'
import { connectionSettingsSchema } from '../../../../../src/shared/model/connection.ts'
import { endOfDay } from '../../../../../src/shared/model/secret-expiry.ts'
import { createVirtualClock } from '../../../../fakes/clock.ts'

const lastDay = '2026-12-31'
const connection = { settings: connectionSettingsSchema.parse({ secretExpiresOn: lastDay }) } as ConnectionForCall

test('a token is used until its last day is over everywhere, and then no call is spent on it', async () => {
  const clock = createVirtualClock(endOfDay(lastDay) - 1)
  const tokenNow = () => tokenFor({ signer: jwtSigner, clock }, mixpanel, connection, 'jti-1', 'the-oauth-token')
  expect(await tokenNow()).toEqual({ ok: true, value: 'the-oauth-token' })
  clock.advance(1)
  expect(await tokenNow()).toMatchObject({
    ok: false,
    failure: {
      code: 'secret-expired',
      message: 'The GDPR OAuth token of this connection expired on 2026-12-31.',
      kept: 'Nothing was sent.',
      next: 'Make a new one at Mixpanel, then edit the connection and save it with its new last day.',
    },
  })
})

test('a secret without a last day, and one of a vendor whose secrets do not end, are used', async () => {
  const clock = createVirtualClock(endOfDay(lastDay) + 1)
  const endless = { settings: connectionSettingsSchema.parse({}) } as ConnectionForCall
  expect(await tokenFor({ signer: jwtSigner, clock }, mixpanel, endless, 'jti-1', 'token')).toMatchObject({ ok: true })
  const { secret } = mixpanel.profile
  const lasting = { ...mixpanel, profile: { ...mixpanel.profile, secret: { ...secret, expires: false } } }
  expect(await tokenFor({ signer: jwtSigner, clock }, lasting, connection, 'jti-1', 'token')).toMatchObject({
    ok: true,
  })
})
