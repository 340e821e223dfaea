import { useState } from 'react'
import type { CaseDetail } from '../../../../shared/model/case.ts'
import type { ImportId } from '../../../../shared/model/ids.ts'
import { describeSum } from '../../files/import-words.ts'
import { ImportResults } from '../../files/ImportResults.tsx'
import { countOf, EmptyState, VisibleText } from '../../ui/index.ts'
import { nameOfReading } from './case-words.ts'

/** What became of every row of the file, in each of its readings. */
export function CaseFile({ detail }: { readonly detail: CaseDetail }) {
  const [chosen, setChosen] = useState<ImportId | null>(null)
  const readings = detail.parts.flatMap(({ connectionName, readings: own }) =>
    own.flatMap((reading) =>
      reading.summary === null
        ? []
        : [{ summary: reading.summary, name: `${connectionName}: ${nameOfReading(reading)}` }],
    ),
  )
  const names = new Map(readings.map(({ summary, name }) => [summary.id, name]))
  const imports = readings.map(({ summary }) => summary)
  const selected = imports.find(({ id }) => id === chosen) ?? imports[0]
  const rows = Math.max(0, ...imports.map((entry) => entry.rows))
  return (
    // A region that scrolls has to be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="case-file" tabIndex={0} role="region" aria-label="The file of the case">
      <h2>{detail.fileName}</h2>
      <p>
        {`${countOf(rows, 'row')}, read ${countOf(imports.length, 'time')}, once for each identifier that a row may hold. `}
        {detail.personColumn === null ? (
          'Each row is a person of its own.'
        ) : (
          <>
            Rows with the same “
            <VisibleText text={detail.personColumn} />” are one person.
          </>
        )}
      </p>
      {selected === undefined ? (
        <EmptyState title="Nothing of it is left">Its readings left the history with what was left out.</EmptyState>
      ) : (
        <ImportResults
          label="Readings of the file"
          imports={imports}
          selected={selected}
          nameOf={({ id }) => names.get(id) ?? ''}
          sumOf={describeSum}
          onSelect={setChosen}
        />
      )}
    </div>
  )
}
