import type { CaseDetail, ReadingOfCase } from '../../../../shared/model/case.ts'
import { useAction } from '../../api.ts'
import { describeSum } from '../../files/import-words.ts'
import { Button, FailureNotice, Notice, Progress } from '../../ui/index.ts'
import { nameOfReading } from './case-words.ts'
import { DiscardCase } from './DiscardCase.tsx'

/** A case whose file is being read, or was not read to its end: each reading with how far it came. */
export function CaseReadings({ detail }: { readonly detail: CaseDetail }) {
  const failure = detail.parts
    .flatMap(({ readings }) => readings.map(({ summary }) => summary?.failure ?? null))
    .find((found) => found !== null)
  return (
    // A region that scrolls has to be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="case-readings" tabIndex={0} role="region" aria-label="Readings of the file">
      {detail.reading === 'running' ? (
        <Running detail={detail} />
      ) : (
        <>
          {failure === null || failure === undefined ? null : <FailureNotice failure={failure} />}
          <Notice
            tone="warning"
            title="The file was not read to its end, so nothing of this case can be sent."
            actions={<DiscardCase detail={detail} />}
          >
            What was read is kept in the drafts of the case, and the file itself is untouched. Somebody may be missing
            from it: discard the case and begin again with the same file. What its columns hold is remembered.
          </Notice>
        </>
      )}
      {detail.parts.map(({ connectionId, connectionName, readings }) => (
        <section key={connectionId} aria-label={connectionName}>
          <h2>{connectionName}</h2>
          <ul className="lines">
            {readings.map((reading) => (
              <li key={reading.columns.join('\u001f')} className="reading">
                <span className="cut">{nameOfReading(reading)}</span>
                <span className="dim" title={writeReading(reading)}>
                  {writeReading(reading)}
                </span>
                <Progress label={`Reading ${nameOfReading(reading)}`} value={reading.summary?.progress ?? 0} />
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
  )
}

function Running({ detail }: { readonly detail: CaseDetail }) {
  const cancel = useAction('cancelCaseReading')
  return (
    <>
      <div className="reading-head">
        <p className="strong">Reading {detail.fileName}</p>
        <p className="dim">
          Once for each identifier that a row may hold. It goes on when this screen is left; nothing is sent.
        </p>
        <Progress label={`Reading ${detail.fileName}`} value={detail.progress} />
      </div>
      {cancel.failure === null ? null : <FailureNotice failure={cancel.failure} />}
      <div>
        <Button isPending={cancel.isPending} onPress={() => cancel.mutate({ caseId: detail.id })}>
          Cancel reading
        </Button>
      </div>
    </>
  )
}

function writeReading({ summary }: ReadingOfCase): string {
  if (summary === null) return 'not begun'
  if (summary.status === 'failed') return 'failed; nothing of it was kept'
  if (summary.status === 'cancelled') return 'cancelled; nothing of it was kept'
  return describeSum(summary)
}
