/** Long lists a page at a time: only the pages near what is looked at are asked for and kept fresh. */
import { useQueries, useQueryClient } from '@tanstack/react-query'
import { useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { Anchor } from '../../shared/channel.ts'
import type { ChannelName, Input, Value } from '../../shared/contract.ts'
import type { Failure } from '../../shared/failure.ts'
import { call, channelKey, failureOf } from './api.ts'
import { createTurns } from './turns.ts'
import { pagesFor, pageSize, pagesInOrder, type PageRange } from './ui/page-math.ts'
import type { RowSource } from './ui/table-model.ts'

type Page<Row> = { readonly rows: readonly Row[]; readonly start: number; readonly total: number }

/** The channels that answer with a page of rows. */
export type PagedChannel = {
  [C in ChannelName]: Value<C> extends Page<unknown> ? C : never
}[ChannelName]

export type RowOf<C extends PagedChannel> = Value<C> extends { readonly rows: readonly (infer Row)[] } ? Row : never

const takeTurn = createTurns(3)
/** Once scrolling rests this long, the pages around are asked for too. */
const restMilliseconds = 60

/**
 * The rows of a list for a DataTable, loaded as they come into sight and kept while they are asked for again, so that no
 * row turns blank when numbers move. `latest` is the newest page, for what a channel says beside its rows.
 * @example const rows = usePagedRows('listBatches', { requestId })
 */
export function usePagedRows<C extends PagedChannel>(
  channel: C,
  input: Omit<Input<C>, 'anchor' | 'limit'>,
): RowSource<RowOf<C>> & { readonly latest: Value<C> | null } {
  const client = useQueryClient()
  const inputKey = JSON.stringify(input)
  const [wanted, setWanted] = useState<{ readonly seen: PageRange; readonly around: number }>({
    seen: { first: 0, last: 0 },
    around: 0,
  })
  const knownTotal = useRef<number | null>(null)
  const last = wanted.seen.last * pageSize
  const range = pagesFor(wanted.seen.first * pageSize, last, knownTotal.current, wanted.around)
  const pages = pagesInOrder(range, wanted.seen)

  const results = useQueries({
    queries: pages.map((page) => {
      const keyOf = (anchor: Anchor) => channelKey(channel, { ...input, anchor, limit: pageSize } as Input<C>)
      const anchor = { index: page * pageSize }
      return {
        queryKey: keyOf(anchor),
        queryFn: ({ signal }: { readonly signal: AbortSignal }) =>
          takeTurn(signal, () => call(channel, { ...input, anchor, limit: pageSize } as Input<C>)),
        gcTime: 30_000,
      }
    }),
  })

  const loaded = results.flatMap((result) => (result.data === undefined ? [] : [result]))
  const newest = loaded.toSorted((a, b) => b.dataUpdatedAt - a.dataUpdatedAt)[0]
  const latest = (newest?.data as (Value<C> & Page<RowOf<C>>) | undefined) ?? null
  const error = results.find((result) => result.error !== null)?.error
  const failure: Failure | null = error === null || error === undefined ? null : failureOf(error)

  const byStart = new Map(
    loaded.map(({ data }) => [(data as Page<RowOf<C>>).start, (data as Page<RowOf<C>>).rows] as const),
  )
  const now = {
    inputKey,
    latest,
    total: latest?.total ?? null,
    rowAt: (index: number): RowOf<C> | undefined => {
      const start = Math.floor(index / pageSize) * pageSize
      return byStart.get(start)?.[index - start]
    },
  }
  // While another filter's first page is on its way, the rows before it stay: milliseconds, without a flash of nothing.
  const settled = useRef(now)
  const shown = now.total === null && failure === null ? settled.current : now
  useEffect(() => {
    if (now.total !== null) {
      settled.current = now
      knownTotal.current = now.total
    }
  })
  useEffect(() => {
    const firstPage = channelKey(channel, { ...input, anchor: { index: 0 }, limit: pageSize } as Input<C>)
    knownTotal.current = client.getQueryData<Page<RowOf<C>>>(firstPage)?.total ?? null
    // oxlint-disable-next-line react/exhaustive-deps -- inputKey stands for input
  }, [channel, inputKey, client])

  useEffect(() => {
    const timer = window.setTimeout(() => {
      setWanted((before) => (before.around === 1 ? before : { ...before, around: 1 }))
    }, restMilliseconds)
    return () => window.clearTimeout(timer)
  }, [wanted])

  const want = useCallback((firstRow: number, lastRow: number) => {
    const seen = { first: Math.floor(firstRow / pageSize), last: Math.floor(lastRow / pageSize) }
    setWanted((before) =>
      before.seen.first === seen.first && before.seen.last === seen.last ? before : { seen, around: 0 },
    )
  }, [])

  const { inputKey: key, total, rowAt } = shown
  return useMemo(
    () => ({ key, total, rowAt, want, failure, latest: shown.latest }),
    [key, total, rowAt, want, failure, shown.latest],
  )
}
