/** A case that is being made, until its file is read: what was decided in each step. Pure. */
import { caseFactsSchema } from '../../../../shared/model/request.ts'
import type { CaseColumn } from '../../../../shared/model/case.ts'
import { findColumnMistakes, type CaseConnection } from '../../../../shared/model/case-readings.ts'
import type { ConnectionId } from '../../../../shared/model/ids.ts'
import type { ChosenFile } from '../../../../shared/model/import.ts'
import { nameFromFile } from '../../../../shared/model/draft-name.ts'
import { factValuesOf, type FactValues } from '../../case-facts/facts.ts'
import { isReadable } from '../../files/import-words.ts'
import { countOf, formatNumber } from '../../ui/format.ts'
import type { RailStep } from '../../wizard/StepsRail.tsx'
import { describePeople } from './case-words.ts'
import type { ChosenColumns } from './columns.ts'

export const newCaseSteps = ['connections', 'file', 'columns', 'facts'] as const
export type NewCaseStep = (typeof newCaseSteps)[number]

export type NewCase = Readonly<{
  step: NewCaseStep
  connectionIds: readonly ConnectionId[]
  file: ChosenFile | null
  /** Null: as they were guessed or remembered. */
  columns: ChosenColumns | null
  facts: FactValues
}>

/** A case of which nothing is decided yet. */
export const nothingChosen: NewCase = {
  step: 'connections',
  connectionIds: [],
  file: null,
  columns: null,
  facts: factValuesOf({ name: '', caseFacts: caseFactsSchema.parse({}) }),
}

/** What the steps look at beside what was chosen. */
export type NewCaseState = Readonly<{
  made: NewCase
  /** The chosen connections that are still there, in the order in which they are listed. */
  connections: readonly CaseConnection[]
  /** Null before main has said what it takes the columns for. */
  columns: readonly CaseColumn[] | null
}>

/** The case with another file. It gives its name to a case that has none of its own. */
export function takeFile(made: NewCase, file: ChosenFile): NewCase {
  const hadName = made.facts.name !== '' && made.facts.name !== nameOf(made.file)
  const facts = hadName ? made.facts : { ...made.facts, name: nameOf(file) }
  return { ...made, file, columns: null, facts, step: 'columns' }
}

function nameOf(file: ChosenFile | null): string {
  return file === null ? '' : nameFromFile(file.fileName, 'Case')
}

/** True where a step may be opened: everything it stands on has been decided. */
export function mayOpen(step: NewCaseStep, { made, connections, columns }: NewCaseState): boolean {
  if (step === 'connections') return true
  if (connections.length === 0) return false
  if (step === 'file') return true
  if (made.file === null) return false
  if (step === 'columns') return true
  return isReadable(made.file) && columns !== null && findColumnMistakes(columns, connections).length === 0
}

const titles: Readonly<Record<NewCaseStep, string>> = {
  connections: 'Connections',
  file: 'File',
  columns: 'Columns',
  facts: 'Case facts',
}

/** The steps as the rail shows them. */
export function listNewCaseSteps(state: NewCaseState, current: NewCaseStep): readonly RailStep<NewCaseStep>[] {
  return newCaseSteps.map((id) => {
    const isOpen = mayOpen(id, state)
    const decided = isOpen ? describeStep(id, state) : null
    return {
      id,
      title: titles[id],
      decided,
      isDone: id !== current && id !== 'facts' && decided !== null,
      mayOpen: isOpen,
    }
  })
}

function describeStep(step: NewCaseStep, state: NewCaseState): string | null {
  const { made, connections, columns } = state
  switch (step) {
    case 'connections': {
      if (connections.length === 0) return null
      const [first, second] = connections.map(({ name }) => name)
      const more = connections.length - 2
      return [first, second].filter(Boolean).join(', ') + (more > 0 ? ` and ${formatNumber(more)} more` : '')
    }
    case 'file':
      return made.file?.fileName ?? null
    case 'columns': {
      if (made.file === null || !isReadable(made.file) || columns === null || !mayOpen('facts', state)) return null
      const read = columns.filter(({ kind }) => kind !== 'ignore').length
      return `${countOf(read, 'column')} read. ${describePeople(columns, made.file.columns)}`
    }
    case 'facts':
      return 'Then the file is read'
  }
}
