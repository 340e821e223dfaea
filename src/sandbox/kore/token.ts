import { decodeJwt, decodeProtectedHeader, errors as joseErrors, jwtVerify } from 'jose'
import type { RefusalName, SandboxApp } from '../config.ts'

/** What a token says of itself, before anybody checked it. */
export type TokenClaims = { readonly appId: string | null; readonly jti: string | null }

export type TokenCheck =
  { readonly accepted: true; readonly app: SandboxApp } | { readonly accepted: false; readonly refusal: RefusalName }

/** Tokens already used: client id and `jti`. */
export type UsedTokens = {
  /** True the first time a `jti` is seen for a client id, false ever after. */
  readonly use: (clientId: string, jti: string) => boolean
  readonly reset: () => void
}

const maximumLifetimeSeconds = 3_600

/** Reads `appId` and `jti` from an `auth` header without verifying anything. */
export function readClaims(header: string | undefined): TokenClaims {
  try {
    const { appId, jti } = decodeJwt(header ?? '')
    return { appId: typeof appId === 'string' ? appId : null, jti: typeof jti === 'string' ? jti : null }
  } catch {
    return { appId: null, jti: null }
  }
}

export function createUsedTokens(): UsedTokens {
  const used = new Set<string>()
  return {
    use: (clientId, jti) => {
      const key = JSON.stringify([clientId, jti])
      const first = !used.has(key)
      used.add(key)
      return first
    },
    reset: () => used.clear(),
  }
}

/**
 * Checks a token as Kore.ai's introduction to its API describes: the header `auth` holds the bare token, signed with the
 * client secret's own UTF-8 bytes, `appId` names the app. Where the app enforces JTI, `jti` and `exp` must be there.
 * Stricter than the vendor in two things, so that a client that gets them wrong is found out: a `jti` used twice, and
 * an `exp` more than an hour away, are refused for every app.
 *
 * @param now the vendor's time, epoch milliseconds
 */
export async function checkToken(
  header: string | undefined,
  apps: readonly SandboxApp[],
  used: UsedTokens,
  now: number,
): Promise<TokenCheck> {
  const refused = (refusal: RefusalName): TokenCheck => ({ accepted: false, refusal })
  if (header === undefined || !isReadable(header)) return refused('invalidToken')
  const { appId } = readClaims(header)
  const app = apps.find(({ clientId }) => clientId === appId)
  if (app === undefined) return refused('invalidCredentials')
  if (app.jweEnforced) return refused('invalidToken')
  try {
    const { payload } = await jwtVerify(header, new TextEncoder().encode(app.clientSecret), {
      algorithms: [app.algorithm],
      currentDate: new Date(now),
    })
    if (app.enforceJti && (payload.jti === undefined || payload.exp === undefined)) return refused('invalidToken')
    if (payload.exp !== undefined && payload.exp * 1_000 > now + maximumLifetimeSeconds * 1_000)
      return refused('invalidToken')
    if (payload.jti !== undefined && !used.use(app.clientId, payload.jti)) return refused('replay')
    return { accepted: true, app }
  } catch (error) {
    if (error instanceof joseErrors.JOSEError) return refused('invalidToken')
    throw error
  }
}

function isReadable(token: string): boolean {
  try {
    decodeProtectedHeader(token)
    decodeJwt(token)
    return true
  } catch {
    return false
  }
}
