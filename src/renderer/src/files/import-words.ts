/** A file and what became of its rows, in words. Pure. */
import type {
  ChosenFile,
  FileFormat,
  FilePreview,
  ImportSummary,
  UnreadableFile,
} from '../../../shared/model/import.ts'
import { countOf, formatNumber } from '../ui/format.ts'

/** True where the file has been read and shows its columns. */
export function isReadable<File extends ChosenFile>(file: File): file is Exclude<File, UnreadableFile> & FilePreview {
  return 'columns' in file
}

/** What became of rows; the first is always the sum of the others. */
export type ImportSum = Pick<ImportSummary, 'rows' | 'identifiers' | 'duplicates' | 'rejects' | 'elsewhere'>

/** Sums over every file that is in. */
export function sumImports(imports: readonly ImportSummary[]): ImportSum {
  return imports.reduce(
    (sum, entry) => ({
      rows: sum.rows + entry.rows,
      identifiers: sum.identifiers + entry.identifiers,
      duplicates: sum.duplicates + entry.duplicates,
      rejects: sum.rejects + entry.rejects,
      elsewhere: sum.elsewhere + entry.elsewhere,
    }),
    { rows: 0, identifiers: 0, duplicates: 0, rejects: 0, elsewhere: 0 },
  )
}

/** "8,214 rows = 8,000 identifiers + 171 duplicates + 43 rejects": no row goes missing, and it shows. */
export function describeSum(sum: ImportSum): string {
  const parts = [
    countOf(sum.identifiers, 'identifier'),
    countOf(sum.duplicates, 'duplicate'),
    countOf(sum.rejects, 'reject'),
    ...(sum.elsewhere === 0 ? [] : [`${formatNumber(sum.elsewhere)} with nothing here`]),
  ]
  return `${countOf(sum.rows, 'row')} = ${parts.join(' + ')}`
}

const delimiterWords = { ',': 'commas', ';': 'semicolons', '\t': 'tabs', '|': 'bars' } as const

/** How a file was read: "UTF-8, semicolons, with a header". */
export function describeFormat({ encoding, delimiter, hasHeader }: FileFormat): string {
  const named = encoding === 'windows-1252' ? 'Windows-1252' : encoding.toUpperCase()
  return `${named}, ${delimiterWords[delimiter]}, ${hasHeader ? 'with a header' : 'no header'}`
}
