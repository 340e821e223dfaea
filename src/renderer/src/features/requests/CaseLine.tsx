import { Link } from 'wouter'
import type { RequestDetail } from '../../../../shared/model/request.ts'
import { paths } from '../../paths.ts'
import { dateFromIso, formatDay, formatDue, useNow } from '../../ui/index.ts'

/** The case it belongs to, until when there must be an answer, and under which reference; nothing where none is given. */
export function CaseLine({ request }: { readonly request: RequestDetail }) {
  const now = useNow()
  const { answerDue, reference, phase } = request
  if (request.case === null && answerDue === null && reference === '') return null
  const due = answerDue === null ? null : formatDue(answerDue, now)
  const risk = phase === 'closed' ? 'far' : due?.risk
  return (
    <p className="case-line dim">
      {request.case === null ? null : (
        <span className="cut">
          Part of the case <Link href={paths.case(request.case.id)}>{request.case.name}</Link>
        </span>
      )}
      {answerDue === null || due === null ? null : (
        <span>
          Answer due {formatDay(dateFromIso(answerDue), now)}
          {phase === 'closed' ? null : ', '}
          {phase === 'closed' ? null : (
            <span className={risk === 'late' ? 'strong danger-text' : risk === 'near' ? 'strong' : undefined}>
              {due.words}
            </span>
          )}
        </span>
      )}
      {reference === '' ? null : <span className="cut">Reference {reference}</span>}
    </p>
  )
}
