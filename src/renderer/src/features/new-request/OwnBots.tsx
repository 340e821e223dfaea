import { useState } from 'react'
import type { Value } from '../../../../shared/contract.ts'
import { Button, countOf, Identifier } from '../../ui/index.ts'

const shownAtFirst = 5

/** What the files say about bots themselves: rows that name their own, group by group. */
export function OwnBots({ suggested }: { readonly suggested: Value<'suggestBots'> }) {
  const [showsAll, setShowsAll] = useState(false)
  const { inFile, withoutOwn } = suggested
  if (inFile.length === 0) return null
  const identifiers = inFile.reduce((sum, group) => sum + group.identifiers, 0)
  const shown = showsAll ? inFile : inFile.slice(0, shownAtFirst)
  return (
    <section className="own-bots" aria-label="Bots named in the files">
      <p>
        {withoutOwn === 0 ? (
          <>
            <b>Every row names its own bots.</b> The request needs no others.
          </>
        ) : (
          <>
            <b>{countOf(identifiers, 'identifier')}</b> {identifiers === 1 ? 'names' : 'name'} their own bots and are
            erased from those alone.
          </>
        )}
      </p>
      <ul className="lines">
        {shown.map((group) => (
          <li key={group.botIds.join(' ')} className="own-bots-group">
            <span className="dim">{countOf(group.identifiers, 'identifier')}</span>
            <span className="bot-ids">
              {group.botIds.map((botId) => (
                <Identifier key={botId} value={botId} />
              ))}
            </span>
          </li>
        ))}
      </ul>
      {shown.length === inFile.length ? null : (
        <div>
          <Button size="small" kind="quiet" onPress={() => setShowsAll(true)}>
            {`Show ${countOf(inFile.length - shown.length, 'more group')}`}
          </Button>
        </div>
      )}
    </section>
  )
}
