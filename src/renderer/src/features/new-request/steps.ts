/** The five steps of a new request: what each has decided, and which one comes next. Pure. */
import { answerDueOf } from '../../../../shared/model/deadline.ts'
import { draftName } from '../../../../shared/model/draft-name.ts'
import type { ChosenFile, ImportSummary } from '../../../../shared/model/import.ts'
import { describeScope } from '../../../../shared/model/scope.ts'
import type { RequestDetail } from '../../../../shared/model/request.ts'
import { formatIsoDay } from '../../case-facts/facts.ts'
import { sumImports } from '../../files/import-words.ts'
import { countOf, formatNumber } from '../../ui/format.ts'
import type { RailStep } from '../../wizard/StepsRail.tsx'

export const steps = ['file', 'columns', 'scope', 'facts', 'plan'] as const
export type Step = (typeof steps)[number]

/** What each step after the file is given. */
export type StepProps = {
  readonly draft: RequestDetail
  readonly goTo: (step: Step) => void
}

export const stepTitles: Readonly<Record<Step, string>> = {
  file: 'File',
  columns: 'Columns and check',
  scope: 'Scope',
  facts: 'Case facts',
  plan: 'Plan',
}

/** The imports of a draft that brought rows in. */
export function doneImports(draft: Pick<RequestDetail, 'imports'> | null): readonly ImportSummary[] {
  return draft?.imports.filter((entry) => entry.status === 'done') ?? []
}

/**
 * Where a draft opens again: the first step that has not been decided. A running import is watched where it runs;
 * without the day the ask arrived the case facts are still to be looked at.
 */
export function firstOpenStep(draft: RequestDetail | null): Step {
  if (draft === null) return 'file'
  if (draft.imports.some((entry) => entry.status === 'running')) return 'columns'
  if (sumImports(doneImports(draft)).identifiers === 0) return draft.imports.length > 0 ? 'columns' : 'file'
  if (draft.scope === null) return 'scope'
  const facts = draft.caseFacts
  if (facts.regulation !== 'none' && facts.receivedOn === null && facts.reference === '') return 'facts'
  return 'plan'
}

/** What the wizard knows when it asks about its steps. */
export type WizardState = {
  readonly draft: RequestDetail | null
  /** A file that is chosen and not yet imported. */
  readonly pending: ChosenFile | null
  /** True where every row names its own bots, so that the request needs none. */
  readonly allRowsHaveBots: boolean
}

/** True where a step may be opened: everything it stands on has been decided. */
export function mayOpen(step: Step, state: WizardState): boolean {
  if (step === 'file') return true
  const imported = sumImports(doneImports(state.draft)).identifiers > 0
  if (step === 'columns') return state.pending !== null || (state.draft?.imports.length ?? 0) > 0
  if (state.draft === null || !imported || isImporting(state.draft)) return false
  if (step === 'plan') return state.draft.scope !== null || state.allRowsHaveBots
  return true
}

/** True while a file is being read into the draft. */
export function isImporting(draft: Pick<RequestDetail, 'imports'> | null): boolean {
  return draft?.imports.some((entry) => entry.status === 'running') ?? false
}

/** True while nothing was put into a draft: no file, no scope, no facts, no name of its own. */
export function isUntouched(draft: RequestDetail): boolean {
  const { receivedOn, answerDue, channel, reference, regulation } = draft.caseFacts
  return (
    draft.imports.length === 0 &&
    draft.scope === null &&
    draft.name === draftName(draft.createdAt) &&
    receivedOn === null &&
    answerDue === null &&
    channel + reference === '' &&
    regulation === 'GDPR'
  )
}

/** The steps as the rail shows them. */
export function listSteps(state: WizardState, current: Step): readonly RailStep<Step>[] {
  return steps.map((id) => {
    const isOpen = mayOpen(id, state)
    const decided = isOpen ? describeStep(id, state) : null
    const isDone = id !== 'plan' && id !== current && decided !== null
    return { id, title: stepTitles[id], decided, isDone, mayOpen: isOpen }
  })
}

/** What was decided in a step, in a few words; null where nothing has been yet. */
export function describeStep(step: Step, state: WizardState): string | null {
  const { draft, pending } = state
  const imports = doneImports(draft)
  if (step === 'file') return describeFiles(draft, pending)
  if (draft === null || (imports.length === 0 && step !== 'columns')) return null
  if (step === 'columns') return imports.length === 0 ? null : describeCheck(imports)
  if (step === 'scope') return describeScopeStep(draft, state.allRowsHaveBots)
  if (step === 'facts') return describeFacts(draft)
  return 'Review, then send'
}

function describeFiles(draft: RequestDetail | null, pending: ChosenFile | null): string | null {
  const imports = doneImports(draft)
  const reading = draft?.imports.find((entry) => entry.status === 'running')
  const [first] = imports
  const sum = sumImports(imports)
  if (first === undefined) return pending?.fileName ?? reading?.fileName ?? null
  // A case's file is read several times, and its rows are the same each time.
  if (draft !== null && draft.case !== null) return `${first.fileName}, ${countOf(first.rows, 'row')}`
  const files = imports.length === 1 ? first.fileName : `${formatNumber(imports.length)} files`
  return `${files}, ${countOf(sum.rows, 'row')}${pending === null ? '' : `, then ${pending.fileName}`}`
}

function describeCheck(imports: readonly ImportSummary[]): string {
  const sum = sumImports(imports)
  return [
    countOf(sum.identifiers, 'identifier'),
    countOf(sum.duplicates, 'duplicate'),
    countOf(sum.rejects, 'reject'),
  ].join(', ')
}

function describeScopeStep(draft: RequestDetail, allRowsHaveBots: boolean): string | null {
  if (draft.scope === null) return allRowsHaveBots ? 'every row names its own bots' : null
  if (draft.scope.kind === 'all bots') return 'all bots of the account'
  if (draft.scope.kind !== 'bots') return describeScope(draft.scope)
  const { botIds } = draft.scope
  const named = botIds.slice(0, 2).join(', ')
  return `${countOf(botIds.length, 'bot')}: ${named}${botIds.length > 2 ? ` and ${formatNumber(botIds.length - 2)} more` : ''}`
}

function describeFacts(draft: RequestDetail): string | null {
  const { regulation, receivedOn, reference } = draft.caseFacts
  const due = answerDueOf(draft.caseFacts)
  const parts = [
    regulation === 'none' ? 'no regulation' : regulation === 'other' ? 'another regulation' : regulation,
    ...(receivedOn === null ? [] : [`received ${formatIsoDay(receivedOn)}`]),
    ...(due === null ? [] : [`due ${formatIsoDay(due)}`]),
    ...(reference === '' ? [] : [reference]),
  ]
  return parts.length === 1 && receivedOn === null && regulation === 'GDPR' ? null : parts.join(', ')
}

/** The step before or after one, null at the ends. */
export function neighbour(step: Step, by: 1 | -1): Step | null {
  return steps[steps.indexOf(step) + by] ?? null
}
