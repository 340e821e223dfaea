import type { RequestDetail } from '../../../../shared/model/request.ts'
import { describeScope } from '../../../../shared/model/scope.ts'
import {
  countOf,
  dateFromIso,
  Facts,
  formatDay,
  formatDue,
  formatNumber,
  Identifier,
  Time,
  useNow,
} from '../../ui/index.ts'

/** The facts of the case, the scope, and the files the identifiers came from. */
export function CaseFactsTab({ request }: { readonly request: RequestDetail }) {
  const now = useNow()
  const { caseFacts, scope } = request
  const answerDue = caseFacts.answerDue ?? request.answerDue
  return (
    // A region that scrolls has to be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="case-facts" tabIndex={0} role="region" aria-label="Case facts">
      <Facts
        facts={[
          ['Regulation', caseFacts.regulation],
          [
            'Received on',
            caseFacts.receivedOn === null ? 'not given' : formatDay(dateFromIso(caseFacts.receivedOn), now),
          ],
          [
            'Answer due',
            answerDue === null
              ? 'no deadline'
              : `${formatDay(dateFromIso(answerDue), now)}, ${formatDue(answerDue, now).words}`,
          ],
          ['Came in by', caseFacts.channel === '' ? 'not given' : caseFacts.channel],
          ['Reference', caseFacts.reference === '' ? 'not given' : caseFacts.reference],
          ['Connection', request.connectionName],
          ['Begun', <Time key="begun" at={request.createdAt} />],
          ['Sent', <Time key="sent" at={request.sentAt} absent="not sent" />],
          [
            'Scope',
            scope === null ? (
              'not chosen'
            ) : scope.kind === 'all bots' ? (
              describeScope(scope)
            ) : (
              <ul key="bots" className="bot-list">
                {scope.botIds.map((botId) => (
                  <li key={botId}>
                    <Identifier value={botId} length={48} />
                  </li>
                ))}
              </ul>
            ),
          ],
        ]}
      />
      {request.imports.length === 0 ? null : (
        <section aria-labelledby="files">
          <h2 id="files">Files</h2>
          <ul className="lines">
            {request.imports.map((file) => (
              <li key={file.id} className="file-line">
                <span className="cut">{file.fileName}</span>
                <span className="dim nowrap">
                  {countOf(file.rows, 'row')}: {formatNumber(file.identifiers)} identifiers,{' '}
                  {formatNumber(file.duplicates)} duplicates, {formatNumber(file.rejects)} rejects
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}
