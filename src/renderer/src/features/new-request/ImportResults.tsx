import type { ReactNode } from 'react'
import type { ImportId } from '../../../../shared/model/ids.ts'
import type { ImportSummary } from '../../../../shared/model/import.ts'
import { countOf, EmptyState, formatNumber } from '../../ui/index.ts'
import { describeFormat, describeSum, sumImports } from '../../files/import-words.ts'
import { Findings } from '../../files/Findings.tsx'
import { ImportRows } from '../../files/ImportRows.tsx'
import { EndedNotice } from './PendingStep.tsx'

/** What became of every row: the sum, the files, what to look at, and the rows that are no identifiers. */
export function ImportResults({
  imports,
  selected,
  onSelect,
  children,
}: {
  readonly imports: readonly ImportSummary[]
  /** The file whose rows are shown. */
  readonly selected: ImportSummary | undefined
  readonly onSelect: (id: ImportId) => void
  /** What is said of the draft as a whole, between its files and the rows of one. */
  readonly children: ReactNode
}) {
  const done = imports.filter(({ status }) => status === 'done')
  if (selected === undefined) return <EmptyState title="No file yet">Add one to go on.</EmptyState>
  return (
    <>
      {done.length === 0 ? null : <p className="import-sum">{describeSum(sumImports(done))}</p>}
      <ul className="lines" aria-label="Files of this request">
        {imports.map((entry) => (
          <li key={entry.id} className={entry.id === selected.id ? 'file-entry shown' : 'file-entry'}>
            {imports.length === 1 ? (
              <span className="file-name cut">{entry.fileName}</span>
            ) : (
              <button
                type="button"
                className="file-name link-button cut"
                aria-pressed={entry.id === selected.id}
                onClick={() => onSelect(entry.id)}
              >
                {entry.fileName}
              </button>
            )}
            <span className="dim cut">{describeEntry(entry)}</span>
          </li>
        ))}
      </ul>
      {children}
      {selected.status === 'done' ? (
        <>
          <Findings findings={selected.findings} />
          <ImportRows key={selected.id} summary={selected} />
        </>
      ) : (
        <EndedNotice ended={selected} />
      )}
    </>
  )
}

function describeEntry(entry: ImportSummary): string {
  if (entry.status === 'cancelled') return 'cancelled; nothing of it was kept'
  if (entry.status === 'failed') return 'not imported'
  const counts = [
    entry.identifiers,
    entry.duplicates,
    entry.rejects,
    ...(entry.elsewhere === 0 ? [] : [entry.elsewhere]),
  ]
    .map(formatNumber)
    .join(' + ')
  return `${countOf(entry.rows, 'row')} = ${counts} · ${describeFormat(entry.format)}`
}
