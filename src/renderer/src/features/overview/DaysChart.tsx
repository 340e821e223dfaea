import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'
import type { Overview } from '../../../../shared/contract.ts'
import { settledStates, type StateCounts } from '../../../../shared/model/state.ts'
import { dateFromIso, describeCounts, formatDay, formatNumber, useNow } from '../../ui/index.ts'

const colours: Readonly<Record<string, string>> = {
  erased: 'var(--erased)',
  failed: 'var(--failed)',
  refused: 'var(--refused)',
  unconfirmed: 'var(--unconfirmed)',
  revoked: 'var(--held)',
  cancelled: 'var(--held)',
}

/** Identifiers settled per day, by state, in the order of the state bar. */
export function DaysChart({ days }: { readonly days: Overview['days'] }) {
  const now = useNow()
  const label = (day: string) => formatDay(dateFromIso(day), now)
  const first = days[0]?.day
  const last = days.at(-1)?.day
  const rows = days.map(({ day, counts }) => ({ day, counts, ...counts }))
  const present = settledStates.filter((state) => days.some(({ counts }) => (counts[state] ?? 0) > 0))
  if (present.length === 0) return <p className="faint overview-none">Nothing was settled in the last 30 days.</p>
  return (
    <div className="days-chart">
      <ResponsiveContainer width="100%" height="100%">
        <BarChart
          data={rows}
          margin={{ top: 4, right: 0, bottom: 0, left: 0 }}
          barCategoryGap="18%"
          accessibilityLayer={false}
        >
          <CartesianGrid vertical={false} stroke="var(--line-2)" />
          <XAxis
            dataKey="day"
            ticks={first === undefined || last === undefined ? [] : [first, last]}
            tickFormatter={label}
            interval={0}
            tickLine={false}
            axisLine={{ stroke: 'var(--line)' }}
            tick={<DayTick first={first} label={label} />}
            height={22}
          />
          <YAxis
            width={44}
            tickCount={4}
            tickFormatter={formatNumber}
            tickLine={false}
            axisLine={false}
            tick={{ fill: 'var(--text-3)', fontSize: 11 }}
            allowDecimals={false}
          />
          <Tooltip cursor={{ fill: 'var(--hover)' }} content={<DayTip label={label} />} isAnimationActive={false} />
          {present.map((state) => (
            <Bar
              key={state}
              dataKey={state}
              stackId="settled"
              fill={colours[state] ?? 'var(--held)'}
              isAnimationActive={false}
            />
          ))}
        </BarChart>
      </ResponsiveContainer>
    </div>
  )
}

type Tick = {
  readonly x?: number | string
  readonly y?: number | string
  readonly payload?: { readonly value: string }
}

function DayTick({
  x,
  y,
  payload,
  first,
  label,
}: Tick & {
  readonly first: string | undefined
  readonly label: (day: string) => string
}) {
  if (payload === undefined) return null
  return (
    <text
      x={x}
      y={Number(y) + 8}
      className="day-tick"
      textAnchor={payload.value === first ? 'start' : 'end'}
      dx={payload.value === first ? -6 : 6}
    >
      {label(payload.value)}
    </text>
  )
}

type Tip = {
  readonly active?: boolean
  readonly payload?: readonly { readonly payload: { readonly day: string; readonly counts: StateCounts } }[]
}

function DayTip({ active = false, payload, label }: Tip & { readonly label: (day: string) => string }) {
  const shown = payload?.[0]?.payload
  if (!active || shown === undefined) return null
  return (
    <div className="tip">
      <b>{label(shown.day)}</b> {describeCounts(shown.counts)}
    </div>
  )
}
