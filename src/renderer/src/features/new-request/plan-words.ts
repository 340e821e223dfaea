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

/** Identifiers of a plan that leave by the groups shown, and how many of them keep to bots of their own while others reach all. */
export function countReach(plan: Pick<Plan, 'groups'>): { readonly identifiers: number; readonly keptToBots: number } {
  const sumOf = (groups: Plan['groups']) => groups.reduce((sum, group) => sum + group.identifiers, 0)
  const reachesAll = botsOfPlan(plan) === null
  return {
    identifiers: sumOf(plan.groups),
    keptToBots: reachesAll ? sumOf(plan.groups.filter(({ scope }) => scope.kind === 'bots')) : 0,
  }
}

/** "2 bots", "all bots of the account". */
export function describeReach(plan: Pick<Plan, 'groups'>): string {
  const bots = botsOfPlan(plan)
  return bots === null ? 'all bots of the account' : countOf(bots.length, 'bot')
}

/** The vendor as the lede and the send button name it; never the real one where it is the sandbox. */
export function describeVendor(environment: Environment): string {
  return environment === 'sandbox' ? 'Kore.ai (sandbox)' : 'Kore.ai'
}

/** "60 / min, 1,800 / hour". */
export function describePace(windows: Plan['windows']): string {
  return windows.map(({ calls, milliseconds }) => `${formatNumber(calls)} / ${formatWindow(milliseconds)}`).join(', ')
}

/** A call as one text: request line, headers, an empty line, the body. */
export function writeCall({ method, url, headers, body }: PlanCall): string {
  return [`${method} ${url}`, ...headers.map(([name, value]) => `${name}: ${value}`), '', body].join('\n')
}

/** Where an obstacle is cleared: a step of the wizard, the connection's page, or neither. */
export function placeOfObstacle(code: string): Step | 'connection' | null {
  if (code === 'scope-missing') return 'scope'
  if (code === 'import-running') return 'columns'
  if (code === 'nothing-to-send') return 'file'
  return /^(connection-|secret-)/.test(code) ? 'connection' : null
}
