import { html, json, type Answer } from '../answer.ts'
import type { Fault } from '../behaviours.ts'

/**
 * The answer a fault makes of the one the vendor meant to give. A redirect leads to a path of the sandbox itself, where
 * the ledger shows a client that follows it.
 */
export function faultyAnswer(fault: Fault, meant: Answer): Answer {
  switch (fault.answer) {
    case 'cut':
      return { kind: 'cut' }
    case 'silence':
      return { kind: 'silence' }
    case 'cut-mid-body':
      return meant.kind === 'whole' ? { ...meant, kind: 'cut-mid-body' } : meant
    case 'html':
      return html(200, 'Sign in to continue')
    case 'redirect':
      return html(302, 'Found', { location: '/sign-in?from=eraseUsersData' })
    case 'no-request-id':
      return json(200, { status: 'in-progress' })
    case 'error':
      return serverError(fault.status)
    default:
      return fault satisfies never
  }
}

function serverError(status: 500 | 502 | 503): Answer {
  if (status === 500) return json(500, { errors: [{ msg: 'Internal Server Error', code: 500 }] })
  return html(status, status === 502 ? '502 Bad Gateway' : '503 Service Temporarily Unavailable')
}
