/** Streams one CSV file into batches and runs of rows; memory is bounded by a piece of the file, two batches and a run. */
import { open, stat, type FileHandle } from 'node:fs/promises'
import { succeed, type Result } from '../../../shared/failure.ts'
import { kindNumbers, type IdentifierValue } from '../../../shared/model/identifier.ts'
import type { Finding, RejectReason } from '../../../shared/model/import.ts'
import type {
  FileBatch,
  FilePeople,
  FileRepeats,
  FileRow,
  FileRun,
  FileSample,
  ImportMessage,
  RejectedRow,
  RepeatedRow,
} from '../../core/ports.ts'
import { createDecoder } from './decode.ts'
import {
  failureOfFile,
  fileChanged,
  fileEmpty,
  hasNul,
  headerOnly,
  otherColumns,
  quoteNotClosed,
  wrongEncoding,
} from './failures.ts'
import { createCsvParser, type CsvParser, type CsvRecord } from './parser.ts'
import { createPeopleGatherer } from './people.ts'
import { createRun, usualRun, type RunLimits } from './run.ts'
import type { TokenWriter } from './token.ts'

const pieceBytes = 131_072
const batchRows = 10_000
const repeatsPerMessage = 2000
/** Each costs the history a row and two entries of an index. */
const peoplePerMessage = 4000
const brokenAtOnce = 500
const openMessages = 4

/** The row rules of the core, as this folder needs them. `elsewhere`: a row that holds nothing for this reading. */
type Row =
  Readonly<IdentifierValue & { scope: string | null; caseReference: string | null }> | RejectReason | 'elsewhere'
type Findings = Readonly<{
  look: (kind: IdentifierValue['kind'], value: string, channelId: string | null, line: number) => void
  findings: () => readonly Finding[]
}>

type Numbered = FileBatch | FileRun | FileRepeats | FilePeople
type Unnumbered<T> = T extends Numbered ? Omit<T, 'sequence'> : never

export type Channel = Readonly<{
  /** Numbers the message; the buffers of `transfer` are gone from this thread afterwards. */
  post: (message: Unnumbered<Numbered>, transfer: readonly ArrayBuffer[]) => void
  /** Settles when fewer than two messages are unanswered, or nobody waits for them any more. */
  room: () => Promise<void>
  acknowledge: (sequence: number) => void
  giveUp: () => void
}>

/** Numbers what is posted and holds it back while the database has two messages still to answer. */
export function createChannel(post: (message: ImportMessage, transfer: readonly ArrayBuffer[]) => void): Channel {
  let posted = 0
  let answered = 0
  let isGivenUp = false
  let goOn: (() => void) | null = null
  const wake = (): void => {
    goOn?.()
    goOn = null
  }
  return {
    post: (message, transfer) => {
      posted += 1
      post({ ...message, sequence: posted }, transfer)
    },
    room: async () => {
      while (posted - answered >= openMessages && !isGivenUp) {
        await new Promise<void>((resolve) => {
          goOn = resolve
        })
      }
    },
    acknowledge: (sequence) => {
      answered = sequence
      wake()
    },
    giveUp: () => {
      isGivenUp = true
      wake()
    },
  }
}

export type ReadFileInput = Readonly<{
  path: string
  sample: FileSample
  roles: readonly unknown[]
  channel: Channel
  readRow: (record: CsvRecord) => Row
  /** The key of the person that a record names; empty: the record is one by itself; null: it names nobody. */
  personKeyOf?: (record: CsvRecord, row: Row) => string | null
  /** The key in a broken record that may hold ids of that person all the same; empty: there is none. */
  brokenKeyOf?: (record: CsvRecord, row: Row) => string
  writeToken: TokenWriter
  /** `usualRun` unless told. */
  runLimits?: RunLimits
  findings: Findings
  isCancelled: () => boolean
}>

type ReadOutcome = Result<Readonly<{ rows: number; elsewhere?: number; findings: readonly Finding[] }>>

/**
 * Reads the file to its end. Fails, with words, where it is not the file of the sample, changes or vanishes meanwhile, is
 * no text, or ends inside a quote. A cancelled reading ends early with what it has; nobody looks at it then.
 */
export async function readFile(input: ReadFileInput): Promise<ReadOutcome> {
  let file: FileHandle | null = null
  try {
    file = await open(input.path, 'r')
    return await readOpenFile(file, input)
  } catch (error) {
    return failureOfFile(error)
  } finally {
    await file?.close()
  }
}

async function readOpenFile(file: FileHandle, input: ReadFileInput): Promise<ReadOutcome> {
  const before = await file.stat()
  if (before.size !== input.sample.byteSize || before.mtimeMs !== input.sample.modifiedAt) return fileChanged()
  const { encoding, delimiter, hasHeader } = input.sample.format
  const decoder = createDecoder(encoding)
  const parser = createCsvParser(delimiter)
  const rows = createRowTaker(input, hasHeader)
  const piece = Buffer.allocUnsafe(pieceBytes)
  let position = 0
  while (!input.isCancelled()) {
    const { bytesRead } = await file.read(piece, 0, pieceBytes, position)
    position += bytesRead
    const text = decode(() => (bytesRead === 0 ? decoder.end() : decoder.write(piece.subarray(0, bytesRead))))
    if (text === null) return wrongEncoding(encoding, parser.line())
    const nul = text.indexOf('\0')
    if (nul !== -1) return nulFailure(parser, text.slice(0, nul))
    await rows.take(parser.feed(text), Math.min(1, position / Math.max(1, before.size)))
    if (rows.columnsFound() !== null) return otherColumns(input.roles.length, rows.columnsFound() ?? 0)
    if (bytesRead === 0) break
  }
  const end = parser.end()
  if (end.openQuoteLine !== null) return quoteNotClosed(end.openQuoteLine)
  await rows.take(end.records, 1)
  if (rows.columnsFound() !== null) return otherColumns(input.roles.length, rows.columnsFound() ?? 0)
  if (rows.records() === 0) return fileEmpty()
  if (rows.count() === 0) return headerOnly()
  await rows.end()
  if (!input.isCancelled() && (await hasChanged(file, input.path, before))) return fileChanged()
  const elsewhere = rows.elsewhere()
  const findings = input.findings.findings()
  return succeed({ rows: rows.count(), ...(elsewhere === 0 ? {} : { elsewhere }), findings })
}

function decode(step: () => string): string | null {
  try {
    return step()
  } catch {
    return null
  }
}

function nulFailure(parser: CsvParser, textBefore: string): ReadOutcome {
  parser.feed(textBefore)
  return hasNul(parser.line())
}

type FileFacts = Readonly<{ size: number; mtimeMs: number; ino: number; dev: number }>

/** Written to, cut, replaced by another file of the same name, or removed, since `before` was taken. */
async function hasChanged(file: FileHandle, path: string, before: FileFacts): Promise<boolean> {
  const same = (facts: FileFacts): boolean =>
    facts.size === before.size &&
    facts.mtimeMs === before.mtimeMs &&
    facts.ino === before.ino &&
    facts.dev === before.dev
  return !same(await file.stat()) || !same(await stat(path))
}

/** No more than a file of this size can fill: a row has two bytes at least, the last one perhaps no line end. */
function fitting({ rows, repeats }: RunLimits, byteSize: number): RunLimits {
  return { rows: Math.min(rows, Math.ceil(byteSize / 2) + 1), repeats }
}

const encoder = new TextEncoder()

function jsonBytes(rows: readonly unknown[]): Uint8Array<ArrayBuffer> {
  return encoder.encode(JSON.stringify(rows))
}

/** Turns records into rows and posts every full batch and run. */
function createRowTaker(input: ReadFileInput, hasHeader: boolean) {
  const { channel, writeToken } = input
  const runLimits = fitting(input.runLimits ?? usualRun, input.sample.byteSize)
  let run = createRun(writeToken, runLimits)
  let batch: FileRow[] = []
  let rejected: RejectedRow[] = []
  let repeated: RepeatedRow[] = []
  /** As text, since the value of a row is a piece of the file's text and would keep all of that in memory. */
  let repeatedBefore: Uint8Array<ArrayBuffer>[] = []
  const people = input.personKeyOf === undefined ? null : createPeopleGatherer(writeToken, peoplePerMessage)
  const broken = createPeopleGatherer(writeToken, brokenAtOnce)
  /** Kept to the end of the file, which may name their people later. */
  const brokenBefore: ReturnType<typeof broken.take>[] = []
  let records = 0
  let count = 0
  let elsewhere = 0
  let columnsFound: number | null = null
  let isHeaderDue = hasHeader

  function takeOne(record: CsvRecord): void {
    records += 1
    if (isHeaderDue) {
      // Blank lines above the header are rows like any other, and rejects.
      if (record.raw.trim() !== '') {
        isHeaderDue = false
        if (record.cells.length !== input.roles.length) columnsFound = record.cells.length
        return
      }
    }
    count += 1
    const row = input.readRow(record)
    const key = input.personKeyOf?.(record, row) ?? null
    if (key !== null) people?.add(record.line, key)
    const brokenKey = input.brokenKeyOf?.(record, row) ?? ''
    if (brokenKey !== '') broken.add(record.line, brokenKey)
    if (broken.size() === brokenAtOnce) brokenBefore.push(broken.take())
    if (row === 'elsewhere') {
      elsewhere += 1
      return
    }
    if (typeof row === 'string') {
      rejected.push([record.line, record.endLine, row, record.raw])
      return
    }
    input.findings.look(row.kind, row.value, row.channelId, record.line)
    const { number, repeats } = run.take(row, row.scope, record.line)
    if (repeats === null) {
      batch.push([record.line, kindNumbers[row.kind], row.value, row.channelId, number, row.caseReference])
    } else {
      repeated.push([record.line, row.value, repeats.place, repeats.line, repeats.isOtherSpelling])
      if (repeated.length === repeatsPerMessage) putRepeatsAside()
    }
  }

  function putRepeatsAside(): void {
    if (repeated.length === 0) return
    repeatedBefore.push(jsonBytes(repeated))
    repeated = []
  }

  function isBatchFull(): boolean {
    return batch.length + rejected.length >= batchRows || (people?.size() ?? 0) >= peoplePerMessage
  }

  /** Ahead of the batch, whose rows are then theirs. */
  async function postPeople(): Promise<void> {
    if (people === null || people.size() === 0) return
    await channel.room()
    const gathered = people.take()
    channel.post({ type: 'people', ...gathered }, [gathered.people.buffer, gathered.tokens.buffer])
  }

  async function postBroken(): Promise<void> {
    if (broken.size() > 0) brokenBefore.push(broken.take())
    for (const { people: rows, tokens } of brokenBefore) {
      await channel.room()
      channel.post({ type: 'people', people: rows, tokens, areBroken: true }, [rows.buffer, tokens.buffer])
    }
  }

  async function postBatch(share: number): Promise<void> {
    await postPeople()
    if (batch.length === 0 && rejected.length === 0) return
    await channel.room()
    const tokens = run.tokensFrom(run.size() - batch.length)
    const rows = jsonBytes(batch)
    const rejects = jsonBytes(rejected)
    channel.post({ type: 'batch', rows, tokens, newScopes: run.newScopes(), rejects, rowsRead: count, share }, [
      rows.buffer,
      tokens.buffer,
      rejects.buffer,
    ])
    batch = []
    rejected = []
  }

  async function endRun(share: number): Promise<void> {
    await postBatch(share)
    await channel.room()
    const { tokens, scopes } = run.whole()
    channel.post({ type: 'run', tokens, scopes }, [tokens.buffer, scopes.buffer])
    putRepeatsAside()
    for (const rows of repeatedBefore) {
      await channel.room()
      channel.post({ type: 'repeats', rows }, [rows.buffer])
    }
    repeatedBefore = []
    run = createRun(writeToken, runLimits)
  }

  return {
    take: async (fresh: readonly CsvRecord[], share: number): Promise<void> => {
      for (const record of fresh) {
        takeOne(record)
        if (columnsFound !== null || input.isCancelled()) return
        if (run.isFull()) await endRun(share)
        else if (isBatchFull()) await postBatch(share)
      }
    },
    end: async (): Promise<void> => {
      await endRun(1)
      await postBroken()
    },
    records: () => records,
    count: () => count,
    elsewhere: () => elsewhere,
    /** The number of the header's columns where it is not the expected one. */
    columnsFound: () => columnsFound,
  }
}
