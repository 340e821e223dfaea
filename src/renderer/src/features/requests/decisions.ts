/** The words around a decision: what it does, and what can go wrong with it. Pure. */
import type { Input } from '../../../../shared/contract.ts'
import type { Decision, DecisionPlan, IdentifierRow, WaitingGroup } from '../../../../shared/model/request.ts'
import { describeScope } from '../../../../shared/model/scope.ts'
import type { IdentifierState } from '../../../../shared/model/state.ts'
import { countOf } from '../../ui/format.ts'

export type DecisionWords = Readonly<{
  /** The choice, as the operator reads it in the list; for one identifier, and for more. */
  choice: (count: number) => string
  /** The verb on the button, with the number. */
  button: (count: number) => string
  /** It sends a call or gives something up: shown in the colour of danger. */
  danger: boolean
}>

export const decisionWords: Readonly<Record<Decision, DecisionWords>> = {
  'send again': {
    choice: (count) => (count === 1 ? 'Send it again' : 'Send them again'),
    button: (count) => `Send ${countOf(count, 'identifier')} again`,
    danger: true,
  },
  'treat as sent': {
    choice: (count) => (count === 1 ? 'Treat it as sent' : 'Treat them as sent'),
    button: (count) => `Treat ${countOf(count, 'identifier')} as sent`,
    danger: false,
  },
  'accept as unconfirmed': {
    choice: (count) => (count === 1 ? 'Leave it unconfirmed' : 'Leave them unconfirmed'),
    button: (count) => `Accept ${countOf(count, 'identifier')} as unconfirmed`,
    danger: false,
  },
  'pair whole batch': {
    choice: () => 'Pair the whole batch',
    button: (count) => `Pair ${countOf(count, 'identifier')}`,
    danger: false,
  },
  release: {
    choice: (count) => (count === 1 ? 'Release it for sending' : 'Release them for sending'),
    button: (count) => `Release ${countOf(count, 'identifier')}`,
    danger: true,
  },
  cancel: {
    choice: (count) => (count === 1 ? 'Take it back' : 'Take them back'),
    button: (count) => `Cancel ${countOf(count, 'identifier')}`,
    danger: true,
  },
}

/** What follows from a decision about identifiers in this state, its own risk included, and no other's. */
export function consequenceOf(decision: Decision, state: IdentifierState, count: number): string {
  switch (decision) {
    case 'send again':
      return consequenceOfSending(state, count)
    case 'treat as sent':
      return 'If the call did not arrive, this may never be erased: without the vendor’s id for the call nothing more can be learned. The state becomes unconfirmed.'
    case 'accept as unconfirmed':
      return 'Recorded as your decision. It does not count as erased, and the evidence says so; a later answer that names an identifier still makes it erased.'
    case 'pair whole batch':
      return 'You take the ids the vendor named for the ones that were submitted, all of them. They become erased, and the evidence says that they were paired by hand, and why.'
    case 'release':
      return 'The queue takes them, and they are sent as soon as the limits allow.'
    case 'cancel':
      return 'The state becomes cancelled, and nothing is sent. Sending later needs a new request.'
  }
}

function consequenceOfSending(state: IdentifierState, count: number): string {
  switch (state) {
    case 'outcome unknown':
      return 'If the first call did take effect, the vendor has two requests for the same people, and data created since the first call is erased too.'
    case 'unconfirmed':
      return 'The vendor has had one request for this already: it gets a second, and data created since the first call is erased too.'
    case 'held':
      return count === 1
        ? 'It goes in a call of its own, as it is. Where nothing was put right since, the vendor may reject it again.'
        : 'A call that the vendor rejects as a whole is split in halves, so that the cause is found. What it accepts is erased.'
    case 'failed':
      return 'A new batch, linked to the old one. Where nothing was put right at the vendor since, it may fail again; where it succeeds, data created since the first call is erased too.'
    case 'revoked':
      return count === 1
        ? 'It was taken back, and nothing of it is erased so far. In a new batch, linked to the old one, it is erased after all.'
        : 'They were taken back, and nothing of them is erased so far. In a new batch, linked to the old one, they are erased after all.'
    default:
      return 'A new batch, linked to the old one. Where nothing was put right at the vendor since, it may be refused again.'
  }
}

/** The groups that one decision for the whole state reaches, this one among them. */
export function sameState(groups: readonly WaitingGroup[], group: WaitingGroup): readonly WaitingGroup[] {
  return groups.filter((other) => other.state === group.state)
}

/** What may be decided: about one identifier, about every group of a state at once, or about this group. */
export function decisionsOffered(
  group: WaitingGroup,
  about: 'identifier' | 'all' | 'group',
  alike: readonly WaitingGroup[] = [],
): readonly Decision[] {
  // A batch is paired as a whole or not at all: one identifier of it has nothing to be paired with.
  const alone = group.decisions.filter((decision) => about === 'group' || decision !== 'pair whole batch')
  return about === 'all'
    ? alone.filter((decision) => alike.every(({ decisions }) => decisions.includes(decision)))
    : alone
}

/** What a decision is about: one identifier, every group of the state in the request, or this group. */
export function decisionTarget(
  group: Pick<WaitingGroup, 'batchId' | 'by' | 'vendorWords'>,
  identifier: Pick<IdentifierRow, 'id'> | null,
  all: boolean,
): Input<'decide'>['target'] {
  if (identifier !== null) return { identifierId: identifier.id }
  if (all || group.by === 'state') return { all: true }
  return group.by === 'words' || group.batchId === null
    ? { vendorWords: group.vendorWords }
    : { batchId: group.batchId }
}

/** What is decided about, as the dialog's title says it. */
export function titleOf(
  group: WaitingGroup,
  identifier: Pick<IdentifierRow, 'batchNumber'> | null,
  all: Readonly<{ count: number; groups: number }> | null,
): string {
  if (identifier !== null) {
    const batch = identifier.batchNumber === null ? '' : ` of batch ${identifier.batchNumber}`
    return `1 identifier${batch}: ${group.state}`
  }
  if (all === null) return group.title
  return `${countOf(all.count, 'identifier')} in ${countOf(all.groups, 'group')}: ${group.state}`
}

const decidable: readonly IdentifierState[] = ['outcome unknown', 'unconfirmed', 'held', 'failed', 'refused', 'revoked']

/** True where something about the identifier may be decided: it waits, or it may be tried again. */
export function mayDecide(row: Pick<IdentifierRow, 'state' | 'decided'>): boolean {
  return !row.decided && decidable.includes(row.state)
}

/** What leads to a decision about this state, before a count: "Retry" 3 identifiers. */
export function decideVerb(state: IdentifierState): 'Decide about' | 'Retry' | 'Send again' {
  if (state === 'revoked') return 'Send again'
  return state === 'failed' || state === 'refused' ? 'Retry' : 'Decide about'
}

/** The same as the word on its button. */
export function decideWord(state: IdentifierState): 'Decide…' | 'Retry…' | 'Send again…' {
  const verb = decideVerb(state)
  return verb === 'Decide about' ? 'Decide…' : `${verb}…`
}

const namedScopes = 3

/** "all bots of the account", "bot st-1", "bots st-1, st-2", each with its number where there are several. */
export function scopesInWords({ scopes, scopeCount }: Pick<DecisionPlan, 'scopes' | 'scopeCount'>): string {
  const named = scopes.slice(0, namedScopes).map(({ scope, identifiers }) => {
    const words =
      scope.kind === 'all bots'
        ? 'all bots of the account'
        : scope.kind === 'bots' && scope.botIds.length > 1 && scope.botIds.length <= namedScopes
          ? `bots ${scope.botIds.join(', ')}`
          : describeScope(scope)
    return scopeCount === 1 ? words : `${words} (${countOf(identifiers, 'identifier')})`
  })
  const rest = scopeCount - named.length
  return rest <= 0 ? named.join('; ') : `${named.join('; ')}; and ${countOf(rest, 'more scope')}`
}
