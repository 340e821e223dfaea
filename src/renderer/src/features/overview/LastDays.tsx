import { lazy, Suspense } from 'react'
import type { Overview } from '../../../../shared/contract.ts'
import { settledStates, type IdentifierState } from '../../../../shared/model/state.ts'
import { countOf, dateFromIso, describeCounts, formatDay, formatNumber, useNow } from '../../ui/index.ts'

const DaysChart = lazy(async () => {
  const { DaysChart: chart } = await import('./DaysChart.tsx')
  return { default: chart }
})

const colours: Readonly<Partial<Record<IdentifierState, string>>> = {
  erased: 'var(--erased)',
  failed: 'var(--failed)',
  refused: 'var(--refused)',
  unconfirmed: 'var(--unconfirmed)',
}

/** Identifiers settled per day, by state, in the colours of the state bar. */
export function LastDays({ overview, hint }: { readonly overview: Overview; readonly hint: string | undefined }) {
  const now = useNow()
  const { days } = overview
  const series = settledStates
    .filter((state) => days.some(({ counts }) => (counts[state] ?? 0) > 0))
    .map((state) => ({ key: state, colour: colours[state] ?? 'var(--held)' }))
  return (
    <section aria-labelledby="last-days">
      <h2 id="last-days">
        Last 30 days
        {hint === undefined ? null : <span className="overview-hint">{hint}</span>}
      </h2>
      {series.length === 0 ? (
        <div className="days-chart">
          <p className="faint overview-none">Nothing was settled in the last 30 days.</p>
        </div>
      ) : (
        <Suspense fallback={<div className="days-chart" />}>
          <DaysChart
            days={days.map(({ day, counts }) => ({ ...counts, day, words: describeCounts(counts) }))}
            series={series}
            label={(day) => formatDay(dateFromIso(day), now)}
            number={formatNumber}
          />
        </Suspense>
      )}
      <p className="hidden-visually">{countOf(overview.erasedLast30Days, 'identifier')} erased in the last 30 days.</p>
    </section>
  )
}
