import {
  Activity,
  CircleQuestionMark,
  Eraser,
  FlaskConical,
  Keyboard,
  Link2,
  List,
  Users,
  SlidersHorizontal,
  type LucideIcon,
} from 'lucide-react'
import { Link } from 'wouter'
import { useAction, useChannel } from '../api.ts'
import { useBudgets } from '../budgets.ts'
import { paths } from '../paths.ts'
import { Button, formatNumber, formatWindow, Gauge, IconButton, isBriefWindow } from '../ui/index.ts'
import { busiestBudget } from './glance.ts'

type Place = {
  readonly to: string
  readonly words: string
  readonly icon: LucideIcon
  readonly isHere: boolean
  readonly count?: number | undefined
  /** What is counted, in its plural; absent: the place's own things. */
  readonly unit?: readonly [one: string, many: string]
  readonly todo?: boolean
}

/** The left navigation; at its foot what is left of the vendor's limits now. Below 760 px its words fold away. */
export function Navigation({ location, onHelp }: { readonly location: string; readonly onHelp: () => void }) {
  const requests = useChannel('listRequests', { filter: 'open', anchor: { index: 0 }, limit: 1 })
  const cases = useChannel('listCases', { filter: 'open', anchor: { index: 0 }, limit: 1 })
  const connections = useChannel('listConnections', {})
  const status = useChannel('getAppStatus', {})
  const waiting = requests.data?.counts.waiting
  const places: readonly Place[] = [
    { to: paths.overview(), words: 'Overview', icon: Activity, isHere: location === '/' },
    {
      to: paths.requests(),
      words: 'Requests',
      icon: List,
      isHere: (location.startsWith('/requests') && location !== paths.waiting()) || location.startsWith('/drafts'),
      count: requests.data?.counts.open,
    },
    {
      to: paths.cases(),
      words: 'Cases',
      icon: Users,
      isHere: location.startsWith('/cases'),
      count: cases.data?.counts.open,
    },
    {
      to: paths.connections(),
      words: 'Connections',
      icon: Link2,
      isHere: location.startsWith('/connections'),
      count: connections.data?.length,
    },
    { to: paths.settings(), words: 'Settings', icon: SlidersHorizontal, isHere: location.startsWith('/settings') },
  ]
  const waits: Place = {
    to: paths.waiting(),
    words: 'Waits for you',
    icon: CircleQuestionMark,
    isHere: location === paths.waiting(),
    count: waiting,
    unit: ['request', 'requests'],
    todo: true,
  }
  return (
    <nav className="navigation" aria-label="Main">
      <div className="brand">
        <Eraser aria-hidden className="icon" />
        <span className="nav-words">Erasure Desk</span>
      </div>
      {places.map((place) => (
        <PlaceLink key={place.to} place={place} />
      ))}
      {waiting === undefined || waiting === 0 ? null : (
        <div className="nav-apart">
          <PlaceLink place={waits} />
        </div>
      )}
      <div className="nav-foot">
        {status.data?.sandbox.running === true ? <SandboxLine /> : null}
        <BudgetGauges />
        <div className="nav-help">
          <IconButton label="Shortcuts (?)" icon={Keyboard} onPress={onHelp} />
        </div>
      </div>
    </nav>
  )
}

function PlaceLink({ place }: { readonly place: Place }) {
  const { icon: Icon, count, unit } = place
  return (
    <Link href={place.to} className="nav-link" title={place.words} aria-current={place.isHere ? 'page' : undefined}>
      <Icon aria-hidden className="icon" />
      <span className="nav-words">{place.words}</span>
      {count === undefined || count === 0 ? null : (
        <span className={place.todo === true ? 'nav-count todo' : 'nav-count'}>
          {formatNumber(count)}
          {unit === undefined ? null : <span className="nav-words"> {count === 1 ? unit[0] : unit[1]}</span>}
        </span>
      )}
    </Link>
  )
}

function SandboxLine() {
  const stop = useAction('stopSandbox')
  return (
    <div className="nav-sandbox">
      <FlaskConical aria-hidden className="icon" />
      <span className="nav-words">Sandbox runs</span>
      <Button kind="quiet" size="small" isPending={stop.isPending} onPress={() => stop.mutate({})}>
        Stop
      </Button>
    </div>
  )
}

/** The account nearest its limits; where there are more, the rest is on the Connections screen. */
function BudgetGauges() {
  const budgets = useBudgets()
  const shown = busiestBudget(budgets)
  if (shown === null) return null
  return (
    <div className="nav-budget" role="group" aria-label={`Calls used at ${shown.accountName}`}>
      <span className="cut" title={shown.accountName}>
        {shown.accountName}
      </span>
      {shown.windows.map((window) => (
        <div key={window.milliseconds} className="nav-gauge">
          <div className="nav-gauge-words">
            <span className="dim">per {formatWindow(window.milliseconds)}</span>
            <span className="nowrap">
              {formatNumber(window.used)} of {formatNumber(window.usable)}
            </span>
          </div>
          <Gauge
            label={`Calls per ${formatWindow(window.milliseconds)}`}
            used={window.used}
            of={window.usable}
            warnsWhenFull={!isBriefWindow(window.milliseconds)}
          />
        </div>
      ))}
    </div>
  )
}
