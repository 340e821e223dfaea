/** The calls of Fernhill's erasures: create, ask, withdraw. */
import { fail, succeed, type Result } from '../../../../src/shared/failure.ts'
import type { ConnectionSettings } from '../../../../src/shared/model/connection.ts'
import type { PlanCall } from '../../../../src/shared/model/request.ts'
import type { Scope } from '../../../../src/shared/model/scope.ts'
import type { ConnectionForCall, Submitted, VendorCall } from '../../../../src/main/core/ports.ts'
import { readOrigin } from '../../../../src/main/vendors/common/origin.ts'
import { redactBody } from '../../../../src/main/vendors/common/redact.ts'
import { ownKeys } from './profile.ts'

/** No erasure of anybody's: asking about it changes nothing. */
const erasureOfTests = 'er-none'

/** `POST {origin}/erasures`. Fails where nobody would be named, and for a scope that Fernhill does not have. */
export function eraseCall(
  connection: ConnectionForCall,
  identifiers: readonly Submitted[],
  scope: Scope,
): Result<VendorCall> {
  const kept = 'It was not sent.'
  if (identifiers.length === 0) return fail('nothing-to-send', 'This call would name nobody.', { kept })
  if (scope.kind !== 'everything')
    return fail('scope-missing', 'Fernhill erases in the whole workspace alone.', { kept })
  const { own } = connection.settings
  const fields = {
    workspace: connection.clientId,
    copies: own[ownKeys.copies],
    thorough: own[ownKeys.thorough],
  }
  const subjects = identifiers.map(sentForm).join(',')
  return succeed({
    method: 'POST',
    url: `${connection.origin}/erasures`,
    headers: { accept: 'application/json', 'content-type': 'application/json' },
    body: `{"subjects":[${subjects}],${JSON.stringify(fields).slice(1)}`,
  })
}

/** `GET {origin}/erasures/{id}`. */
export function statusCall(connection: ConnectionForCall, vendorRequestId: string): VendorCall {
  return erasureCall('GET', connection, vendorRequestId)
}

/** `DELETE {origin}/erasures/{id}`. */
export function cancelCall(connection: ConnectionForCall, vendorRequestId: string): VendorCall {
  return erasureCall('DELETE', connection, vendorRequestId)
}

export function testCall(connection: ConnectionForCall): VendorCall {
  return statusCall(connection, erasureOfTests)
}

/** One entry of `subjects` as JSON text. */
export function sentForm({ value }: Submitted): string {
  return JSON.stringify(value)
}

/** The key as it is; `x-call` names the attempt, since the key is the same in every call. */
export function authorize(call: VendorCall, { token, jti }: Readonly<{ token: string; jti: string }>): VendorCall {
  return { ...call, headers: { ...call.headers, 'x-api-key': token, 'x-call': jti } }
}

export function redact(call: VendorCall): PlanCall {
  return {
    method: call.method,
    url: call.url,
    headers: [...Object.entries(call.headers), ['x-api-key', '(the API key)'], ['x-call', '(an id for each call)']],
    body: call.body === null ? '' : redactBody(call.body, ['subjects']),
  }
}

/** Both of Fernhill's own settings are complete as they are: the profile says all that there is to check. */
export function completeSettings(settings: ConnectionSettings): Result<ConnectionSettings> {
  return succeed(settings)
}

export function checkOrigin(typed: string): Result<Readonly<{ origin: string; warning: string | null }>> {
  const read = readOrigin(typed, 'https://api.fernhill.example')
  return read.ok ? succeed({ origin: read.value.origin, warning: null }) : read
}

function erasureCall(method: string, connection: ConnectionForCall, vendorRequestId: string): VendorCall {
  const url = `${connection.origin}/erasures/${encodeURIComponent(vendorRequestId)}`
  return { method, url, headers: { accept: 'application/json' }, body: null }
}
