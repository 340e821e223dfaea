/** Long work in short transactions, so that a call's journal entry never waits long for the writer. */
import { performance } from 'node:perf_hooks'
import { succeed } from '../../../shared/failure.ts'
import type { History } from './history.ts'
import { inPassingTransaction } from './sql.ts'

const sliceMilliseconds = 60
const smallestSlice = 500
const largestSlice = 20_000

/**
 * Calls `slice` with the number of rows it may touch, each time in a transaction of its own of about 60 ms, until it
 * touched fewer or `isStopped` says so. Between two slices every other command of the thread gets its turn. What it does
 * is taken back or done again at the next start where it was cut off, so no slice is synced by itself.
 */
export async function inSlices(
  history: History,
  slice: (rows: number) => number,
  isStopped: () => boolean = () => false,
): Promise<void> {
  let size = smallestSlice
  while (!isStopped()) {
    const began = performance.now()
    const done = inPassingTransaction(history.sql, () => succeed(slice(size)))
    if (!done.ok || done.value < size) return
    size = nextSize(size, performance.now() - began)
    await history.pause()
  }
}

/** Towards slices of the wanted duration, at most doubling. */
function nextSize(size: number, milliseconds: number): number {
  const wanted = Math.floor((size * sliceMilliseconds) / Math.max(1, milliseconds))
  return Math.min(largestSlice, size * 2, Math.max(smallestSlice, wanted))
}
