import { X } from 'lucide-react'
import { useState } from 'react'
import type { ImportId } from '../../../../shared/model/ids.ts'
import type { ImportSummary } from '../../../../shared/model/import.ts'
import { useAction } from '../../api.ts'
import { EmptyState, FailureNotice, formatNumber, IconButton, Notice, showToast } from '../../ui/index.ts'
import { Findings } from './Findings.tsx'
import { ImportRows } from './ImportRows.tsx'
import { countOf, describeFormat, describeSum, sumImports } from './steps.ts'

/** What became of every row: the sum, the files, what to look at, and the rows that are no identifiers. */
export function ImportResults({ imports }: { readonly imports: readonly ImportSummary[] }) {
  const [chosen, setChosen] = useState<ImportId | null>(null)
  const remove = useAction('removeImport')
  const selected = imports.find(({ id }) => id === chosen) ?? imports.at(-1)
  const done = imports.filter(({ status }) => status === 'done')
  if (selected === undefined) return <EmptyState title="No file yet">Add one to go on.</EmptyState>
  const takeOut = (entry: ImportSummary) =>
    remove.mutate(
      { importId: entry.id },
      { onSuccess: () => showToast(`${entry.fileName} taken out of the draft. The file itself is untouched.`) },
    )
  return (
    <>
      {done.length === 0 ? null : <p className="import-sum">{describeSum(sumImports(done))}</p>}
      {remove.failure === null ? null : <FailureNotice failure={remove.failure} />}
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
                onClick={() => setChosen(entry.id)}
              >
                {entry.fileName}
              </button>
            )}
            <span className="dim cut">{describeEntry(entry)}</span>
            <IconButton
              label={`Take ${entry.fileName} out`}
              icon={X}
              isDisabled={remove.isPending}
              onPress={() => takeOut(entry)}
            />
          </li>
        ))}
      </ul>
      {selected.status === 'done' ? (
        <>
          <Findings findings={selected.findings} />
          <ImportRows key={selected.id} summary={selected} />
        </>
      ) : (
        <NotImported entry={selected} />
      )}
    </>
  )
}

function describeEntry(entry: ImportSummary): string {
  if (entry.status === 'cancelled') return 'cancelled; nothing of it was kept'
  if (entry.status === 'failed') return 'not imported'
  const counts = [entry.identifiers, entry.duplicates, entry.rejects].map(formatNumber).join(' + ')
  return `${countOf(entry.rows, 'row')} = ${counts} · ${describeFormat(entry.format)}`
}

function NotImported({ entry }: { readonly entry: ImportSummary }) {
  return entry.failure === null ? (
    <Notice tone="info" title={`The import of ${entry.fileName} was cancelled.`}>
      Nothing of it was kept. Add the file again, or take it out.
    </Notice>
  ) : (
    <FailureNotice failure={entry.failure} />
  )
}
