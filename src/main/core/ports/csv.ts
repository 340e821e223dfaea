/** Files that are read in, and the messages between the thread that reads and the one that writes. */
import type { Failure, Result } from '../../../shared/failure.ts'
import type { ColumnRole, FileFormat, FilePreview, Finding, RejectReason } from '../../../shared/model/import.ts'

/** The beginning of a CSV file, and what tells later whether it is still the same file. */
export type FileSample = Readonly<
  Pick<FilePreview, 'fileName' | 'byteSize' | 'format' | 'columns' | 'sample'> & { modifiedAt: number }
>

/** A file that is being read in a thread of its own. */
export type CsvReading = Readonly<{
  /** The end for `Database.receiveImport`. */
  port: MessagePortLike
  /** Ends the import, also while it is being merged; the database then takes back what it merged. */
  cancel: () => void
  /** Ends the thread; called once the database has settled. */
  close: () => Promise<void>
}>

/** Reads CSV files. */
export interface CsvReader {
  /** Looks at the beginning; what `chosen` leaves open is detected. `looksLikeHeader` is asked about the first two records. */
  readonly inspect: (
    path: string,
    chosen: Partial<FileFormat>,
    looksLikeHeader: (first: readonly string[], second: readonly string[] | undefined) => boolean,
  ) => Promise<Result<FileSample>>
  /** Streams the whole file as `ImportMessage`s; fails where it is no longer the file `sample` was taken from. */
  readonly read: (
    input: Readonly<{
      path: string
      sample: FileSample
      roles: readonly ColumnRole[]
      /** Where the file is a case's. */
      reading?: CaseFileReading | undefined
    }>,
  ) => Result<CsvReading>
}

/** What one reading of a case's file must know of the others. Columns are counted from 0. */
export type CaseFileReading = Readonly<{
  /** The first one rejects what is rejected as a whole, and tells which person each record names. */
  isFirst: boolean
  /** Every column in which some reading of the file finds an identifier, its own among them. */
  identifierColumns: readonly number[]
  /** Other readings take their channel from the same column. */
  channelIsShared: boolean
  /** Null: each row is a person. */
  personKeyColumn: number | null
}>

/** A transferable port of node:worker_threads, without naming the module here. */
export type MessagePortLike = Readonly<{ postMessage: (value: unknown) => void; close: () => void }>

export type ImportProgress = Readonly<{ rows: number; share: number }>

/**
 * What the CSV worker posts to the database's thread, which answers `{ack: sequence}` (at most 2 open). A run is up to a
 * million first rows: their batches, then the run itself, then the rows that repeat one of them.
 */
export type ImportMessage =
  | FileBatch
  | FileRun
  | FileRepeats
  | FilePeople
  /** `elsewhere`: rows of a case's file that hold nothing for this reading; absent where it is no case's. */
  | Readonly<{ type: 'end'; rows: number; elsewhere?: number; findings: readonly Finding[] }>
  /** Also after `end`, where the operator cancels while the last rows are being entered. */
  | Readonly<{ type: 'failed'; failure: Failure }>

/** First rows of a run in the order of the file, and what was rejected between them. */
export type FileBatch = Readonly<{
  type: 'batch'
  sequence: number
  /** JSON of `FileRow[]`, in UTF-8: bytes change hands between threads without a copy. */
  rows: Uint8Array
  /** The rows' tokens, 16 bytes each. */
  tokens: Uint8Array
  /** Canonical scopes that no earlier batch of the run had, numbered on from 1. */
  newScopes: readonly string[]
  /** JSON of `RejectedRow[]`, in UTF-8. */
  rejects: Uint8Array
  /** Rows of the file read so far, and how much of it that is (0 to 1). */
  rowsRead: number
  share: number
}>

/** Ends a run: tokens (16 bytes each) and scope numbers of all its first rows, in their order. */
export type FileRun = Readonly<{ type: 'run'; sequence: number; tokens: Uint8Array; scopes: Uint32Array }>

/** Rows of the run just ended that repeat one of its first rows; JSON of `RepeatedRow[]`, in UTF-8. */
export type FileRepeats = Readonly<{ type: 'repeats'; sequence: number; rows: Uint8Array }>

/** Who is named by the records of a case's file, ahead of the batch that holds their rows. In the first reading alone. */
export type FilePeople = Readonly<{
  type: 'people'
  sequence: number
  /** JSON of `PersonOfLine[]`, in UTF-8. */
  people: Uint8Array
  /** The tokens of their keys, 16 bytes each; all zero where there is none. */
  tokens: Uint8Array
  /** Records that are broken, after all others: each is a row of whoever has its key, and makes nobody. */
  areBroken?: true
}>

/** line, and the key as the file gives it, cut at 512 characters; null: the row is a person of its own. */
export type PersonOfLine = readonly [number, string | null]

/** line, kind number, trimmed value, channel id or null, scope number in the run (0: the request's own), case reference or null. */
export type FileRow = readonly [number, number, string, string | null, number, string | null]

/**
 * line, trimmed value, place (from 0) among the first rows of its run of the row it repeats, that row's line, and whether
 * it is spelled otherwise (null: the reading thread cannot tell).
 */
export type RepeatedRow = readonly [number, string, number, number, boolean | null]

/** line, last line, reason, raw text cut at 500 characters. */
export type RejectedRow = readonly [number, number, RejectReason, string]
