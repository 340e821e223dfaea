/** The words around a decision: what it does, and what can go wrong either way. Pure. */
import type { Input } from '../../../../shared/contract.ts'
import type { Decision, IdentifierRow, WaitingGroup } from '../../../../shared/model/request.ts'
import { countOf } from '../../ui/format.ts'

export type DecisionWords = Readonly<{
  /** The choice, as the operator reads it in the list. */
  choice: string
  /** What follows from it, its risk included. */
  consequence: string
  /** The verb on the button, with the number. */
  button: (count: number) => string
  /** It sends a call or gives something up: shown in the colour of danger. */
  danger: boolean
  /** A reason has to be written. */
  needsReason: boolean
}>

export const decisionWords: Readonly<Record<Decision, DecisionWords>> = {
  'send again': {
    choice: 'Send them again',
    consequence:
      'If the first call did arrive, the vendor gets a second request for the same people, and data created since the first call is erased too.',
    button: (count) => `Send ${countOf(count, 'identifier')} again`,
    danger: true,
    needsReason: true,
  },
  'treat as sent': {
    choice: 'Treat them as sent',
    consequence:
      'If the call did not arrive, these people may never be erased: without the vendor’s id for the call nothing more can be learned, and they become unconfirmed.',
    button: (count) => `Treat ${countOf(count, 'identifier')} as sent`,
    danger: false,
    needsReason: true,
  },
  'accept as unconfirmed': {
    choice: 'Leave them unconfirmed',
    consequence:
      'Recorded as your decision. They do not count as erased, and the evidence says so; a later answer that names one still makes it erased.',
    button: (count) => `Accept ${countOf(count, 'identifier')} as unconfirmed`,
    danger: false,
    needsReason: true,
  },
  'pair whole batch': {
    choice: 'Pair the whole batch',
    consequence:
      'You take the ids the vendor named for the ones that were submitted, all of them. They become erased, and the evidence says it was paired by hand and why.',
    button: (count) => `Pair ${countOf(count, 'identifier')}`,
    danger: false,
    needsReason: true,
  },
  release: {
    choice: 'Release them for sending',
    consequence: 'They join the queue and are sent as soon as the limits allow.',
    button: (count) => `Release ${countOf(count, 'identifier')}`,
    danger: true,
    needsReason: true,
  },
  cancel: {
    choice: 'Take them back',
    consequence: 'They become cancelled and are not sent. Sending them later needs a new request.',
    button: (count) => `Cancel ${countOf(count, 'identifier')}`,
    danger: true,
    needsReason: true,
  },
}

/** What hangs in the balance for a whole state, in one or two sentences: both risks, before any choice. */
export function dilemma(group: Pick<WaitingGroup, 'state' | 'strangers' | 'count'>): string {
  switch (group.state) {
    case 'outcome unknown':
      return 'Nobody knows whether this call arrived. Sent again, data created since then goes too and two vendor requests exist. Not sent again, it may never be erased.'
    case 'unconfirmed':
      return group.strangers === 0
        ? 'The vendor has finished and does not name these. They may be unknown there, or erased under another name.'
        : `The vendor has finished and does not name these; it named ${countOf(group.strangers, 'id')} that nobody submitted. They may be the same people under other ids.`
    case 'held':
      return 'Kept back: nothing of them has been sent, or the vendor rejected the whole call that carried them.'
    default:
      return 'These wait for a decision.'
  }
}

/** Groups that offer the same decisions about the same state, so that all of them can be decided at once. */
export function sameKind(groups: readonly WaitingGroup[], group: WaitingGroup): readonly WaitingGroup[] {
  const offers = (other: WaitingGroup) => other.decisions.join()
  return groups.filter((other) => other.state === group.state && offers(other) === offers(group))
}

/** What a decision is about: one identifier, every such group of the request, or this group. */
export function decisionTarget(
  group: Pick<WaitingGroup, 'batchId'>,
  identifier: Pick<IdentifierRow, 'id'> | null,
  all: boolean,
): Input<'decide'>['target'] {
  if (identifier !== null) return { identifierId: identifier.id }
  return all || group.batchId === null ? { all: true } : { batchId: group.batchId }
}

/** The group that an identifier waits in, or null where nothing about it is to be decided. */
export function groupOf(
  groups: readonly WaitingGroup[],
  row: Pick<IdentifierRow, 'state' | 'batchNumber' | 'decided'>,
): WaitingGroup | null {
  if (row.decided) return null
  const group = groups.find(
    ({ state, batchNumber }) => state === row.state && (batchNumber === null || batchNumber === row.batchNumber),
  )
  return group !== undefined && group.decisions.length > 0 ? group : null
}
