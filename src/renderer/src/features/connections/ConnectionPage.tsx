/** One connection: whether it works, how it is set, and its end. */
import { Pencil, PlugZap } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { useLocation } from 'wouter'
import type { Connection } from '../../../../shared/model/connection.ts'
import type { ConnectionId } from '../../../../shared/model/ids.ts'
import { useAction, useChannel } from '../../api.ts'
import { paths } from '../../paths.ts'
import { nameOfVendor, useVendor, useVendors } from '../../vendors.tsx'
import {
  Button,
  Dialog,
  EnvironmentChip,
  FailureNotice,
  Notice,
  ScreenHeader,
  Time,
  countOf,
  useEnvironmentBand,
  useShortcuts,
} from '../../ui/index.ts'
import { ConnectionFacts } from './ConnectionFacts.tsx'
import { ExpiryNotice } from './ExpiryNotice.tsx'
import { SetupHelp } from './SetupHelp.tsx'
import { StopNotice, TestResult } from './Verdict.tsx'
import './connections.css'

export function ConnectionPage({ connectionId }: { readonly connectionId: ConnectionId }) {
  const connection = useChannel('getConnection', { connectionId })
  useEnvironmentBand(connection.data?.environment)
  const crumb = { words: 'Connections', to: paths.connections() }
  if (connection.error !== null) {
    return (
      <>
        <ScreenHeader title="Connection" crumb={crumb} />
        <FailureNotice failure={connection.error.failure} />
      </>
    )
  }
  if (connection.data === undefined) return <ScreenHeader title="Connection" crumb={crumb} />
  return <Loaded connection={connection.data} />
}

function Loaded({ connection }: { readonly connection: Connection }) {
  const [, navigate] = useLocation()
  const vendors = useVendors()
  const vendor = useVendor(connection.vendor)
  const vendorName = nameOfVendor(vendors, connection.vendor)
  const test = useAction('testConnection')
  const resume = useAction('resumeConnection')
  const isRetired = connection.retiredAt !== null
  const lastTest = test.data ?? connection.lastTest
  const foundTheSame = lastTest !== null && lastTest.title === connection.stopped?.title
  const wasRetired = useRef(isRetired)
  useEffect(() => {
    // The button that retired it is gone, and what it did is said at the top.
    if (isRetired && !wasRetired.current) document.querySelector<HTMLElement>('h1')?.focus()
    wasRetired.current = isRetired
  }, [isRetired])
  const runTest = () => {
    if (!isRetired && !test.isPending) test.mutate({ connectionId: connection.id })
  }
  const edit = () => navigate(paths.editConnection(connection.id))
  useShortcuts([
    { keys: 'T', words: 'Test this connection', run: runTest },
    { keys: 'E', words: 'Edit this connection', run: edit },
  ])

  return (
    <>
      <ScreenHeader
        title={connection.name}
        crumb={{ words: 'Connections', to: paths.connections() }}
        beside={<EnvironmentChip environment={connection.environment} />}
        actions={
          isRetired ? null : (
            <>
              <Button icon={Pencil} shortcut="E" onPress={edit}>
                Edit
              </Button>
              <Button kind="primary" icon={PlugZap} shortcut="T" isPending={test.isPending} onPress={runTest}>
                {test.isPending ? 'Testing…' : 'Test connection'}
              </Button>
            </>
          )
        }
      />
      <div className="connection-page">
        <div className="connection-notices" aria-live="polite">
          {test.failure === null ? null : <FailureNotice failure={test.failure} />}
          {resume.failure === null ? null : <FailureNotice failure={resume.failure} />}
          {connection.stopped === null ? null : (
            <StopNotice
              stopped={connection.stopped}
              vendorName={vendorName}
              openRequests={connection.openRequests}
              testedAt={foundTheSame ? lastTest.at : null}
              actions={
                <Button isPending={resume.isPending} onPress={() => resume.mutate({ connectionId: connection.id })}>
                  Resume sending
                </Button>
              }
            />
          )}
          {isRetired ? <RetiredNotice connection={connection} /> : null}
          {vendor === null ? null : <ExpiryNotice connection={connection} vendor={vendor} />}
          {lastTest === null || foundTheSame ? null : <TestResult test={lastTest} vendorName={vendorName} />}
          {lastTest === null && !isRetired ? (
            <Notice tone="info" title="Not tested yet">
              A test makes one status call for a request that does not exist. It erases nothing and says whether{' '}
              {vendorName} accepts the credentials.
            </Notice>
          ) : null}
        </div>
        <div className="connection-columns">
          <div>
            <ConnectionFacts connection={connection} vendor={vendor} />
            {isRetired ? null : <RetireLine connection={connection} />}
          </div>
          {connection.isSandbox || vendor === null ? null : <SetupHelp vendor={vendor} />}
        </div>
      </div>
    </>
  )
}

function RetiredNotice({ connection }: { readonly connection: Connection }) {
  const restore = useAction('restoreConnection')
  return (
    <>
      {restore.failure === null ? null : <FailureNotice failure={restore.failure} />}
      <Notice
        tone="info"
        title="Retired"
        actions={
          <Button isPending={restore.isPending} onPress={() => restore.mutate({ connectionId: connection.id })}>
            Restore
          </Button>
        }
      >
        Nothing is sent or asked over this connection; it was retired <Time at={connection.retiredAt} />. It stays
        because the history refers to it.
      </Notice>
    </>
  )
}

/** The end of a connection: far from everything else, with what it means before it is done. */
function RetireLine({ connection }: { readonly connection: Connection }) {
  const [asks, setAsks] = useState(false)
  const retire = useAction('retireConnection')
  const close = () => {
    retire.reset()
    setAsks(false)
  }
  const open = connection.openRequests
  return (
    <div className="retire-line">
      <div>
        <h2>Retire</h2>
        <p className="dim">
          No new request can use it; the history keeps it.{' '}
          {open === 0
            ? 'No open request uses it.'
            : `${countOf(open, 'open request')} ${open === 1 ? 'uses' : 'use'} it.`}
        </p>
      </div>
      <span className="push" />
      <Button kind="danger" onPress={() => setAsks(true)}>
        Retire…
      </Button>
      <Dialog
        alert
        isOpen={asks}
        onClose={close}
        busy={retire.isPending}
        title={`Retire ${connection.name}`}
        footer={
          <>
            <Button autoFocus onPress={close}>
              Keep it
            </Button>
            <span className="push" />
            <Button
              kind="danger"
              isPending={retire.isPending}
              onPress={() => retire.mutate({ connectionId: connection.id }, { onSuccess: close })}
            >
              Retire {connection.name}
            </Button>
          </>
        }
      >
        {retire.failure === null ? null : <FailureNotice failure={retire.failure} />}
        <p>
          Nothing more is sent or asked over it.{' '}
          {open === 0
            ? 'No open request uses it.'
            : `${countOf(open, 'open request')} ${open === 1 ? 'uses' : 'use'} it and would stand still.`}{' '}
          The history and the secret stay; it can be restored.
        </p>
      </Dialog>
    </div>
  )
}
