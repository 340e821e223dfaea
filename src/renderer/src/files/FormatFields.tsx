import type { Delimiter, Encoding, FileFormat } from '../../../shared/model/import.ts'
import { Select, Switch, type Option } from '../ui/index.ts'
import './files.css'

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

/** How a file is read. What `format` leaves open is recognised from the file. */
export function FormatFields({
  format,
  onChange,
}: {
  readonly format: Partial<FileFormat>
  readonly onChange: (change: Partial<FileFormat>) => void
}) {
  return (
    <>
      <Select
        label="Encoding"
        width={190}
        value={format.encoding ?? null}
        placeholder="Recognised"
        options={encodings}
        onChange={(encoding) => onChange({ encoding })}
      />
      <Select
        label="Separator"
        width={130}
        value={format.delimiter ?? null}
        placeholder="Recognised"
        options={delimiters}
        onChange={(delimiter) => onChange({ delimiter })}
      />
      <Switch isSelected={format.hasHeader ?? true} onChange={(hasHeader) => onChange({ hasHeader })}>
        The first row names the columns
      </Switch>
    </>
  )
}
