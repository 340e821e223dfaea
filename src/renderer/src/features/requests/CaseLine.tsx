import type { RequestDetail } from '../../../../shared/model/request.ts'
import { dateFromIso, formatDay, formatDue, useNow } from '../../ui/index.ts'

/** Until when the person must have an answer, and under which reference; nothing where neither is given. */
export function CaseLine({ request }: { readonly request: RequestDetail }) {
  const now = useNow()
  const { answerDue, reference, phase } = request
  if (answerDue === null && reference === '') return null
  const due = answerDue === null ? null : formatDue(answerDue, now)
  const risk = phase === 'closed' ? 'far' : due?.risk
  return (
    <p className="case-line dim">
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
