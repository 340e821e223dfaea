/** The calls of Mixpanel's GDPR API v3.0 for deletions: create, check, cancel. */
import { fail, succeed, type Result } from '../../../shared/failure.ts'
import type { PlanCall } from '../../../shared/model/request.ts'
import type { Scope } from '../../../shared/model/scope.ts'
import type { ConnectionForCall, Submitted, VendorCall } from '../../core/ports.ts'
import { redactBody } from '../common/redact.ts'
import { mixpanelProfile } from './profile.ts'

const path = '/api/app/data-deletions/v3.0'

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
  if (identifiers.length === 0)
    return fail('nothing-to-send', 'This call would name nobody.', { kept: 'It was not sent.' })
  if (identifiers.some(({ kind, value }) => kind !== 'distinct id' || value.trim() === ''))
    return fail('invalid-input', 'This call holds an identifier that is empty or no distinct id.', {
      kept: 'It was not sent.',
      next: 'Discard the request and import the file again.',
    })
  const complianceType = complianceTypeOf(scope)
  if (!complianceType.ok) return complianceType
  return succeed({
    method: 'POST',
    url: urlOf(connection, '/'),
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: `{"distinct_ids":[${identifiers.map(sentForm).join(',')}],"compliance_type":${JSON.stringify(complianceType.value)}}`,
  })
}

/** `GET …/data-deletions/v3.0/{tracking_id}`. */
export function statusCall(connection: ConnectionForCall, vendorRequestId: string): VendorCall {
  return taskCall('GET', connection, vendorRequestId)
}

/** `DELETE …/data-deletions/v3.0/{tracking_id}`. */
export function cancelCall(connection: ConnectionForCall, vendorRequestId: string): VendorCall {
  return taskCall('DELETE', connection, vendorRequestId)
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

function taskCall(method: string, connection: ConnectionForCall, vendorRequestId: string): VendorCall {
  const url = urlOf(connection, `/${encodeURIComponent(vendorRequestId)}`)
  return { method, url, headers: { accept: 'application/json' }, body: null }
}

function urlOf({ origin, clientId }: ConnectionForCall, rest: string): string {
  return `${origin}${path}${rest}?token=${encodeURIComponent(clientId)}`
}

function complianceTypeOf(scope: Scope): Result<string> {
  const choices = mixpanelProfile.scope.kind === 'choice' ? mixpanelProfile.scope.choices : []
  if (scope.kind === 'choice' && choices.some(({ value }) => value === scope.value)) return succeed(scope.value)
  return fail('scope-missing', 'This call has no compliance type, and Mixpanel would take it for GDPR by itself.', {
    kept: 'It was not sent.',
    next: 'Choose GDPR or CCPA.',
  })
}
