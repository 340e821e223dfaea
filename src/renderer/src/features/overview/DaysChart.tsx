/**
 * The chart of the Overview, loaded when it is shown. It imports React and the chart library alone: what it shared with
 * the window would be moved to a chunk of its own, which runs before the window's first line.
 */
import { Bar, BarChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts'

export type ChartDay = Readonly<{ day: string; words: string; [series: string]: string | number }>
export type ChartSeries = Readonly<{ key: string; colour: string }>

/** One stacked bar a day. `label` writes a day, `number` a count; `words` of a day stand in its tooltip. */
export function DaysChart({
  days,
  series,
  label,
  number,
}: {
  readonly days: readonly ChartDay[]
  readonly series: readonly ChartSeries[]
  readonly label: (day: string) => string
  readonly number: (count: number) => string
}) {
  const first = days[0]?.day
  const last = days.at(-1)?.day
  return (
    <div className="days-chart">
      <ResponsiveContainer width="100%" height="100%">
        <BarChart
          data={[...days]}
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
            tickFormatter={number}
            tickLine={false}
            axisLine={false}
            tick={{ fill: 'var(--text-3)', fontSize: 11 }}
            allowDecimals={false}
          />
          <Tooltip cursor={{ fill: 'var(--hover)' }} content={<DayTip label={label} />} isAnimationActive={false} />
          {series.map(({ key, colour }) => (
            <Bar key={key} dataKey={key} stackId="settled" fill={colour} isAnimationActive={false} />
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
  readonly payload?: readonly { readonly payload: ChartDay }[]
}

function DayTip({ active = false, payload, label }: Tip & { readonly label: (day: string) => string }) {
  const shown = payload?.[0]?.payload
  if (!active || shown === undefined) return null
  return (
    <div className="tip">
      <b>{label(shown.day)}</b> {shown.words}
    </div>
  )
}
