/** Which identifier stands for each first row of a run; batches have ids in a row, so that few numbers say it. */
export type RowIds = Readonly<{
  /** The next `count` places have ids from `first` on. */
  add: (first: number, count: number) => void
  /** The id at a place (from 0) among those added. */
  idAt: (place: number) => number
  /** Whether the row added for this place still stands for itself. */
  isOwn: (place: number) => boolean
  /** Another identifier stands for the row at `place` from now on. */
  replace: (place: number, id: number) => void
}>

/** @example createRowIds().add(101, 5000) */
export function createRowIds(): RowIds {
  const starts: Readonly<{ place: number; first: number }>[] = []
  const replaced = new Map<number, number>()
  let places = 0

  function batchOf(place: number): Readonly<{ place: number; first: number }> {
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle]?.place ?? 0) <= place) low = middle
      else high = middle - 1
    }
    const batch = starts[low]
    if (batch === undefined || place < 0 || place >= places) throw new RangeError(`No row has the place ${place}`)
    return batch
  }

  return {
    add: (first, count) => {
      if (count === 0) return
      starts.push({ place: places, first })
      places += count
    },
    idAt: (place) => {
      const other = replaced.get(place)
      if (other !== undefined) return other
      const batch = batchOf(place)
      return batch.first + place - batch.place
    },
    isOwn: (place) => !replaced.has(place),
    replace: (place, id) => {
      replaced.set(place, id)
    },
  }
}
