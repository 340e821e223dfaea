import {
  columnRoleSchema,
  type ColumnRole,
  type FileFormat,
  type FilePreview,
} from '../../../../shared/model/import.ts'
import { useAction } from '../../api.ts'
import { FailureNotice, formatBytes } from '../../ui/index.ts'
import { FilePreviewTable } from '../../files/FilePreviewTable.tsx'
import { FormatFields } from '../../files/FormatFields.tsx'
import { assignRole, keepRoles, roleWords } from './roles.ts'

const everyOption = columnRoleSchema.options.map((role) => ({
  value: role,
  words: roleWords[role].label,
  hint: roleWords[role].description,
}))

/** A chosen file before its import: how it is read, its first rows, and what each column holds. */
export function PreviewPart<File extends FilePreview>({
  file,
  columns,
  mistake,
  onChange,
}: {
  readonly file: File
  /** The roles that the vendor has. */
  readonly columns: readonly ColumnRole[]
  /** Why the roles cannot be imported; null where they can, or where nobody asked yet. */
  readonly mistake: string | null
  readonly onChange: (file: File) => void
}) {
  const inspect = useAction('inspectFile')
  const read = (change: Partial<FileFormat>) =>
    inspect.mutate(
      { token: file.token, ...file.format, ...change },
      { onSuccess: (preview) => onChange({ ...file, ...keepRoles(file, preview) }) },
    )
  return (
    <>
      <div className="file-format">
        <FormatFields format={file.format} onChange={read} />
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
        choices={file.roles}
        options={everyOption.filter(({ value }) => value === 'ignore' || columns.includes(value))}
        ignored="ignore"
        onChoose={(column, role) => onChange({ ...file, roles: assignRole(file.roles, column, role) })}
      />
    </>
  )
}
