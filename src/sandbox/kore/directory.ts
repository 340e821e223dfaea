import type { Behaviour } from '../behaviours.ts'
import type { SandboxApp, SandboxConfig } from '../config.ts'
import { behavioursOf, vendorUserId } from './erasure.ts'

const longestPage = 50

/**
 * The answer of `GET /api/public/bots?offset&limit` (vendor's page "Get Bots API"): `offset` counts pages, `limit` is at
 * most 50. As at the vendor, it gives the client secrets of the apps away: readers must drop them.
 */
export function botsAnswer(config: SandboxConfig, app: SandboxApp, query: URLSearchParams, startedAt: number) {
  const limit = Math.min(longestPage, Math.max(1, wholeNumber(query.get('limit')) ?? longestPage))
  const start = (wholeNumber(query.get('offset')) ?? 0) * limit
  const createdOn = new Date(startedAt).toISOString()
  const jwtApps = config.apps
    .filter(({ accountId }) => accountId === app.accountId)
    .map(({ clientId, clientSecret, enforceJti, jweEnforced }) => ({
      clientId,
      clientSecret,
      jtiClaimEnforced: enforceJti,
      jweEncryptionEnforced: jweEnforced,
      createdOn,
    }))
  return {
    total: config.bots.length,
    availableMore: start + limit < config.bots.length,
    bots: config.bots.slice(start, start + limit).map(({ botId, name }) => ({
      _id: botId,
      accountId: app.accountId,
      purpose: 'customer',
      createdOn,
      createdBy: vendorUserId('bot-owner@sandbox.example'),
      type: 'default',
      defaultLanguage: 'en',
      resourceid: 'btstreams',
      status: 'published',
      name,
      jwtApps,
    })),
  }
}

/**
 * The answer of `POST /api/public/usersInfo` (vendor's page "Get User Information"): one entry an email, with the
 * `u-…` id that an erasure would name it by, or the vendor's words for a user it does not know.
 */
export function usersInfoAnswer(emailIds: readonly string[]) {
  return emailIds.map((emailId) =>
    emailId.includes('@') && !behavioursOf(emailId).some(isUnknown)
      ? {
          canCreateBot: false,
          isDeveloper: false,
          userInfo: { emailId, userId: vendorUserId(emailId), firstName: '', lastName: '', status: 'active' },
          roles: { btRoles: [], adminRoles: [] },
          groups: [],
        }
      : {
          userInfo: {
            emailId,
            status: 'failure',
            reason: {
              errors: [{ msg: 'User not found. Please check the provided email address.', code: 400 }],
            },
          },
        },
  )
}

function isUnknown({ name, effect }: Behaviour): boolean {
  return name === 'unknown-user' || (effect.at === 'look-up' && effect.does === 'not-found')
}

function wholeNumber(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined
}
