import { ArrowDown, ArrowUp, Check, Columns3 } from 'lucide-react'
import { Button as AriaButton, Menu, MenuItem, MenuTrigger, Popover } from 'react-aria-components'
import type { Column, SortMark } from './table-model.ts'

/** A table's sticky row of titles; a title that sorts is a button with its mark. */
export function TableHead<Row>({
  columns,
  sort,
  onSort,
}: {
  readonly columns: readonly Column<Row>[]
  readonly sort: SortMark | undefined
  readonly onSort: ((key: string) => void) | undefined
}) {
  return (
    <div role="rowgroup" className="table-head">
      <div role="row" aria-rowindex={1} className="table-row">
        {columns.map((column, index) => {
          const { sort: key } = column
          const marked = key !== undefined && sort?.key === key ? sort.direction : undefined
          const Mark = marked === 'ascending' ? ArrowUp : ArrowDown
          return (
            <div
              key={column.id}
              role="columnheader"
              aria-colindex={index + 1}
              aria-sort={marked ?? (key === undefined ? undefined : 'none')}
              className={column.align === 'end' ? 'cell end' : 'cell'}
            >
              {key === undefined || onSort === undefined ? (
                <span className="cut">{column.title}</span>
              ) : (
                <AriaButton className="sort-button" onPress={() => onSort(key)}>
                  {column.title}
                  <Mark aria-hidden className={marked === undefined ? 'icon sort-mark' : 'icon sort-mark shown'} />
                </AriaButton>
              )}
            </div>
          )
        })}
      </div>
    </div>
  )
}

/** Which columns a table shows. */
export function ColumnChooser<Row>({
  columns,
  hidden,
  onChange,
}: {
  readonly columns: readonly Column<Row>[]
  readonly hidden: readonly string[]
  readonly onChange: (hidden: readonly string[]) => void
}) {
  const optional = columns.filter((column) => column.optional === true)
  if (optional.length === 0) return null
  const shown = optional.filter((column) => !hidden.includes(column.id)).map((column) => column.id)
  return (
    <div className="column-chooser">
      <div className="column-chooser-button">
        <MenuTrigger>
          <AriaButton className="icon-button" aria-label="Columns">
            <Columns3 aria-hidden className="icon" />
          </AriaButton>
          <Popover className="popover" placement="bottom end" offset={4}>
            <Menu
              className="list-box"
              aria-label="Columns"
              selectionMode="multiple"
              selectedKeys={shown}
              onSelectionChange={(keys) => {
                const chosen = keys === 'all' ? new Set(optional.map((column) => column.id)) : keys
                onChange(optional.filter((column) => !chosen.has(column.id)).map((column) => column.id))
              }}
            >
              {optional.map((column) => (
                <MenuItem key={column.id} id={column.id} className="list-item">
                  <span>{column.title}</span>
                  <Check aria-hidden className="icon chosen-mark" />
                </MenuItem>
              ))}
            </Menu>
          </Popover>
        </MenuTrigger>
      </div>
    </div>
  )
}

/** A row that is on its way, of the right height. */
export function SkeletonCells<Row>({ columns }: { readonly columns: readonly Column<Row>[] }) {
  return columns.map((column, index) => (
    <div
      key={column.id}
      role="gridcell"
      aria-colindex={index + 1}
      className={column.align === 'end' ? 'cell end' : 'cell'}
    >
      <span className="skeleton" style={{ width: `${[62, 44, 78, 36, 54][index % 5]}%` }} />
    </div>
  ))
}
