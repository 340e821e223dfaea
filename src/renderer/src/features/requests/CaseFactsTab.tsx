import type { RequestDetail } from '../../../../shared/model/request.ts'
import type { Value } from '../../../../shared/contract.ts'
import { describeScope } from '../../../../shared/model/scope.ts'
import { useChannel } from '../../api.ts'
import { describeSum } from '../../files/import-words.ts'
import { useVendor } from '../../vendors.tsx'
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
  const vendor = useVendor(request.vendor)
  const { caseFacts, scope } = request
  const sentTo = useChannel('listScopes', { requestId: request.id }).data
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
          ['Begun', <Time key="begun" at={request.createdAt} exact />],
          ['Sent', <Time key="sent" at={request.sentAt} absent="not sent" exact />],
          ['Closed', request.closedAt === null ? null : <Time key="closed" at={request.closedAt} exact />],
          [
            vendor?.scope.kind === 'choice' ? vendor.scope.label : 'Scope',
            scope === null ? (
              'none of the request’s own: every row names its bots'
            ) : scope.kind !== 'bots' ? (
              describeScope(scope)
            ) : (
              <ul key="bots" className="bot-list">
                {scope.botIds.map((botId) => (
                  <li key={botId}>
                    <Identifier value={botId} />
                  </li>
                ))}
              </ul>
            ),
          ],
          [
            vendor?.scope.kind === 'choice' ? 'Calls went out under' : 'Calls went to',
            sentTo === undefined || sentTo.total === 0 ? null : <SentTo key="sent to" sentTo={sentTo} />,
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
                <span className="dim nowrap">{describeSum(file)}</span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </div>
  )
}

/** Where the identifiers went: rows that named bots of their own went to those. */
function SentTo({ sentTo }: { readonly sentTo: Value<'listScopes'> }) {
  const { scopes, total } = sentTo
  return (
    <ul className="bot-list">
      {scopes.map(({ scope, identifiers, calls }) => (
        <li key={JSON.stringify(scope)}>
          {scope.kind === 'all bots' ? (
            <span className="strong">all bots of the account</span>
          ) : scope.kind !== 'bots' ? (
            <span>{describeScope(scope)}</span>
          ) : (
            <span className="mono">{scope.botIds.join(', ')}</span>
          )}{' '}
          <span className="dim">
            {countOf(identifiers, 'identifier')} in {countOf(calls, 'call')}
          </span>
        </li>
      ))}
      {total > scopes.length ? <li className="dim">and {formatNumber(total - scopes.length)} more</li> : null}
    </ul>
  )
}
