/** The calls of Kore.ai's Delete Customer Data and Delete Customer Data Status pages. */
import { fail, succeed, type Result } from '../../../shared/failure.ts'
import type { ConnectionSettings } from '../../../shared/model/connection.ts'
import type { PlanCall } from '../../../shared/model/request.ts'
import type { Scope } from '../../../shared/model/scope.ts'
import type { ConnectionForCall, Submitted, VendorCall } from '../../core/ports.ts'
import { redactBody } from '../common/redact.ts'
import { fillTemplate, isUsableTemplate, pairOf } from './names.ts'

const erasePath = '/api/public/bot/eraseUsersData'
const statusPath = `${erasePath}/status/`

/** No request of the vendor's: asking about it changes nothing. */
const requestIdOfTests = 'eud-00000000-0000-4000-8000-000000000000'

/**
 * `DELETE {origin}/api/public/bot/eraseUsersData` with `userIds`, `botIds` and `RemoveDataFromAllBots`, or the same as
 * POST with `x-http-method-override: delete` where a proxy strips the body of a DELETE. Fails where nothing would be
 * named, and where bots are meant and none is named: the vendor would erase nothing and not say so.
 */
export function eraseCall(
  connection: ConnectionForCall,
  identifiers: readonly Submitted[],
  scope: Scope,
): Result<VendorCall> {
  const { settings } = connection
  if (identifiers.length === 0)
    return fail('nothing-to-send', 'This call would name nobody.', { kept: 'It was not sent.' })
  const nameless = identifiers.filter(
    (one) => one.value.trim() === '' || (isPair(one) && pairOf(one).channel_id === ''),
  )
  if (nameless.length > 0)
    return fail('invalid-input', 'This call holds an empty identifier.', {
      kept: 'It was not sent.',
      next: 'Discard the request and import the file again.',
    })
  if (settings.pairForm.kind === 'template' && !isUsableTemplate(settings.pairForm.template)) return templateFailure()
  const scopeFields = scopeOfBody(scope)
  if (!scopeFields.ok) return scopeFields
  const userIds = identifiers.map((identifier) => sentForm(identifier, settings)).join(',')
  return succeed({
    method: settings.methodOverride ? 'POST' : 'DELETE',
    url: `${connection.origin}${erasePath}`,
    headers: {
      accept: 'application/json',
      'content-type': 'application/json',
      ...(settings.methodOverride ? { 'x-http-method-override': 'delete' } : {}),
    },
    body: `{"userIds":[${userIds}],${scopeFields.value}}`,
  })
}

/** `GET …/eraseUsersData/status/:reqId`. */
export function statusCall(connection: ConnectionForCall, vendorRequestId: string): VendorCall {
  return {
    method: 'GET',
    url: `${connection.origin}${statusPath}${encodeURIComponent(vendorRequestId)}`,
    headers: { accept: 'application/json' },
    body: null,
  }
}

/** Asks about a request that does not exist: signed like every call, and nothing depends on it. */
export function testCall(connection: ConnectionForCall): VendorCall {
  return statusCall(connection, requestIdOfTests)
}

/** The token stands bare in the header `auth`; its `jti` names the attempt. */
export function authorize(call: VendorCall, { token }: Readonly<{ token: string }>): VendorCall {
  return { ...call, headers: { ...call.headers, auth: token } }
}

/** One or more entries of `userIds` as JSON text. How a pair is written is a setting: no page of the vendor's shows it. */
export function sentForm(identifier: Submitted, settings: ConnectionSettings): string {
  if (!isPair(identifier)) return JSON.stringify(identifier.value.trim())
  const pair = pairOf(identifier)
  switch (settings.pairForm.kind) {
    case 'object':
      return JSON.stringify(pair)
    case 'two entries':
      return `${JSON.stringify(pair.channel_id)},${JSON.stringify(pair.channel_user_id)}`
    case 'template':
      return JSON.stringify(fillTemplate(settings.pairForm.template, pair))
  }
}

/** The settings as they are; fails where a template would write different pairs the same. */
export function completeSettings(settings: ConnectionSettings): Result<ConnectionSettings> {
  const { pairForm } = settings
  return pairForm.kind === 'template' && !isUsableTemplate(pairForm.template) ? templateFailure() : succeed(settings)
}

/** The call as a plan shows it: of the list that its body begins with two entries, how many more there are, a note where the token will stand. */
export function redact(call: VendorCall): PlanCall {
  const { auth: _, ...headers } = call.headers
  return {
    method: call.method,
    url: call.url,
    headers: [...Object.entries(headers), ['auth', '(a fresh token, signed for this call)']],
    body: call.body === null ? '' : redactBody(call.body, ['userIds', 'emailIds']),
  }
}

function scopeOfBody(scope: Scope): Result<string> {
  if (scope.kind === 'all bots') return succeed('"RemoveDataFromAllBots":true')
  if (scope.kind !== 'bots') return noBots()
  const botIds = scope.botIds.map((botId) => botId.trim()).filter((botId) => botId !== '')
  if (botIds.length === 0) return noBots()
  return succeed(`"botIds":${JSON.stringify(botIds)},"RemoveDataFromAllBots":false`)
}

function noBots(): Result<never> {
  return fail('scope-missing', 'This call would name no bot, and Kore.ai would erase nothing.', {
    kept: 'It was not sent.',
    next: 'Choose the bots, or all bots.',
  })
}

function isPair(identifier: Submitted): boolean {
  return identifier.kind === 'channel pair'
}

function templateFailure(): Result<never> {
  return fail('invalid-input', 'The template for channel pairs leaves out one half of the pair.', {
    kept: 'Nothing was sent.',
    next: 'Write both {channel_id} and {channel_user_id} into it.',
    field: 'settings.pairForm.template',
  })
}
