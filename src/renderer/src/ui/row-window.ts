/** The rows of a long table that are in the page: those in sight and a few around them, wherever it is scrolled to. */
import { useEffect, useLayoutEffect, useRef, useState, type PointerEvent, type WheelEvent } from 'react'
import { flushSync } from 'react-dom'
import {
  isScaled,
  offsetOf,
  offsetShowing,
  placeAfter,
  placeAt,
  rowsInSight,
  scrollSpaceOf,
  type ScrollPlace,
} from './scroll-space.ts'

/** Rows held above and below those in sight. */
const overscan = 10

type Seen = Readonly<{ first: number; last: number; shift: number }>

export type RowWindow = Readonly<{
  /** Height of the element that holds the rows, in pixels. */
  height: number
  /** First and last row in sight. */
  first: number
  last: number
  /** Rows to draw, in order: those in sight, those around them, and the active one wherever it is. */
  indexes: readonly number[]
  /** True for the active row where it is drawn only to keep the focus. */
  isAway: (index: number) => boolean
  /** Where the element draws the row, from its own top. */
  topOf: (index: number) => number
  /** The list's own scroll offset now. */
  offset: () => number
  scrollTo: (offset: number) => void
  /** Scrolls by the shortest way, where the row is not in sight as a whole. */
  show: (index: number) => void
  /** How many rows a Page key passes. */
  pageRows: () => number
  /** For the element that scrolls. */
  handlers: Readonly<{
    onScroll: () => void
    onScrollEnd: () => void
    onWheel: (event: WheelEvent) => void
    onPointerDown: (event: PointerEvent) => void
  }>
}>

/**
 * Watches `scroller`, whose first `headHeight` pixels a sticky head covers. Lists taller than an element can be are
 * drawn together between their ends (see scroll-space.ts); in `onMoved` the offset is the list's own in every case.
 */
export function useRowWindow({
  scroller,
  total,
  active,
  rowHeight,
  headHeight,
  initialOffset,
  onMoved,
}: {
  readonly scroller: HTMLElement | null
  readonly total: number
  readonly active: number
  readonly rowHeight: number
  readonly headHeight: number
  readonly initialOffset: number
  readonly onMoved: () => void
}): RowWindow {
  const space = scrollSpaceOf(headHeight + total * rowHeight)
  const place = useRef<ScrollPlace>({ top: 0, shift: 0 })
  const isWheeled = useRef(false)
  const [seen, setSeen] = useState<Seen>({ first: 0, last: -1, shift: 0 })

  const look = () => {
    const { shift } = place.current
    const next = rowsInSight(offsetOf(place.current), scroller?.clientHeight ?? 0, headHeight, rowHeight, total)
    setSeen((before) =>
      before.first === next.first && before.last === next.last && before.shift === shift ? before : { ...next, shift },
    )
  }

  /** Scrolls the element to where the place wants it; where it cannot stand there, the place is where it stands. */
  const stand = (next: ScrollPlace) => {
    if (scroller === null) return
    if (scroller.scrollTop !== next.top) scroller.scrollTop = next.top
    place.current = { top: scroller.scrollTop, shift: next.shift }
    look()
  }

  const placeNear = (offset: number) => {
    const end = Math.max(0, space.list - (scroller?.clientHeight ?? 0))
    return placeAt(space, Math.min(Math.max(0, offset), end))
  }
  const scrollTo = (offset: number) => stand(placeNear(offset))

  /** Brings the element back to its proportion and into the list, without moving what is seen. */
  const settle = () => {
    const settled = placeNear(offsetOf(place.current))
    if (Math.abs(settled.top - place.current.top) > 1) stand(settled)
    else look()
  }

  // Before anything is seen: where the list was left, or after its length has changed, where it stands.
  const isPlaced = useRef<HTMLElement | null>(null)
  useLayoutEffect(() => {
    if (isPlaced.current === scroller) settle()
    else {
      isPlaced.current = scroller
      scrollTo(initialOffset)
    }
    // oxlint-disable-next-line react/exhaustive-deps -- what these do follows from the element and the list's length
  }, [scroller, space.list])

  const latestLook = useRef(look)
  useLayoutEffect(() => {
    latestLook.current = look
  })
  useEffect(() => {
    if (scroller === null) return undefined
    const observer = new ResizeObserver(() => latestLook.current())
    observer.observe(scroller)
    return () => observer.disconnect()
  }, [scroller])

  const onScroll = () => {
    if (scroller === null) return
    const { scrollTop: top, clientHeight } = scroller
    if (top !== place.current.top) {
      const isStep = isWheeled.current || Math.abs(top - place.current.top) <= clientHeight
      const next = placeAfter(space, place.current, top, isStep)
      // In the same frame as the scrolling: no row is blank for the want of drawing it.
      flushSync(() => stand(next))
    }
    onMoved()
  }

  const drawn = rangeAround(seen, total)
  const isAway = (index: number) => index < drawn.first || index > drawn.last
  const topOf = (index: number) => headHeight + index * rowHeight - seen.shift
  return {
    height: space.element,
    first: seen.first,
    last: Math.max(seen.first, seen.last),
    indexes: indexesOf(drawn, active, total),
    isAway,
    // A row that is away stands beside the others: at its own place it would make the element as tall as the list.
    topOf: (index) => topOf(Math.min(Math.max(index, drawn.first - 1), drawn.last + 1)),
    offset: () => offsetOf(place.current),
    scrollTo,
    show: (index) =>
      scrollTo(offsetShowing(index, offsetOf(place.current), scroller?.clientHeight ?? 0, headHeight, rowHeight)),
    pageRows: () => Math.max(1, Math.floor(((scroller?.clientHeight ?? 0) - headHeight) / rowHeight) - 1),
    handlers: {
      onScroll,
      onScrollEnd: () => {
        isWheeled.current = false
        if (isScaled(space)) flushSync(settle)
      },
      onWheel: (event) => {
        if (!event.ctrlKey) isWheeled.current = true
      },
      onPointerDown: () => {
        isWheeled.current = false
      },
    },
  }
}

function rangeAround(seen: Seen, total: number): Readonly<{ first: number; last: number }> {
  if (seen.last < seen.first) return { first: 0, last: -1 }
  return { first: Math.max(0, seen.first - overscan), last: Math.min(total - 1, seen.last + overscan) }
}

function indexesOf(drawn: Readonly<{ first: number; last: number }>, active: number, total: number): readonly number[] {
  const inside = Array.from({ length: drawn.last - drawn.first + 1 }, (_, place) => drawn.first + place)
  if (active >= total || inside.includes(active)) return inside
  return active < drawn.first ? [active, ...inside] : [...inside, active]
}
