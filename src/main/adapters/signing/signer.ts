import { SignJWT } from 'jose'
import { fail, succeed } from '../../../shared/failure.ts'
import type { Signer } from '../../core/ports.ts'

/**
 * Signs with the client secret's own UTF-8 bytes, as Kore.ai's introduction to its API does: not base64-decoded even
 * where the secret looks like base64. Header `{alg, typ: "JWT"}`; claims `appId`, `sub`, `jti`, `iat`, `exp` (RFC 7519).
 */
export const jwtSigner: Signer = {
  sign: async ({ appId, jti, now }, settings, secret) => {
    const issuedAt = Math.floor(now / 1000)
    try {
      const token = await new SignJWT({ appId })
        .setProtectedHeader({ alg: settings.algorithm, typ: 'JWT' })
        .setSubject(settings.subject === '' ? appId : settings.subject)
        .setJti(jti)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + settings.lifetimeSeconds)
        .sign(new TextEncoder().encode(secret))
      return succeed(token)
    } catch {
      // The error of a library could hold the key: nothing of it goes further.
      return fail('secret-missing', 'No token could be signed with the client secret that is saved.', {
        kept: 'Nothing was sent.',
        next: 'Save the client secret in the connection once more.',
      })
    }
  },
}
