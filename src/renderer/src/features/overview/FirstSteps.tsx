import { FlaskConical } from 'lucide-react'
import { useLocation } from 'wouter'
import type { Connection } from '../../../../shared/model/connection.ts'
import { useAction } from '../../api.ts'
import { paths } from '../../paths.ts'
import { Button, EnvironmentChip, FailureNotice, showToast } from '../../ui/index.ts'

/** The first run: three steps, of which the next one can be taken at once. */
export function FirstSteps({ connections }: { readonly connections: readonly Connection[] }) {
  const [, navigate] = useLocation()
  const sandbox = useAction('startSandbox')
  const connected = connections.length > 0
  const start = () =>
    sandbox.mutate({}, { onSuccess: () => showToast('The sandbox runs. Nothing in it reaches a real vendor.') })
  return (
    <ol className="first-steps">
      <li className={connected ? 'first-step done' : 'first-step now'}>
        <span className="first-number" aria-hidden>
          {connected ? '✓' : '1'}
        </span>
        <div>
          <h2>Connect a vendor, or try it in the sandbox</h2>
          {connected ? (
            <p className="dim first-connections">
              {connections.map((connection) => (
                <EnvironmentChip key={connection.id} environment={connection.environment} words={connection.name} />
              ))}
            </p>
          ) : (
            <>
              <p className="dim">
                The sandbox plays the vendors on this machine: same calls, same limits, invented people. The secret of a
                real connection goes into the system’s keychain and is never shown again.
              </p>
              <div className="first-actions">
                <Button kind="primary" icon={FlaskConical} isPending={sandbox.isPending} onPress={start}>
                  Start the sandbox
                </Button>
                <Button onPress={() => navigate(paths.newConnection())}>Add a connection</Button>
              </div>
            </>
          )}
          {sandbox.failure === null ? null : <FailureNotice failure={sandbox.failure} />}
        </div>
      </li>
      <li className={connected ? 'first-step now' : 'first-step'}>
        <span className="first-number" aria-hidden>
          2
        </span>
        <div>
          <h2>Choose a CSV of identifiers</h2>
          <p className="dim">
            Emails, user ids, channel ids or distinct ids. Every row ends as an identifier, a duplicate of a named row,
            or a reject with its reason. Nothing is sent before the plan has been on screen.
          </p>
          {connected ? (
            <div className="first-actions">
              <Button kind="primary" shortcut="N" onPress={() => navigate(paths.newRequest())}>
                New request
              </Button>
            </div>
          ) : null}
        </div>
      </li>
      <li className="first-step">
        <span className="first-number" aria-hidden>
          3
        </span>
        <div>
          <h2>Watch it to the end</h2>
          <p className="dim">
            Sending stays within the vendor’s limits. Accepted is not erased: each identifier is followed until the
            vendor names it, or waits here for your decision.
          </p>
        </div>
      </li>
    </ol>
  )
}
