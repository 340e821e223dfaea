import type { ReactNode } from 'react'
import type { ImportId } from '../../../shared/model/ids.ts'
import type { ImportSummary } from '../../../shared/model/import.ts'
import { countOf, formatNumber } from '../ui/index.ts'
import { EndedNotice } from './EndedNotice.tsx'
import { Findings } from './Findings.tsx'
import { describeFormat } from './import-words.ts'
import { ImportRows } from './ImportRows.tsx'
import './files.css'

/** What became of every row: the files or readings, what to look at, and the rows that are no identifiers. */
export function ImportResults({
  label,
  imports,
  selected,
  nameOf = ({ fileName }) => fileName,
  sumOf = writeBriefSum,
  onSelect,
  children,
}: {
  readonly label: string
  readonly imports: readonly ImportSummary[]
  /** The one whose rows are shown. */
  readonly selected: ImportSummary
  readonly nameOf?: (entry: ImportSummary) => string
  /** The sum of one that is in, in words. */
  readonly sumOf?: (entry: ImportSummary) => string
  readonly onSelect: (id: ImportId) => void
  /** What is said of all of them together, between the list and the rows of one. */
  readonly children?: ReactNode
}) {
  return (
    <>
      <ul className="lines" aria-label={label}>
        {imports.map((entry) => (
          <li key={entry.id} className={entry.id === selected.id ? 'file-entry shown' : 'file-entry'}>
            {imports.length === 1 ? (
              <span className="file-name cut">{nameOf(entry)}</span>
            ) : (
              <button
                type="button"
                className="file-name link-button cut"
                aria-pressed={entry.id === selected.id}
                onClick={() => onSelect(entry.id)}
              >
                {nameOf(entry)}
              </button>
            )}
            <span className="dim cut" title={describeEntry(entry, sumOf)}>
              {describeEntry(entry, sumOf)}
            </span>
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

/** "8,214 rows = 8,000 + 171 + 43": short, where the whole sum stands in words above. */
function writeBriefSum(entry: ImportSummary): string {
  const counts = [entry.identifiers, entry.duplicates, entry.rejects].map(formatNumber).join(' + ')
  return `${countOf(entry.rows, 'row')} = ${counts}`
}

function describeEntry(entry: ImportSummary, sumOf: (entry: ImportSummary) => string): string {
  if (entry.status === 'cancelled') return 'cancelled; nothing of it was kept'
  if (entry.status === 'failed') return 'not imported'
  return `${sumOf(entry)} · ${describeFormat(entry.format)}`
}
