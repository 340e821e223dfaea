import { FlaskConical } from 'lucide-react'
import { useLocation } from 'wouter'
import type { Connection } from '../../../../shared/model/connection.ts'
import type { ConnectionId } from '../../../../shared/model/ids.ts'
import { useAction } from '../../api.ts'
import { paths } from '../../paths.ts'
import { Button, EmptyState, FailureNotice, RadioGroup, showToast } from '../../ui/index.ts'

/** Where the identifiers are to be erased. None is chosen beforehand where there are several. */
export function ConnectionChoice({
  connections,
  value,
  onChange,
  error,
}: {
  readonly connections: readonly Connection[]
  readonly value: ConnectionId | null
  readonly onChange: (id: ConnectionId) => void
  readonly error: string | undefined
}) {
  return (
    <RadioGroup
      label="Erase at"
      value={value === null ? null : String(value)}
      onChange={(chosen) => {
        const found = connections.find(({ id }) => String(id) === chosen)
        if (found !== undefined) onChange(found.id)
      }}
      options={connections.map((connection) => ({
        value: String(connection.id),
        words: connection.name,
        hint: describeConnection(connection),
      }))}
      error={error}
    />
  )
}

function describeConnection({ environment, origin, stopped }: Connection): string {
  return [
    environment,
    origin.replace(/^https?:\/\//, ''),
    ...(stopped === null ? [] : [`stopped: ${stopped.title}`]),
  ].join(' · ')
}

/** What a request needs first, with both ways to it. */
export function NoConnection() {
  const [, navigate] = useLocation()
  const sandbox = useAction('startSandbox')
  const start = () =>
    sandbox.mutate({}, { onSuccess: () => showToast('The sandbox runs. Nothing in it reaches a real vendor.') })
  return (
    <>
      <EmptyState
        title="A request needs a connection"
        action={
          <>
            <Button kind="primary" onPress={() => navigate(paths.newConnection())}>
              Add a connection
            </Button>
            <Button icon={FlaskConical} isPending={sandbox.isPending} onPress={start}>
              Start the sandbox
            </Button>
          </>
        }
      >
        It says at which vendor account the identifiers are erased. The sandbox plays the vendors on this machine, with
        the same calls and limits and no real data.
      </EmptyState>
      {sandbox.failure === null ? null : <FailureNotice failure={sandbox.failure} />}
    </>
  )
}
