/** The five steps of a new request: what each has decided, and which one comes next. Pure. */
import { answerDueOf } from '../../../../shared/model/deadline.ts'
import { draftName } from '../../../../shared/model/draft-name.ts'
import type { ChosenFile, FileFormat, ImportSummary } from '../../../../shared/model/import.ts'
import { describeScope } from '../../../../shared/model/scope.ts'
import type { RequestDetail } from '../../../../shared/model/request.ts'

export const steps = ['file', 'columns', 'scope', 'facts', 'plan'] as const
export type Step = (typeof steps)[number]

export const stepTitles: Readonly<Record<Step, string>> = {
  file: 'File',
  columns: 'Columns and check',
  scope: 'Scope',
  facts: 'Case facts',
  plan: 'Plan',
}

const integers = new Intl.NumberFormat()

/** "1 row", "8,214 rows": the number in the operator's locale and the word that fits it. */
export function countOf(count: number, one: string, many: string = `${one}s`): string {
  return `${integers.format(count)} ${count === 1 ? one : many}`
}

/** The imports of a draft that brought rows in. */
export function doneImports(draft: Pick<RequestDetail, 'imports'> | null): readonly ImportSummary[] {
  return draft?.imports.filter((entry) => entry.status === 'done') ?? []
}

/** Sums over every file that is in. */
export function sumImports(imports: readonly ImportSummary[]) {
  return imports.reduce(
    (sum, entry) => ({
      rows: sum.rows + entry.rows,
      identifiers: sum.identifiers + entry.identifiers,
      duplicates: sum.duplicates + entry.duplicates,
      rejects: sum.rejects + entry.rejects,
    }),
    { rows: 0, identifiers: 0, duplicates: 0, rejects: 0 },
  )
}

/** "8,214 rows = 8,000 identifiers + 171 duplicates + 43 rejects": no row goes missing, and it shows. */
export function describeSum(sum: Pick<ImportSummary, 'rows' | 'identifiers' | 'duplicates' | 'rejects'>): string {
  const parts = [
    countOf(sum.identifiers, 'identifier'),
    countOf(sum.duplicates, 'duplicate'),
    countOf(sum.rejects, 'reject'),
  ]
  return `${countOf(sum.rows, 'row')} = ${parts.join(' + ')}`
}

const delimiterWords = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' } as const

/** How a file was read: "UTF-8, semicolons, with a header". */
export function describeFormat({ encoding, delimiter, hasHeader }: FileFormat): string {
  const named = encoding === 'windows-1252' ? 'Windows-1252' : encoding.toUpperCase()
  return `${named}, ${delimiterWords[delimiter]}, ${hasHeader ? 'with a header' : 'no header'}`
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
  const files = imports.length === 1 ? first.fileName : `${integers.format(imports.length)} files`
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
  return `${countOf(botIds.length, 'bot')}: ${named}${botIds.length > 2 ? ` and ${integers.format(botIds.length - 2)} more` : ''}`
}

function describeFacts(draft: RequestDetail): string | null {
  const { regulation, receivedOn, reference } = draft.caseFacts
  const due = answerDueOf(draft.caseFacts)
  const parts = [
    regulation === 'none' ? 'no regulation' : regulation === 'other' ? 'another regulation' : regulation,
    ...(receivedOn === null ? [] : [`received ${formatDay(receivedOn)}`]),
    ...(due === null ? [] : [`due ${formatDay(due)}`]),
    ...(reference === '' ? [] : [reference]),
  ]
  return parts.length === 1 && receivedOn === null && regulation === 'GDPR' ? null : parts.join(', ')
}

/** A day as the operator's locale writes it: "14 Oct 2026". `day` is YYYY-MM-DD. */
export function formatDay(day: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeZone: 'UTC' }).format(
    new Date(`${day}T00:00:00Z`),
  )
}

/** The step before or after one, null at the ends. */
export function neighbour(step: Step, by: 1 | -1): Step | null {
  return steps[steps.indexOf(step) + by] ?? null
}
