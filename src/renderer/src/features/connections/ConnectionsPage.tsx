/** Every connection in one table: where it goes, what its account may still do, how its last test went. */
import { Plus } from 'lucide-react'
import { useState } from 'react'
import { Link, useLocation } from 'wouter'
import type { Budget, Connection } from '../../../../shared/model/connection.ts'
import { useChannel } from '../../api.ts'
import { useBudgets } from '../../budgets.ts'
import { paths } from '../../paths.ts'
import { endingOf, toneOf } from '../../secret-ending.ts'
import { useVendor } from '../../vendors.tsx'
import {
  AccountBudget,
  Button,
  EmptyState,
  EnvironmentChip,
  FailureNotice,
  FilterChip,
  ScreenHeader,
  Time,
  countOf,
  useNow,
  useShortcuts,
} from '../../ui/index.ts'
import { SandboxButton, useSandbox } from './SandboxButton.tsx'
import { VerdictLabel } from './Verdict.tsx'
import './connections.css'

export function ConnectionsPage() {
  const [, navigate] = useLocation()
  const [wantsRetired, setWantsRetired] = useState(false)
  const connections = useChannel('listConnections', { retired: true })
  const budgets = useBudgets()
  const sandbox = useSandbox()
  const everyone = connections.data ?? []
  const retired = everyone.filter((connection) => connection.retiredAt !== null)
  const inUse = everyone.filter((connection) => connection.retiredAt === null)
  const showsRetired = wantsRetired && retired.length > 0
  const rows = showsRetired ? retired : inUse
  const add = () => navigate(paths.newConnection())
  useShortcuts([{ keys: 'C', words: 'New connection', run: add }])

  const buttons = (
    <>
      <SandboxButton sandbox={sandbox} />
      <Button kind="primary" icon={Plus} shortcut="C" onPress={add}>
        New connection
      </Button>
    </>
  )
  const isEmpty = connections.data !== undefined && rows.length === 0
  return (
    <>
      <ScreenHeader title="Connections" actions={isEmpty ? null : buttons} />
      {sandbox.failure === null ? null : <FailureNotice failure={sandbox.failure} />}
      {connections.error === null ? null : <FailureNotice failure={connections.error.failure} />}
      {retired.length === 0 ? null : (
        <div className="tools" role="group" aria-label="Which connections">
          <FilterChip isSelected={!showsRetired} onChange={() => setWantsRetired(false)} count={inUse.length}>
            In use
          </FilterChip>
          <FilterChip isSelected={showsRetired} onChange={() => setWantsRetired(true)} count={retired.length}>
            Retired
          </FilterChip>
        </div>
      )}
      {isEmpty ? (
        <EmptyState title="No connections yet" action={buttons}>
          A connection says how a vendor is reached: its address, an app’s client id, and a secret that stays in this
          computer’s keychain. The sandbox plays the vendors on this computer, to practise on; nothing leaves it.
        </EmptyState>
      ) : (
        <ConnectionTable
          connections={rows}
          budgets={budgets}
          isLoading={connections.data === undefined && connections.error === null}
        />
      )}
    </>
  )
}

function ConnectionTable(properties: {
  readonly connections: readonly Connection[]
  readonly budgets: readonly Budget[]
  readonly isLoading: boolean
}) {
  const { connections, budgets, isLoading } = properties
  return (
    <div className="connections-scroll">
      <table className="connections-table" aria-label="Connections" aria-busy={isLoading}>
        <thead>
          <tr>
            <th scope="col">Connection</th>
            <th scope="col">Calls its account has used</th>
            <th scope="col">Last test</th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {isLoading ? <SkeletonRows /> : null}
          {connections.map((connection) => (
            <ConnectionRow
              key={connection.id}
              connection={connection}
              budget={budgets.find((budget) => budget.accountId === connection.accountId)}
            />
          ))}
        </tbody>
      </table>
    </div>
  )
}

function ConnectionRow(properties: { readonly connection: Connection; readonly budget: Budget | undefined }) {
  const { connection, budget } = properties
  return (
    <tr>
      <td>
        <div className="connection-name">
          <Link href={paths.connection(connection.id)} className="row-link strong cut">
            {connection.name}
          </Link>
          <EnvironmentChip environment={connection.environment} />
        </div>
        <span className="faint mono">{connection.origin}</span>
      </td>
      <td>{budget === undefined ? <span className="faint">none yet</span> : <AccountBudget budget={budget} />}</td>
      <td>
        {connection.lastTest === null ? (
          <span className="faint">not tested yet</span>
        ) : (
          <>
            <VerdictLabel verdict={connection.lastTest.verdict} />
            <span className="second-line faint">
              <Time at={connection.lastTest.at} />
            </span>
          </>
        )}
      </td>
      <td>
        <ConnectionState connection={connection} />
      </td>
    </tr>
  )
}

function ConnectionState({ connection }: { readonly connection: Connection }) {
  const vendor = useVendor(connection.vendor)
  const ending = endingOf(connection, vendor?.secret.label ?? 'Secret', useNow())
  if (connection.retiredAt !== null) {
    return (
      <span className="dim">
        retired <Time at={connection.retiredAt} />
      </span>
    )
  }
  const open = connection.openRequests === 0 ? 'no open requests' : countOf(connection.openRequests, 'open request')
  return (
    <>
      {connection.stopped === null ? (
        <span>{connection.secretSavedAt === null ? 'no secret in the keychain' : 'ready'}</span>
      ) : (
        <span className="stopped-words danger-text" title={connection.stopped.title}>
          stopped: {connection.stopped.title}
        </span>
      )}
      {ending === null ? null : <span className={`second-line ${toneOf(ending.standing)}`}>{ending.words}</span>}
      <span className="second-line faint">{open}</span>
    </>
  )
}

function SkeletonRows() {
  return [1, 2, 3].map((row) => (
    <tr key={row} aria-hidden>
      {['40%', '60%', '30%', '25%'].map((width) => (
        <td key={width}>
          <span className="skeleton" style={{ width }} />
        </td>
      ))}
    </tr>
  ))
}
