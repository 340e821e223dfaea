import { useState } from 'react'
import type { ImportRow, ImportSummary } from '../../../shared/model/import.ts'
import { useAction } from '../api.ts'
import { usePagedRows } from '../paged-rows.ts'
import {
  Button,
  countOf,
  DataTable,
  FailureNotice,
  formatNumber,
  showToast,
  Tabs,
  VisibleText,
  writeVisible,
  type Column,
} from '../ui/index.ts'
import { describeRepeated } from './row-words.ts'
import './files.css'

type Disposition = ImportRow['disposition']

/** The rows of a file that became no identifier, each with its line and why. */
export function ImportRows({ summary }: { readonly summary: ImportSummary }) {
  const [tab, setTab] = useState<Disposition>(summary.rejects > 0 ? 'reject' : 'duplicate')
  if (summary.rejects + summary.duplicates === 0) {
    return <p className="dim">Every row is an identifier of its own: no duplicates, no rejects.</p>
  }
  return (
    <div className="import-rows">
      <Tabs<Disposition>
        label="Rows that are no identifiers"
        selected={tab}
        onSelect={setTab}
        tabs={[
          {
            id: 'reject',
            words: 'Rejects',
            count: summary.rejects,
            content: (
              <>
                <SaveRejects summary={summary} />
                <RowsTable summary={summary} disposition="reject" />
              </>
            ),
          },
          {
            id: 'duplicate',
            words: 'Duplicates',
            count: summary.duplicates,
            content: <RowsTable summary={summary} disposition="duplicate" />,
          },
        ]}
      />
    </div>
  )
}

function RowsTable({ summary, disposition }: { readonly summary: ImportSummary; readonly disposition: Disposition }) {
  const rows = usePagedRows('listImportRows', { importId: summary.id, disposition })
  return (
    <DataTable
      label={disposition === 'reject' ? 'Rejects' : 'Duplicates'}
      columns={disposition === 'reject' ? rejectColumns : duplicateColumns}
      rows={rows}
      rowKey={(row) => row.line}
      rememberAs={`import/${summary.id}/${disposition}`}
      minWidth={480}
      empty={<p className="none">{disposition === 'reject' ? 'No row was rejected.' : 'No row repeats another.'}</p>}
    />
  )
}

function SaveRejects({ summary }: { readonly summary: ImportSummary }) {
  const save = useAction('saveRejects')
  if (summary.rejects === 0) return null
  const run = () =>
    save.mutate(
      { importId: summary.id },
      {
        onSuccess: (saved) => {
          if (saved !== null) showToast(`${countOf(saved.rows, 'reject')} saved as ${saved.fileName}.`)
        },
      },
    )
  return (
    <div className="rejects-tools">
      <span className="dim">Not imported, not sent. Mend them in a file of their own.</span>
      <Button size="small" isPending={save.isPending} onPress={run}>
        Save rejects as CSV…
      </Button>
      {save.failure === null ? null : <FailureNotice failure={save.failure} />}
    </div>
  )
}

const line: Column<ImportRow> = {
  id: 'line',
  title: 'Line',
  track: '92px',
  align: 'end',
  cell: (row) => (
    <span className="mono">
      {row.endLine === row.line ? formatNumber(row.line) : `${formatNumber(row.line)}–${formatNumber(row.endLine)}`}
    </span>
  ),
}

const why: Column<ImportRow> = {
  id: 'reason',
  title: 'Why',
  track: 'minmax(150px, 1fr)',
  cell: (row) => (
    <span className="cut" title={row.reason}>
      {row.reason}
    </span>
  ),
}

const sameAs: Column<ImportRow> = {
  id: 'same',
  title: 'Same as',
  track: 'minmax(130px, 1fr)',
  cell: (row) => {
    const words = describeRepeated(row)
    return (
      <span className="cut" title={words}>
        {words}
      </span>
    )
  },
}

const spelling: Column<ImportRow> = {
  id: 'spelling',
  title: 'Written there',
  track: 'minmax(130px, 1.2fr)',
  cell: (row) =>
    row.firstSpelling === null ? (
      <span className="faint">the same</span>
    ) : (
      <span className="mono cut" title={writeVisible(row.firstSpelling)}>
        <VisibleText text={row.firstSpelling} />
      </span>
    ),
}

const raw = (title: string, track: string): Column<ImportRow> => ({
  id: 'raw',
  title,
  track,
  cell: (row) =>
    row.raw === null || row.raw.trim() === '' ? (
      <span className="faint">{row.raw === null ? '(forgotten)' : '(blank)'}</span>
    ) : (
      <span className="mono cut" title={writeVisible(row.raw)}>
        <VisibleText text={row.raw} />
      </span>
    ),
})

const rejectColumns = [line, why, raw('The row as the file has it', 'minmax(160px, 2fr)')]
const duplicateColumns = [line, sameAs, raw('Written here', 'minmax(130px, 1.2fr)'), spelling]
