import type { Delimiter, Encoding, FileFormat, FilePreview } from '../../../../shared/model/import.ts'
import { useAction } from '../../api.ts'
import { FailureNotice, formatBytes, Select, Switch, type Option } from '../../ui/index.ts'
import { FilePreviewTable } from './FilePreviewTable.tsx'
import { assignRole, keepRoles } from './roles.ts'

const encodings: readonly Option<Encoding>[] = [
  { value: 'utf-8', words: 'UTF-8' },
  { value: 'utf-16le', words: 'UTF-16, little-endian' },
  { value: 'utf-16be', words: 'UTF-16, big-endian' },
  { value: 'windows-1252', words: 'Windows-1252' },
]
const delimiters: readonly Option<Delimiter>[] = [
  { value: ',', words: 'Comma' },
  { value: ';', words: 'Semicolon' },
  { value: '\t', words: 'Tab' },
  { value: '|', words: 'Bar' },
]

/** A chosen file before its import: how it is read, its first rows, and what each column holds. */
export function PendingFile({
  file,
  mistake,
  onChange,
}: {
  readonly file: FilePreview
  /** Why the roles cannot be imported; null where they can, or where nobody asked yet. */
  readonly mistake: string | null
  readonly onChange: (file: FilePreview) => void
}) {
  const inspect = useAction('inspectFile')
  const { encoding, delimiter, hasHeader } = file.format
  const read = (change: Partial<FileFormat>) =>
    inspect.mutate(
      { token: file.token, ...file.format, ...change },
      { onSuccess: (preview) => onChange(keepRoles(file, preview)) },
    )
  return (
    <>
      <div className="file-format">
        <Select
          label="Encoding"
          width={190}
          value={encoding}
          options={encodings}
          onChange={(chosen) => read({ encoding: chosen })}
        />
        <Select
          label="Separator"
          width={130}
          value={delimiter}
          options={delimiters}
          onChange={(chosen) => read({ delimiter: chosen })}
        />
        <Switch isSelected={hasHeader} onChange={(selected) => read({ hasHeader: selected })}>
          The first row names the columns
        </Switch>
        <span className="dim file-size">{formatBytes(file.byteSize)}</span>
      </div>
      {inspect.failure === null ? null : <FailureNotice failure={inspect.failure} />}
      {mistake === null ? (
        <p className="dim">
          {file.rolesFrom === 'remembered'
            ? 'The columns are read as they were for an earlier file with this very header.'
            : 'What each column holds is guessed from its title and the first rows. Check it before importing.'}
        </p>
      ) : (
        <p className="danger-text" role="alert">
          {mistake}
        </p>
      )}
      <FilePreviewTable
        file={file}
        onRole={(column, role) => onChange({ ...file, roles: assignRole(file.roles, column, role) })}
      />
    </>
  )
}
