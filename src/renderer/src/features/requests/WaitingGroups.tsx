import { useState } from 'react'
import type { RequestDetail, WaitingGroup } from '../../../../shared/model/request.ts'
import { Button, countOf, formatStamp, StateIcon, stateLooks } from '../../ui/index.ts'
import { DecideDialog } from './DecideDialog.tsx'
import { decideVerb, decideWord } from './decisions.ts'

const shownAtFirst = 3

/** What waits for a person and what may be tried again, before anything else on the screen. */
export function WaitingGroups({
  request,
  onShow,
}: {
  readonly request: RequestDetail
  readonly onShow: (group: WaitingGroup) => void
}) {
  const [asked, setAsked] = useState<WaitingGroup | null>(null)
  const [showsAll, setShowsAll] = useState(false)
  const groups = [...request.waitingGroups, ...request.retryGroups]
  if (groups.length === 0 && asked === null) return null
  const shown = showsAll ? groups : groups.slice(0, shownAtFirst)
  const rest = groups.length - shown.length
  return (
    <section className="waiting" aria-label={request.waitingGroups.length > 0 ? 'Waits for you' : 'May be tried again'}>
      <ul className="waiting-list">
        {shown.map((group) => (
          <li
            key={`${group.state}/${group.by}/${group.batchId ?? group.vendorWords ?? ''}`}
            className={`waiting-group ${stateLooks[group.state].className}`}
          >
            <StateIcon state={group.state} />
            <div className="waiting-words">
              <p className="strong">{group.title}</p>
              <p className="dim">
                {group.explanation}
                <Cause group={group} />
              </p>
            </div>
            <Button kind="quiet" aria-label={`Show ${group.title}`} onPress={() => onShow(group)}>
              Show
            </Button>
            {group.decisions.length === 0 ? null : (
              <Button aria-label={`${decideVerb(group.state)} ${group.title}`} onPress={() => setAsked(group)}>
                {decideWord(group.state)}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {rest > 0 || showsAll ? (
        <Button kind="quiet" size="small" onPress={() => setShowsAll(!showsAll)}>
          {showsAll ? 'Show fewer' : `Show ${countOf(rest, 'more group', 'more groups')}`}
        </Button>
      ) : null}
      {asked === null ? null : <DecideDialog request={request} group={asked} onClose={() => setAsked(null)} />}
    </section>
  )
}

/** When the call ended, or what the vendor said; the title of a group by words says it already. */
function Cause({ group }: { readonly group: WaitingGroup }) {
  if (group.state === 'outcome unknown' && group.ended !== null) return <> {formatStamp(group.ended.at)}.</>
  if (group.vendorWords === null || group.by === 'words') return null
  return (
    <>
      {' '}
      The vendor’s words: <q className="mono">{group.vendorWords}</q>
    </>
  )
}
