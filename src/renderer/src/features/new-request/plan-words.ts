/** A plan in words. Pure. */
import type { Environment } from '../../../../shared/model/connection.ts'
import type { Plan, PlanCall } from '../../../../shared/model/request.ts'
import { countOf, formatNumber, formatWindow } from '../../ui/format.ts'
import type { Step } from './steps.ts'

/** The bots that a plan reaches, over all of its groups; null: every bot of the account. */
export function botsOfPlan(plan: Pick<Plan, 'groups'>): readonly string[] | null {
  const scopes = plan.groups.map(({ scope }) => scope)
  if (scopes.some(({ kind }) => kind === 'all bots')) return null
  return [...new Set(scopes.flatMap((scope) => (scope.kind === 'bots' ? scope.botIds : [])))]
}

/** Identifiers of a plan that leave by the groups shown: those of the request's scope, and those whose rows name bots. */
export function countReach(plan: Pick<Plan, 'groups'>): { readonly identifiers: number; readonly own: number } {
  const sumOf = (groups: Plan['groups']) => groups.reduce((sum, group) => sum + group.identifiers, 0)
  return { identifiers: sumOf(plan.groups), own: sumOf(plan.groups.filter(({ own }) => own)) }
}

/** Where data goes, the widest reach first: "all bots of the account", "2 bots", "the bots their rows name". */
export function listReach(
  plan: Pick<Plan, 'groups'>,
): readonly { readonly identifiers: number; readonly words: string; readonly isAll: boolean }[] {
  const rest = plan.groups.filter(({ own }) => !own)
  const own = plan.groups.filter((group) => group.own)
  return [rest, own]
    .filter((groups) => groups.length > 0)
    .map((groups) => {
      const bots = botsOfPlan({ groups })
      return {
        identifiers: countReach({ groups }).identifiers,
        words:
          bots === null
            ? 'all bots of the account'
            : groups === own
              ? `the ${countOf(bots.length, 'bot')} their rows name`
              : countOf(bots.length, 'bot'),
        isAll: bots === null,
      }
    })
}

const natural = new Intl.Collator('en', { numeric: true })

/** The scopes of a plan in the order they are read: the request's first, then by their bots, each list of bots sorted. */
export function listScopes(groups: Plan['groups']): readonly (Plan['groups'][number] & {
  /** Null: every bot of the account. */
  readonly botIds: readonly string[] | null
})[] {
  return groups
    .map((group) => ({
      ...group,
      botIds: group.scope.kind === 'bots' ? group.scope.botIds.toSorted(natural.compare) : null,
    }))
    .toSorted(
      (a, b) => Number(a.own) - Number(b.own) || natural.compare(a.botIds?.join(' ') ?? '', b.botIds?.join(' ') ?? ''),
    )
}

/** One group for each kind of call: the request's scope, and rows that name their own bots. */
export function exampleGroups(groups: Plan['groups']): readonly Plan['groups'][number][] {
  const scopes = listScopes(groups)
  return [scopes.find(({ own }) => !own), scopes.find(({ own }) => own)].filter((group) => group !== undefined)
}

/** The vendor as the lede and the send button name it; never the real one where it is the sandbox. */
export function describeVendor(name: string, environment: Environment): string {
  return environment === 'sandbox' ? `${name} (sandbox)` : name
}

/** By which rule a plan erases, where its vendor has no bots: "under GDPR"; null: it goes by bots, or by no rule. */
export function ruleOfPlan({ groups }: Pick<Plan, 'groups'>): string | null {
  const scope = groups[0]?.scope
  return scope?.kind === 'choice' ? `under ${scope.value}` : null
}

/** True where the plan's calls go to bots, so that which ones is to be shown. */
export function goesByBots({ groups }: Pick<Plan, 'groups'>): boolean {
  return groups.some(({ scope }) => scope.kind === 'bots' || scope.kind === 'all bots')
}

/** "60 / min, 1,800 / hour". */
export function describePace(windows: Plan['windows']): string {
  return windows.map(({ calls, milliseconds }) => `${formatNumber(calls)} / ${formatWindow(milliseconds)}`).join(', ')
}

/**
 * "the vendor’s own id of every email, in 13 more calls that erase nothing; counted in the sending time". Null where
 * nothing is looked up.
 */
export function describeLookUps({ lookUpCalls }: Pick<Plan, 'lookUpCalls'>): string | null {
  if (lookUpCalls === 0) return null
  const calls =
    lookUpCalls === 1 ? '1 more call that erases nothing' : `${formatNumber(lookUpCalls)} more calls that erase nothing`
  return `the vendor’s own id of every email, in ${calls}; counted in the sending time`
}

/** Why calls hold fewer identifiers than are set; null: they do not. */
export function describeCallSize({ most, tooLarge }: Plan['perCall']): string | null {
  if (tooLarge === null) return null
  return `at most ${formatNumber(most)}: the vendor found a call of ${countOf(tooLarge, 'identifier')} too large`
}

/** A call as one text: request line, headers, an empty line, the body. */
export function writeCall({ method, url, headers, body }: PlanCall): string {
  return [`${method} ${url}`, ...headers.map(([name, value]) => `${name}: ${value}`), '', body].join('\n')
}

/** Where an obstacle is cleared: a step of the wizard, the connection's page, or neither. */
export function placeOfObstacle(code: string): Step | 'connection' | 'case' | null {
  if (code === 'scope-missing') return 'scope'
  if (code === 'import-running') return 'columns'
  if (code === 'nothing-to-send') return 'file'
  if (code.startsWith('case-')) return 'case'
  return /^(connection-|secret-)/.test(code) ? 'connection' : null
}
