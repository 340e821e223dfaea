/** The calls of Mixpanel's GDPR API v3.0: deletions to create, check and cancel, retrievals to create and check. */
import { fail, succeed, type Result } from '../../../shared/failure.ts'
import type { PlanCall } from '../../../shared/model/request.ts'
import type { Scope } from '../../../shared/model/scope.ts'
import type { ConnectionForCall, Submitted, VendorCall } from '../../core/ports.ts'
import { redactBody } from '../common/redact.ts'
import { mixpanelProfile } from './profile.ts'

const paths = { deletion: '/api/app/data-deletions/v3.0', retrieval: '/api/app/data-retrievals/v3.0' } as const
type TaskKind = keyof typeof paths

/** No task of anybody's: asking about it changes nothing. */
const taskOfTests = '00000000-0000-4000-8000-000000000000'

/**
 * `POST {origin}/api/app/data-deletions/v3.0/?token=…` with `distinct_ids` and `compliance_type`. The slash before the
 * query is that of the vendor's overview; its OpenAPI has none, and a redirect from one to the other would leave a doubt.
 * Fails where nobody would be named, and where no compliance type was chosen: the vendor would take GDPR by itself.
 */
export function eraseCall(
  connection: ConnectionForCall,
  identifiers: readonly Submitted[],
  scope: Scope,
): Result<VendorCall> {
  return creatingCall('deletion', connection, identifiers, scope, null)
}

/**
 * The same for `data-retrievals`. With CCPA it has a `disclosure_type` as well: the one chosen, else the vendor's own
 * default by name. Fails where one was chosen that the scope does not have.
 */
export function retrieveCall(
  connection: ConnectionForCall,
  identifiers: readonly Submitted[],
  scope: Scope,
  disclosure: string | null,
): Result<VendorCall> {
  const disclosureType = disclosureTypeOf(scope, disclosure)
  if (!disclosureType.ok) return disclosureType
  return creatingCall('retrieval', connection, identifiers, scope, disclosureType.value)
}

function creatingCall(
  task: TaskKind,
  connection: ConnectionForCall,
  identifiers: readonly Submitted[],
  scope: Scope,
  disclosureType: string | null,
): Result<VendorCall> {
  if (identifiers.length === 0)
    return fail('nothing-to-send', 'This call would name nobody.', { kept: 'It was not sent.' })
  if (identifiers.some(({ kind, value }) => kind !== 'distinct id' || value.trim() === ''))
    return fail('invalid-input', 'This call holds an identifier that is empty or no distinct id.', {
      kept: 'It was not sent.',
      next: 'Discard the request and import the file again.',
    })
  const complianceType = complianceTypeOf(scope)
  if (!complianceType.ok) return complianceType
  const disclosed = disclosureType === null ? '' : `,"disclosure_type":${JSON.stringify(disclosureType)}`
  return succeed({
    method: 'POST',
    url: urlOf(task, connection, '/'),
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: `{"distinct_ids":[${identifiers.map(sentForm).join(',')}],"compliance_type":${JSON.stringify(complianceType.value)}${disclosed}}`,
  })
}

/** `GET …/data-deletions/v3.0/{tracking_id}`. */
export function statusCall(connection: ConnectionForCall, vendorRequestId: string): VendorCall {
  return taskCall('GET', 'deletion', connection, vendorRequestId)
}

/** `DELETE …/data-deletions/v3.0/{tracking_id}`. */
export function cancelCall(connection: ConnectionForCall, vendorRequestId: string): VendorCall {
  return taskCall('DELETE', 'deletion', connection, vendorRequestId)
}

/** `GET …/data-retrievals/v3.0/{tracking_id}`. */
export function retrievalStatusCall(connection: ConnectionForCall, vendorRequestId: string): VendorCall {
  return taskCall('GET', 'retrieval', connection, vendorRequestId)
}

/** Asks about a task that does not exist: authorised like every call, and nothing depends on it. */
export function testCall(connection: ConnectionForCall): VendorCall {
  return statusCall(connection, taskOfTests)
}

/** The OAuth token as it is; `x-request-id` names the attempt, since the token is the same in every call. */
export function authorize(call: VendorCall, { token, jti }: Readonly<{ token: string; jti: string }>): VendorCall {
  return { ...call, headers: { ...call.headers, authorization: `Bearer ${token}`, 'x-request-id': jti } }
}

/** One entry of `distinct_ids` as JSON text. */
export function sentForm({ value }: Submitted): string {
  return JSON.stringify(value.trim())
}

/** The call as a plan shows it: its first two entries and how many more there are, neither of the two tokens. */
export function redact(call: VendorCall): PlanCall {
  const { authorization: _, 'x-request-id': __, ...headers } = call.headers
  return {
    method: call.method,
    url: call.url.replace(/([?&]token=)[^&#]*/, '$1(the project token)'),
    headers: [
      ...Object.entries(headers),
      ['authorization', 'Bearer (the GDPR OAuth token)'],
      ['x-request-id', '(an id of its own for each call)'],
    ],
    body: call.body === null ? '' : redactBody(call.body, ['distinct_ids']),
  }
}

function taskCall(method: string, kind: TaskKind, connection: ConnectionForCall, vendorRequestId: string): VendorCall {
  const url = urlOf(kind, connection, `/${encodeURIComponent(vendorRequestId)}`)
  return { method, url, headers: { accept: 'application/json' }, body: null }
}

function urlOf(kind: TaskKind, { origin, clientId }: ConnectionForCall, rest: string): string {
  return `${origin}${paths[kind]}${rest}?token=${encodeURIComponent(clientId)}`
}

/** Null where the scope leaves nothing to choose. */
function disclosureTypeOf(scope: Scope, chosen: string | null): Result<string | null> {
  const value = scope.kind === 'choice' ? scope.value : ''
  const choices = mixpanelProfile.retrieval?.disclosures.find((one) => one.scope === value)?.choices ?? []
  if (chosen === null) return succeed(choices[0]?.value ?? null)
  if (choices.some((choice) => choice.value === chosen)) return succeed(chosen)
  return fail('invalid-input', 'What this copy is to hold is nothing that Mixpanel gives under this compliance type.', {
    kept: 'It was not sent.',
    next: 'Leave this copy, and ask for a new one.',
  })
}

function complianceTypeOf(scope: Scope): Result<string> {
  const choices = mixpanelProfile.scope.kind === 'choice' ? mixpanelProfile.scope.choices : []
  if (scope.kind === 'choice' && choices.some(({ value }) => value === scope.value)) return succeed(scope.value)
  return fail('scope-missing', 'This call has no compliance type, and Mixpanel would take it for GDPR by itself.', {
    kept: 'It was not sent.',
    next: 'Choose GDPR or CCPA.',
  })
}
