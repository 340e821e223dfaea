import {
  useEffect,
  useLayoutEffect,
  useReducer,
  useRef,
  useState,
  type CSSProperties,
  type KeyboardEvent,
  type MouseEvent,
  type ReactNode,
} from 'react'
import { countOf } from './format.ts'
import { FailureNotice } from './notice.tsx'
import { recall, remember, useRemembered } from './remember.ts'
import { useRowWindow } from './row-window.ts'
import { useShortcuts } from './shortcuts.ts'
import { ColumnChooser, SkeletonCells, TableHead } from './table-head.tsx'
import { moveByKey, rowsBetween, type Column, type RowSource, type SortMark } from './table-model.ts'

export type DataTableProps<Row> = {
  /** The table's name for a screen reader. */
  readonly label: string
  readonly columns: readonly Column<Row>[]
  readonly rows: RowSource<Row>
  readonly rowKey: (row: Row) => string | number
  /** Names what the window remembers: scroll position, hidden columns. One name a table. */
  readonly rememberAs: string
  /** Enter, or a click where rows cannot be selected. */
  readonly onOpen?: (row: Row) => void
  /** Small buttons at the end of the row under the pointer or the focus. */
  readonly rowActions?: (row: Row) => ReactNode
  /** Makes rows selectable (Space, Shift, Ctrl); the bar at the bottom shows what this gives for them. */
  readonly selectionActions?: (rows: readonly Row[], clear: () => void) => ReactNode
  readonly rowHeight?: 32 | 44
  readonly sort?: SortMark
  readonly onSort?: (key: string) => void
  /** What stands there when the list is empty. */
  readonly empty: ReactNode
  /** The narrowest the table gets before it scrolls sideways. */
  readonly minWidth?: number
}

const headHeight = 30
const skeletonRows = 8
const top = { active: 0, offset: 0, total: skeletonRows }

/**
 * A table of any length: rows are in the page only near what is seen. One row is active and takes the focus: arrows,
 * Page keys, Home, End and J K move it, Enter opens it, Space selects it, Tab reaches its actions.
 */
export function DataTable<Row>(properties: DataTableProps<Row>) {
  const { label, columns, rows, rowKey, rememberAs, onOpen, rowActions, selectionActions, rowHeight = 32 } = properties
  const { sort, onSort, empty, minWidth = 640 } = properties
  const [hidden, setHidden] = useRemembered<readonly string[]>(
    `${rememberAs}/columns`,
    columns.filter((column) => column.hiddenAtFirst === true).map((column) => column.id),
  )
  const shown = columns.filter((column) => !hidden.includes(column.id))
  const placeKey = `${rememberAs}/place/${rows.key}`
  const [scroller, setScroller] = useState<HTMLDivElement | null>(null)
  const [active, setActive] = useState(() => recall(placeKey, top).active)
  const [hovered, setHovered] = useState<number | null>(null)
  const [selected, setSelected] = useState<ReadonlyMap<string | number, Row>>(new Map())
  const selectionAnchor = useRef<number | null>(null)
  const focusActive = useRef(false)
  const [, drawAnew] = useReducer((turn: number) => turn + 1, 0)
  const total = rows.total ?? recall(placeKey, top).total
  const current = Math.min(active, Math.max(0, total - 1))

  const rowWindow = useRowWindow({
    scroller,
    total,
    active: current,
    rowHeight,
    headHeight,
    initialOffset: recall(placeKey, top).offset,
    onMoved: () => keepPlace(current),
  })
  const { first, last, scrollTo } = rowWindow
  const { want } = rows
  useEffect(() => want(first, last), [want, first, last])

  // Another list begins where it was left, or at the top.
  const shownPlace = useRef(placeKey)
  useLayoutEffect(() => {
    if (shownPlace.current === placeKey) return
    shownPlace.current = placeKey
    const place = recall(placeKey, top)
    setActive(place.active)
    setSelected(new Map())
    scrollTo(place.offset)
  }, [placeKey, scrollTo])

  // After every drawing, since the row that is to have the focus may be the active one already, and out of sight.
  useLayoutEffect(() => {
    if (!focusActive.current) return
    focusActive.current = false
    const row = scroller?.querySelector<HTMLElement>(`[data-index="${current}"]`)
    row?.focus({ preventScroll: true })
    // In a low window the screen around the table scrolls too.
    row?.scrollIntoView({ block: 'nearest', inline: 'nearest' })
  })

  const keepPlace = (index: number) => remember(placeKey, { active: index, offset: rowWindow.offset(), total })

  const activate = (index: number) => {
    focusActive.current = true
    drawAnew()
    setActive(index)
    rowWindow.show(index)
    keepPlace(index)
  }

  const select = (indexes: readonly number[], keep: boolean) => {
    const added = indexes.flatMap((index) => {
      const row = rows.rowAt(index)
      return row === undefined ? [] : [[rowKey(row), row] as const]
    })
    setSelected((before) => new Map([...(keep ? before : []), ...added]))
  }

  const toggle = (index: number) => {
    selectionAnchor.current = index
    const row = rows.rowAt(index)
    if (row === undefined) return
    setSelected((before) => {
      const key = rowKey(row)
      return before.has(key)
        ? new Map([...before].filter(([other]) => other !== key))
        : new Map([...before, [key, row]])
    })
  }

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    if (event.key === 'Escape' && selected.size > 0) {
      setSelected(new Map())
      event.stopPropagation()
      return
    }
    const onRow = event.target instanceof HTMLElement && event.target.dataset['index'] !== undefined
    if (!onRow || event.ctrlKey || event.metaKey || event.altKey) return
    const row = rows.rowAt(current)
    if (event.key === 'Enter' && onOpen !== undefined && row !== undefined) {
      event.preventDefault()
      onOpen(row)
      return
    }
    if (event.key === ' ' && selectionActions !== undefined) {
      event.preventDefault()
      toggle(current)
      return
    }
    const next = moveByKey(event.key, current, total, rowWindow.pageRows())
    if (next === null) return
    event.preventDefault()
    if (event.shiftKey && selectionActions !== undefined) {
      selectionAnchor.current ??= current
      select(rowsBetween(selectionAnchor.current, next), false)
    } else {
      selectionAnchor.current = null
    }
    activate(next)
  }

  // From anywhere on the screen; once a row has the focus its own keys go before.
  useShortcuts([{ keys: 'J', words: `Into the table: ${label}`, run: () => activate(current) }])

  const onRowClick = (event: MouseEvent, index: number, row: Row) => {
    if (event.target instanceof Element && event.target.closest('button, a') !== null) return
    setActive(index)
    keepPlace(index)
    if (selectionActions === undefined) {
      onOpen?.(row)
      return
    }
    if (event.shiftKey) select(rowsBetween(selectionAnchor.current ?? current, index), false)
    else toggle(index)
  }

  const tracks = { '--tracks': shown.map((column) => column.track).join(' ') } as CSSProperties

  if (rows.failure !== null) {
    return (
      <div className="table-area">
        <FailureNotice failure={rows.failure} />
      </div>
    )
  }
  if (rows.total === 0) return <div className="table-area">{empty}</div>
  return (
    <div className="table-area">
      <div className="table-scroll" ref={setScroller} {...rowWindow.handlers}>
        <ColumnChooser columns={columns} hidden={hidden} onChange={setHidden} />
        {/* The rows take the focus, one of them at a time; the grid itself never does. */}
        {/* oxlint-disable-next-line jsx-a11y/interactive-supports-focus */}
        <div
          role="grid"
          aria-label={label}
          aria-rowcount={rows.total === null ? -1 : total + 1}
          aria-colcount={shown.length}
          aria-multiselectable={selectionActions !== undefined}
          aria-busy={rows.total === null}
          className={rowHeight === 44 ? 'table tall' : 'table'}
          style={{ minWidth, height: rowWindow.height, ...tracks }}
          onKeyDown={onKeyDown}
          onPointerLeave={() => setHovered(null)}
        >
          <TableHead columns={shown} sort={sort} onSort={onSort} />
          <div role="rowgroup" className="table-body">
            {rowWindow.indexes.map((rowIndex) => {
              const row = rows.rowAt(rowIndex)
              const isSelected = row !== undefined && selected.has(rowKey(row))
              const isAway = rowWindow.isAway(rowIndex)
              return (
                // Keys are handled once, on the grid that holds every row.
                // oxlint-disable-next-line jsx-a11y/click-events-have-key-events
                <div
                  key={rowIndex}
                  role="row"
                  aria-rowindex={rowIndex + 2}
                  aria-selected={selectionActions === undefined ? undefined : isSelected}
                  aria-busy={row === undefined}
                  data-index={rowIndex}
                  tabIndex={rowIndex === current ? 0 : -1}
                  className={rowClass(onOpen !== undefined, isAway)}
                  style={{ height: rowHeight, transform: `translateY(${rowWindow.topOf(rowIndex)}px)` }}
                  onClick={(event) => row !== undefined && onRowClick(event, rowIndex, row)}
                  onFocus={() => {
                    setActive(rowIndex)
                    if (isAway) rowWindow.show(rowIndex)
                  }}
                  onPointerEnter={() => setHovered(rowIndex)}
                >
                  {row === undefined ? (
                    <SkeletonCells columns={shown} />
                  ) : (
                    shown.map((column, index) => (
                      <div
                        key={column.id}
                        role="gridcell"
                        aria-colindex={index + 1}
                        className={column.align === 'end' ? 'cell end' : 'cell'}
                      >
                        {column.cell(row)}
                        {index === shown.length - 1 && (rowIndex === hovered || rowIndex === current) ? (
                          <span className="row-actions">{rowActions?.(row)}</span>
                        ) : null}
                      </div>
                    ))
                  )}
                </div>
              )
            })}
          </div>
        </div>
      </div>
      {selectionActions === undefined || selected.size === 0 ? null : (
        <div className="selection-bar" role="toolbar" aria-label="Selected rows">
          <span>{countOf(selected.size, 'row')} selected</span>
          <div className="push" />
          {selectionActions([...selected.values()], () => setSelected(new Map()))}
        </div>
      )}
    </div>
  )
}

function rowClass(opens: boolean, isAway: boolean): string {
  return `table-row${opens ? ' opens' : ''}${isAway ? ' away' : ''}`
}
