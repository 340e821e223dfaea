import { useState } from 'react'
import { useLocation } from 'wouter'
import type { Connection } from '../../../../shared/model/connection.ts'
import type { ConnectionId } from '../../../../shared/model/ids.ts'
import { paths } from '../../paths.ts'
import { Button, Checkbox, EmptyState } from '../../ui/index.ts'
import { StepFrame } from '../../wizard/StepFrame.tsx'

/** The first step: where the people of the case are to be erased. None is chosen beforehand. */
export function ConnectionsStep({
  connections,
  chosen,
  onChange,
  onContinue,
}: {
  readonly connections: readonly Connection[]
  readonly chosen: readonly ConnectionId[]
  readonly onChange: (chosen: readonly ConnectionId[]) => void
  readonly onContinue: () => void
}) {
  const [, navigate] = useLocation()
  const [tried, setTried] = useState(false)
  const none = !connections.some(({ id }) => chosen.includes(id))
  const goOn = () => {
    setTried(true)
    if (!none) onContinue()
  }
  if (connections.length === 0) {
    return (
      <StepFrame heading="Choose where to erase" footer={promise}>
        <EmptyState
          title="A case needs a connection"
          action={
            <Button kind="primary" onPress={() => navigate(paths.connections())}>
              Go to Connections
            </Button>
          }
        >
          It says at which vendor account people are erased. The sandbox, which reaches no real vendor, is started there
          too.
        </EmptyState>
      </StepFrame>
    )
  }
  return (
    <StepFrame
      heading="Choose where to erase"
      footer={
        <>
          {promise}
          <span className="spacer" />
          <Button kind="primary" onPress={goOn}>
            Continue
          </Button>
        </>
      }
    >
      <p className="dim">
        Each connection chosen here gets a request of its own, made from the one file. A case tells when everything of a
        person is erased at all of them.
      </p>
      <div className="choices" role="group" aria-label="Erase at" aria-describedby="none-chosen">
        {connections.map((connection) => (
          <Checkbox
            key={connection.id}
            isSelected={chosen.includes(connection.id)}
            onChange={(isSelected) =>
              onChange(isSelected ? [...chosen, connection.id] : chosen.filter((id) => id !== connection.id))
            }
          >
            {connection.name}
            <span className="hint choice-hint">{describeConnection(connection)}</span>
          </Checkbox>
        ))}
      </div>
      <p id="none-chosen" className="danger-text" role="alert">
        {tried && none ? 'Choose at least one connection.' : null}
      </p>
    </StepFrame>
  )
}

const promise = <span className="dim">Nothing is sent before each plan has been on screen.</span>

function describeConnection({ environment, origin, stopped }: Connection): string {
  return [
    environment,
    origin.replace(/^https?:\/\//, ''),
    ...(stopped === null ? [] : [`stopped: ${stopped.title}`]),
  ].join(' · ')
}
