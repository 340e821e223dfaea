/**
 * The write-ahead log as it lies on disk. Its format is SQLite's own (https://sqlite.org/fileformat2.html#walformat and
 * https://sqlite.org/walformat.html for the index beside it): a header of 32 bytes, then frames of 24 bytes and a page;
 * the pages are encrypted, the frames' heads are not.
 */
import { appendFileSync, closeSync, openSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'

const headerBytes = 32
const frameHeadBytes = 24

export type LogState = Readonly<{
  /** Changes when the log is begun anew. */
  salt: string
  /** Frames that belong to whole transactions. */
  committed: number
  /** Frames that were moved into the file, or are being moved: they were synced before. */
  moved: number
}>

/** What the index beside the log says now; it is read while others write it. */
export function readLogState(folder: string): LogState {
  const index = Buffer.alloc(136)
  const file = openSync(join(folder, 'history.db-shm'), 'r')
  try {
    readSync(file, index, 0, index.length, 0)
  } finally {
    closeSync(file)
  }
  return {
    // The index holds the salt as the log does; its numbers are in the machine's own order.
    salt: index.toString('hex', 32, 40),
    committed: index.readUInt32LE(16),
    moved: Math.max(index.readUInt32LE(96), index.readUInt32LE(128)),
  }
}

/** Notes in the file at `place` that a commit has returned, and the state of the log by then. */
export function noteCommit(folder: string, place: string): void {
  appendFileSync(place, `${JSON.stringify(readLogState(folder))}\n`)
}

/** The state of the log when the last commit returned. */
export function lastCommit(place: string): LogState {
  const last = readFileSync(place, 'utf8').trimEnd().split('\n').at(-1) ?? ''
  return JSON.parse(last) as LogState
}

export type Log = Readonly<{
  salt: string
  /** Where each frame of this log ends, in bytes; frames of an earlier log behind them are not among these. */
  frameEnds: readonly number[]
}>

/** Reads where the frames end. A log of no bytes has none. */
export function readLog(bytes: Uint8Array): Log {
  const log = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (log.length < headerBytes) return { salt: '', frameEnds: [] }
  const salt = log.toString('hex', 16, 24)
  const frameBytes = frameHeadBytes + log.readUInt32BE(8)
  const frameEnds: number[] = []
  for (let begin = headerBytes; begin + frameBytes <= log.length; begin += frameBytes) {
    if (log.toString('hex', begin + 8, begin + 16) !== salt) break
    frameEnds.push(begin + frameBytes)
  }
  return { salt, frameEnds }
}

/** A place where a power cut may end the log: after so many bytes, the rest of the frame lost or, as it was once, zeros. */
export type Cut = Readonly<{ bytes: number; zeros: number }>

/** Every end of a frame from the last one that was synced on, and two places inside each frame behind it. */
export function cutsAfter({ frameEnds }: Log, synced: number): readonly Cut[] {
  const begin = synced === 0 ? headerBytes : (frameEnds[synced - 1] ?? headerBytes)
  return [
    { bytes: begin, zeros: 0 },
    ...frameEnds.slice(synced).flatMap((end, index, ends) => {
      const from = ends[index - 1] ?? begin
      return [
        { bytes: from + frameHeadBytes, zeros: 0 },
        { bytes: from + Math.floor((end - from) / 2), zeros: Math.ceil((end - from) / 2) },
        { bytes: end, zeros: 0 },
      ]
    }),
  ]
}

/** How many frames of `log` were certainly synced, by what was known when the last durable commit had returned. */
export function syncedFrames(log: Log, known: LogState, now: LogState): number {
  const moved = now.salt === log.salt ? now.moved : 0
  return Math.min(log.frameEnds.length, Math.max(moved, known.salt === log.salt ? known.committed : 0))
}
