import { useState } from 'react'
import type { Plan } from '../../../../shared/model/request.ts'
import { Button, formatNumber } from '../../ui/index.ts'
import { goesByBots, listScopes } from './plan-words.ts'

const shownScopes = 8
const shownBots = 3
/** So many scopes are on the page, folded or not, so that printing shows them; more come on demand. */
const mostFolded = 300

/** Every scope of a plan with its bots, its identifiers and its calls. What is folded away is printed all the same. */
export function PlanScopes({ plan }: { readonly plan: Plan }) {
  const [showsAll, setShowsAll] = useState(false)
  const scopes = listScopes(plan.groups)
  if (scopes.length === 0 || !goesByBots(plan)) return null
  const kept = showsAll ? scopes : scopes.slice(0, mostFolded)
  return (
    <section className="plan-scopes" aria-labelledby="plan-scopes">
      <h3 id="plan-scopes">From which bots</h3>
      <table>
        <thead>
          <tr>
            <th scope="col">Bots</th>
            <th scope="col" className="end">
              Identifiers
            </th>
            <th scope="col" className="end">
              Calls
            </th>
          </tr>
        </thead>
        <tbody>
          {kept.map((scope, index) => (
            <tr
              key={`${scope.own} ${scope.botIds?.join(' ') ?? ''}`}
              className={index < shownScopes || showsAll ? '' : 'folded'}
            >
              <td>
                <ScopeBots botIds={scope.botIds} own={scope.own} />
              </td>
              <td className="end">{formatNumber(scope.identifiers)}</td>
              <td className="end">{formatNumber(scope.calls)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {showsAll || scopes.length <= shownScopes ? null : (
        <div className="not-printed">
          <Button size="small" onPress={() => setShowsAll(true)}>
            {`Show all ${formatNumber(scopes.length)} scopes`}
          </Button>
        </div>
      )}
    </section>
  )
}

function ScopeBots({ botIds, own }: { readonly botIds: readonly string[] | null; readonly own: boolean }) {
  const [showsAll, setShowsAll] = useState(false)
  if (botIds === null) return <span className="danger-text strong">every bot of the account, unknown ones too</span>
  const more = botIds.length - shownBots
  return (
    <span className="scope-bots">
      {own ? null : <span className="dim">the request’s: </span>}
      {botIds.map((botId, index) => (
        <span key={botId} className={index < shownBots || showsAll ? 'mono' : 'mono folded'}>
          {botId}
        </span>
      ))}
      {showsAll || more <= 0 ? null : (
        <button type="button" className="link-button not-printed" onClick={() => setShowsAll(true)}>
          {`and ${formatNumber(more)} more`}
        </button>
      )}
    </span>
  )
}
