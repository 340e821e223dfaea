/** Which decisions there are about which state. */
import { fail, succeed, type Failed, type Result } from '../../../../shared/failure.ts'
import type { Decision } from '../../../../shared/model/request.ts'
import type { IdentifierState } from '../../../../shared/model/state.ts'
import type { DecisionSubject } from '../../../core/ports.ts'

const decisionsFor: Readonly<Partial<Record<IdentifierState, readonly Decision[]>>> = {
  'outcome unknown': ['send again', 'treat as sent'],
  unconfirmed: ['accept as unconfirmed', 'send again', 'pair whole batch'],
  held: ['release', 'send again', 'cancel'],
  failed: ['send again'],
  refused: ['send again'],
  revoked: ['send again'],
}
const withReason: readonly Decision[] = ['send again', 'treat as sent', 'accept as unconfirmed', 'pair whole batch']

/** Fails where the state knows no such decision, or where it is not one for this target. */
export function checkDecision({ state, decision, target }: DecisionSubject): Result<null> {
  if (!(decisionsFor[state] ?? []).includes(decision)) {
    return fail('invalid-input', `“${decision}” is not a decision about identifiers that are ${state}.`)
  }
  if (decision === 'pair whole batch' && !('batchId' in target)) {
    return fail('invalid-input', 'Pairing is decided for one batch at a time.')
  }
  return succeed(null)
}

/** Fails where the decision is one that has to be given a reason, and has none. */
export function checkReason(decision: Decision, reason: string): Result<null> {
  if (!withReason.includes(decision) || reason.trim() !== '') return succeed(null)
  return fail('reason-missing', 'This decision needs a reason: it is part of the proof.', {
    kept: 'Nothing was changed.',
    next: 'Say in a few words why.',
    field: 'reason',
  })
}

export function planChanged(): Failed {
  return fail('plan-changed', 'What waits has changed since this was shown.', {
    kept: 'Nothing was sent.',
    next: 'Look at the numbers again, then decide.',
    retryable: true,
  })
}
