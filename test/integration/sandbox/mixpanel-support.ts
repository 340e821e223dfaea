import { randomUUID } from 'node:crypto'
import type { SandboxConfigInput } from '../../../src/sandbox/config.ts'
import { checkDeletionResponse } from '../../support/mixpanel-schema.ts'
import { call, startBench, type Bench, type RawAnswer } from './support.ts'

export const oauthToken = 'oauth-token-of-the-sandbox'
export const projectToken = 'fedcba9876543210fedcba9876543210'
/** Of a project whose data is in another residency. */
export const foreignToken = '0123456789abcdef0123456789abcdef'
export const requestingUser = 'privacy-desk@sandbox.example'
export const deletions = '/api/app/data-deletions/v3.0'
export const retrievals = '/api/app/data-retrievals/v3.0'

/** How long each state of a task lasts by default, up to where it is over. */
export const pending = 2_000
export const untilStarted = 4_000
export const untilOver = 7_000

type MixpanelInput = NonNullable<SandboxConfigInput['mixpanel']>

/** A sandbox on virtual time whose Mixpanel has one account of known credentials, no limit, and two projects. */
export function startMixpanel(input: MixpanelInput = {}, sandbox: SandboxConfigInput = {}): Promise<Bench> {
  return startBench({ ...sandbox, mixpanel: { accounts: [account()], ...input } })
}

/** The account, with what is to be different. */
export function account(different: Partial<NonNullable<MixpanelInput['accounts']>[number]> = {}) {
  return {
    oauthToken,
    windows: [],
    projects: [{ projectToken }, { projectToken: foreignToken, residency: 'EU' as const }],
    ...different,
  }
}

export type CallChoices = {
  /** The whole header; null for none. */
  readonly bearer?: string | null
  readonly token?: string | null
  readonly requestId?: string
  readonly headers?: Readonly<Record<string, string>>
}

/** One call to the vendor. A body that is a string is sent as it is. */
export function callMixpanel(
  { sandbox }: Bench,
  method: string,
  path: string,
  body?: unknown,
  choices: CallChoices = {},
): Promise<RawAnswer> {
  const { bearer = `Bearer ${oauthToken}`, token = projectToken, requestId = randomUUID() } = choices
  const headers = {
    'x-request-id': requestId,
    ...(bearer === null ? {} : { authorization: bearer }),
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    ...choices.headers,
  }
  const query = token === null ? '' : `?token=${token}`
  const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  return call(sandbox.ready.origin, method, `${path}${query}`, headers, text)
}

/** Asks for a deletion of these ids. */
export function remove(bench: Bench, distinctIds: readonly unknown[], choices: CallChoices = {}): Promise<RawAnswer> {
  return callMixpanel(bench, 'POST', deletions, { distinct_ids: distinctIds, compliance_type: 'GDPR' }, choices)
}

/** A deletion that must be accepted; gives its tracking id. */
export async function removeAccepted(bench: Bench, ...distinctIds: readonly string[]): Promise<string> {
  return trackingIdOf(await remove(bench, distinctIds))
}

/** The id in an answer of the default shape. */
export function trackingIdOf(answer: RawAnswer): string {
  type Results = readonly { readonly tracking_id: string | number }[]
  const { results } = JSON.parse(answer.text) as { readonly results: Results }
  return String(results[0]?.tracking_id ?? '')
}

/** A status call about a deletion, as it was answered. */
export function askDeletion(bench: Bench, trackingId: string, choices: CallChoices = {}): Promise<RawAnswer> {
  return callMixpanel(bench, 'GET', `${deletions}/${trackingId}`, undefined, choices)
}

/** The results of a status call about a deletion; rejects where its answer is not one that the vendor's OpenAPI knows. */
export async function deletionOf(bench: Bench, trackingId: string, choices: CallChoices = {}) {
  const answer = await askDeletion(bench, trackingId, choices)
  if (answer.status !== 200) throw new Error(`The status call was answered with ${answer.status}.`)
  return checkDeletionResponse.parse(JSON.parse(answer.text)).results
}

export async function statusOf(bench: Bench, trackingId: string): Promise<string> {
  return (await deletionOf(bench, trackingId)).status
}

/** A call that cancels a deletion. */
export function cancel(bench: Bench, trackingId: string, choices: CallChoices = {}): Promise<RawAnswer> {
  return callMixpanel(bench, 'DELETE', `${deletions}/${trackingId}`, undefined, choices)
}

/** The vendor's error body. */
export function errorText(error: string): string {
  return JSON.stringify({ error, status: 'error' })
}
