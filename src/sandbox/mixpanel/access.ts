import type { IncomingHttpHeaders } from 'node:http'
import type { MixpanelAccount, MixpanelConfig, MixpanelProject, MixpanelRefusalName } from './config.ts'

/** Who calls, as far as the head of a call tells, before anything is verified. */
export type Caller = { readonly oauthToken: string | null; readonly projectToken: string | null }

type AccessCheck =
  | { readonly accepted: true; readonly account: MixpanelAccount; readonly project: MixpanelProject }
  | {
      readonly accepted: false
      readonly refusal: Extract<MixpanelRefusalName, 'unauthorized' | 'tokenExpired' | 'forbidden'>
    }

/** The bearer token and the `token` of the query. */
export function readCaller(headers: IncomingHttpHeaders, query: URLSearchParams): Caller {
  const bearer = /^bearer +(\S+) *$/i.exec(headers.authorization ?? '')
  return { oauthToken: bearer?.[1] ?? null, projectToken: query.get('token') }
}

/** Whose rate windows a call draws on: its bearer's, or where that is nobody's its project's. */
export function accountOf(config: MixpanelConfig, caller: Caller): MixpanelAccount | undefined {
  return (
    config.accounts.find(({ oauthToken }) => oauthToken === caller.oauthToken) ??
    config.accounts.find(({ projects }) => projects.some(({ projectToken }) => projectToken === caller.projectToken))
  )
}

/**
 * Checks a caller as the vendor's OpenAPI has it: 401 without a valid bearer token, 403 where the project is none of
 * that token's. A call without a project token is refused like one with a wrong one; the vendor does not say how.
 *
 * @param age how long the simulator has run, in milliseconds of the vendor's clock
 */
export function checkAccess(config: MixpanelConfig, caller: Caller, age: number): AccessCheck {
  const account = config.accounts.find(({ oauthToken }) => oauthToken === caller.oauthToken)
  if (account === undefined) return { accepted: false, refusal: 'unauthorized' }
  if (age >= account.tokenLifetimeMilliseconds) return { accepted: false, refusal: 'tokenExpired' }
  const project = account.projects.find(({ projectToken }) => projectToken === caller.projectToken)
  return project === undefined ? { accepted: false, refusal: 'forbidden' } : { accepted: true, account, project }
}
