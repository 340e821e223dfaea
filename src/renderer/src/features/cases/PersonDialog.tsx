import { useMemo } from 'react'
import { useLocation } from 'wouter'
import { writeIdentifier } from '../../../../shared/model/identifier.ts'
import type { CaseDetail, PersonIdentifier, PersonRow } from '../../../../shared/model/case.ts'
import type { ConnectionId, RequestId } from '../../../../shared/model/ids.ts'
import { useChannel } from '../../api.ts'
import { paths } from '../../paths.ts'
import {
  Button,
  countOf,
  DataTable,
  Dialog,
  FailureNotice,
  formatNumber,
  Identifier,
  rowsOf,
  StateLabel,
  writeVisible,
  type Column,
} from '../../ui/index.ts'
import { explainPerson, nameOfPerson } from './case-words.ts'
import { StandingLabel } from './standing.tsx'

/** One person: how they stand and why, and each of their identifiers with its request. */
export function PersonDialog({
  detail,
  opened,
  onClose,
}: {
  readonly detail: CaseDetail
  /** As the row stood when it was opened. */
  readonly opened: PersonRow
  readonly onClose: () => void
}) {
  const [, navigate] = useLocation()
  const person = usePersonNow(detail, opened)
  const { data, error } = useChannel('listPersonIdentifiers', { caseId: detail.id, personId: person.id })
  const columns = useMemo(() => identifierColumns((id) => nameOfConnection(detail, id)), [detail])
  const open = (id: RequestId) => {
    const isDraft = detail.parts.some(({ request }) => request?.id === id && request.phase === 'draft')
    navigate(isDraft ? paths.draft(id) : paths.request(id))
  }
  const openLabel = (row: PersonIdentifier) =>
    row.earlier === null
      ? `Request to ${nameOfConnection(detail, row.connectionId)}`
      : `Request ${row.earlier.requestName}`
  const openAction = (row: PersonIdentifier) => (
    <Button
      size="small"
      aria-label={openLabel(row)}
      onPress={() => open(row.earlier === null ? row.requestId : row.earlier.requestId)}
    >
      Open its request
    </Button>
  )
  return (
    <Dialog
      isOpen
      onClose={onClose}
      size="wide"
      title={writeVisible(nameOfPerson(person))}
      footer={
        <>
          <div className="push" />
          <Button autoFocus onPress={onClose}>
            Close
          </Button>
        </>
      }
    >
      <div className="person-standing">
        <StandingLabel standing={person.standing} />
        <ul>
          {explainPerson(person, (id) => nameOfConnection(detail, id)).map((line) => (
            <li key={line} className="dim">
              {line}
            </li>
          ))}
        </ul>
      </div>
      {error === null ? null : <FailureNotice failure={error.failure} />}
      {data === undefined ? null : (
        <>
          <div className="person-identifiers">
            <DataTable
              label="Identifiers of this person"
              columns={columns}
              rows={rowsOf(data.rows, String(person.id))}
              rowKey={({ id }) => id}
              rememberAs="case/person"
              rowHeight={44}
              minWidth={680}
              rowActions={openAction}
              empty={<p className="dim">Nothing that was read is left of this person.</p>}
            />
          </div>
          {data.total > data.rows.length ? (
            <p className="dim">{`The first ${formatNumber(data.rows.length)} of ${formatNumber(data.total)} identifiers.`}</p>
          ) : null}
        </>
      )}
    </Dialog>
  )
}

/** The person as they stand now: the row behind everybody before them. */
function usePersonNow({ id: caseId }: CaseDetail, opened: PersonRow): PersonRow {
  const input = { caseId, standing: null, anchor: { after: opened.id - 1 }, limit: 1 }
  const { data } = useChannel('listPeople', input, { keepPrevious: true })
  return data?.rows.find(({ id }) => id === opened.id) ?? opened
}

function nameOfConnection(detail: CaseDetail, id: ConnectionId): string {
  return detail.parts.find(({ connectionId }) => connectionId === id)?.connectionName ?? ''
}

function identifierColumns(nameOf: (id: ConnectionId) => string): readonly Column<PersonIdentifier>[] {
  return [
    {
      id: 'identifier',
      title: 'Identifier',
      track: 'minmax(180px, 2fr)',
      cell: (row) => (
        <>
          <Identifier value={writeIdentifier(row)} inRow />
          <span className="cut faint">{[row.kind, `line ${formatNumber(row.line)}`].join(' · ')}</span>
        </>
      ),
    },
    {
      id: 'connection',
      title: 'Connection',
      track: 'minmax(130px, 1fr)',
      cell: (row) => (
        <>
          <span className="cut">{nameOf(row.connectionId)}</span>
          {row.sharedWith === 0 ? null : (
            <span className="cut faint">shared with {countOf(row.sharedWith, 'other', 'others')}</span>
          )}
        </>
      ),
    },
    {
      id: 'state',
      title: 'State',
      track: '170px',
      cell: (row) => (
        <>
          <StateLabel state={row.earlier?.state ?? row.state} />
          {row.earlier !== null ? (
            <span className="cut faint" title={`In the earlier request ${row.earlier.requestName}`}>
              in an earlier request
            </span>
          ) : row.decided ? (
            <span className="faint">decided</span>
          ) : null}
        </>
      ),
    },
    {
      id: 'words',
      title: 'What the vendor said',
      track: 'minmax(150px, 1.4fr)',
      cell: (row) => {
        const words = row.earlier === null ? row.vendorWords : `left out: in ${row.earlier.requestName}`
        return (
          <span className={words === null ? 'cut faint' : 'cut dim'} title={words ?? undefined}>
            {words ?? '—'}
          </span>
        )
      },
    },
  ]
}
