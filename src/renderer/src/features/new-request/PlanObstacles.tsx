import { Link, useLocation } from 'wouter'
import type { Plan, RequestDetail } from '../../../../shared/model/request.ts'
import { paths } from '../../paths.ts'
import { Button, Notice } from '../../ui/index.ts'
import { placeOfObstacle } from './plan-words.ts'
import { stepTitles, type Step } from './steps.ts'

/** Why the request cannot be sent now, each with the way to where it is cleared. */
export function PlanObstacles({
  obstacles,
  draft,
  goTo,
}: {
  readonly obstacles: Plan['obstacles']
  readonly draft: RequestDetail
  readonly goTo: (step: Step) => void
}) {
  const [, navigate] = useLocation()
  const open = (place: NonNullable<ReturnType<typeof placeOfObstacle>>) => {
    if (place === 'connection') return navigate(paths.connection(draft.connectionId))
    if (place !== 'case') return goTo(place)
    if (draft.case !== null) navigate(paths.case(draft.case.id))
  }
  return obstacles.map(({ code, words, next }) => {
    const place = placeOfObstacle(code)
    return (
      <Notice
        key={code + words}
        tone="warning"
        title={words}
        actions={
          place === null ? null : (
            <Button size="small" onPress={() => open(place)}>
              {place === 'connection'
                ? 'Open the connection'
                : place === 'case'
                  ? 'Open the case'
                  : `Go to ${stepTitles[place]}`}
            </Button>
          )
        }
      >
        {next}
      </Notice>
    )
  })
}

/** Where the calls go, so that production is never taken for anything else. */
export function Destination({ draft, origin }: { readonly draft: RequestDetail; readonly origin: string | null }) {
  return (
    <p className={`destination env-${draft.environment}`}>
      <b className="destination-word">{draft.environment}</b>
      <span>
        <Link href={paths.connection(draft.connectionId)}>{draft.connectionName}</Link>
        {origin === null ? null : <span className="mono"> {origin}</span>}
        <span className="dim">, {meanings[draft.environment]}</span>
      </span>
    </p>
  )
}

const meanings: Readonly<Record<RequestDetail['environment'], string>> = {
  production: 'real people’s data',
  staging: 'a copy to try things on',
  sandbox: 'on this computer, with no real data',
}
