import type { FilePreview } from '../../../shared/model/import.ts'
import { Select, VisibleText, writeVisible, type Option } from '../ui/index.ts'
import './files.css'

/** The first rows as the file has them; what a column holds is chosen at its head. */
export function FilePreviewTable<Choice extends string>({
  file,
  choices,
  options,
  ignored,
  mistakes,
  choiceWidth = 164,
  onChoose,
}: {
  readonly file: Pick<FilePreview, 'fileName' | 'columns' | 'sample'>
  /** What each column holds, in their order. */
  readonly choices: readonly Choice[]
  readonly options: readonly Option<Choice>[]
  /** The choice of a column that is not read. */
  readonly ignored: Choice
  /** What is wrong with a column, in words, by its place. */
  readonly mistakes?: ReadonlyMap<number, string>
  readonly choiceWidth?: number
  readonly onChoose: (column: number, choice: Choice) => void
}) {
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
                  width={choiceWidth}
                  value={choices[index] ?? ignored}
                  options={options}
                  error={mistakes?.get(index)}
                  onChange={(choice) => onChoose(index, choice)}
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
                <td key={column} className={(choices[column] ?? ignored) === ignored ? 'mono ignored' : 'mono'}>
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
