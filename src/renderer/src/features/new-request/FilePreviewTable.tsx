import { columnRoleSchema, type ColumnRole, type FilePreview } from '../../../../shared/model/import.ts'
import { Select, VisibleText, writeVisible } from '../../ui/index.ts'
import { roleWords } from './roles.ts'

const everyOption = columnRoleSchema.options.map((role) => ({
  value: role,
  words: roleWords[role].label,
  hint: roleWords[role].description,
}))

/** The first rows as the file has them; what a column holds is chosen at its head. */
export function FilePreviewTable({
  file,
  columns,
  onRole,
}: {
  readonly file: FilePreview
  /** The roles that the vendor has. */
  readonly columns: readonly ColumnRole[]
  readonly onRole: (column: number, role: ColumnRole) => void
}) {
  const options = everyOption.filter(({ value }) => value === 'ignore' || columns.includes(value))
  return (
    // A region that scrolls has to be reachable by keyboard.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex
    <div className="preview" tabIndex={0} role="region" aria-label={`First rows of ${file.fileName}`}>
      <table className="preview-table">
        <thead>
          <tr>
            {file.columns.map((column, index) => (
              // Two columns may have one title; their place tells them apart.
              // oxlint-disable-next-line react/no-array-index-key
              <th key={index} scope="col">
                <span className="preview-title cut" title={writeVisible(column)}>
                  <VisibleText text={column} />
                </span>
                <Select
                  label={`What “${writeVisible(column)}” holds`}
                  labelHidden
                  width={164}
                  value={file.roles[index] ?? 'ignore'}
                  options={options}
                  onChange={(role) => onRole(index, role)}
                />
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {file.sample.map((cells, row) => (
            // oxlint-disable-next-line react/no-array-index-key -- the sample never changes its order
            <tr key={row}>
              {file.columns.map((_, column) => (
                // oxlint-disable-next-line react/no-array-index-key
                <td key={column} className={file.roles[column] === 'ignore' ? 'mono ignored' : 'mono'}>
                  <VisibleText text={cells[column] ?? ''} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
