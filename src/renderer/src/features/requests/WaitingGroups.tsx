import { useState } from 'react'
import type { RequestDetail, WaitingGroup } from '../../../../shared/model/request.ts'
import type { IdentifierState } from '../../../../shared/model/state.ts'
import { Button, countOf, StateIcon, stateLooks } from '../../ui/index.ts'
import { DecideDialog } from './DecideDialog.tsx'

const shownAtFirst = 3

/** What waits for a person, before anything else on the screen. */
export function WaitingGroups({
  request,
  onShow,
}: {
  readonly request: RequestDetail
  readonly onShow: (state: IdentifierState) => void
}) {
  const [asked, setAsked] = useState<WaitingGroup | null>(null)
  const [showsAll, setShowsAll] = useState(false)
  const groups = request.waitingGroups
  if (groups.length === 0 && asked === null) return null
  const shown = showsAll ? groups : groups.slice(0, shownAtFirst)
  const rest = groups.length - shown.length
  return (
    <section className="waiting" aria-label="Waits for you">
      <ul className="waiting-list">
        {shown.map((group) => (
          <li
            key={`${group.state}/${group.batchId ?? 'all'}`}
            className={`waiting-group ${stateLooks[group.state].className}`}
          >
            <StateIcon state={group.state} />
            <div className="waiting-words">
              <p className="strong">{group.title}</p>
              <p className="dim">
                {group.explanation}
                {group.vendorWords === null ? null : (
                  <>
                    {' '}
                    {group.state === 'outcome unknown' ? 'How it ended' : 'The vendor’s words'}:{' '}
                    <q className="mono">{group.vendorWords}</q>
                  </>
                )}
              </p>
            </div>
            <Button kind="quiet" onPress={() => onShow(group.state)}>
              Show
            </Button>
            {group.decisions.length === 0 ? null : (
              <Button aria-label={`Decide about ${group.title}`} onPress={() => setAsked(group)}>
                Decide…
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
