/**
 * Lists that are taller than an element can be. Chromium lays out in 1/64 of a device pixel and ends at about 33.5
 * million of them, which a million rows pass; what lies beyond could never be scrolled to. So the element stays below
 * that, and the list's offsets are drawn together between its two ends. Scrolling by steps ignores the scale: the list
 * moves by exactly as much as the element does, and the element is brought back to its proportional place at rest.
 * Pure; all lengths in CSS pixels.
 */

/** Reached by no device pixel ratio up to 6: a zoom of 200 % on a display of three device pixels a pixel. */
export const tallestElement = 5_000_000
/** Next to both ends the element moves like the list, so that no end is reached before the other. */
const longestExactEnd = 20_000

export type ScrollSpace = Readonly<{
  /** Height of the whole list, its head included. */
  list: number
  /** Height of the element that stands for it: the same where that is possible. */
  element: number
}>

/** The scroll position of the element, and what is added to it for the offset in the list. */
export type ScrollPlace = Readonly<{ top: number; shift: number }>

/** The space of a list of this height; `tallest` is the height that the element may reach. */
export function scrollSpaceOf(list: number, tallest = tallestElement): ScrollSpace {
  return { list, element: Math.min(list, tallest) }
}

/** True where the element is not as tall as the list. */
export function isScaled(space: ScrollSpace): boolean {
  return space.list > space.element
}

/** The offset in the list that a scroll position stands for: the same below the limit, else in proportion. */
export function offsetOfTop(space: ScrollSpace, top: number): number {
  return between(top, space.element, space.list, exactEnd(space))
}

/** The other way round: the scroll position that stands for an offset in the list. */
export function topOfOffset(space: ScrollSpace, offset: number): number {
  return between(offset, space.list, space.element, exactEnd(space))
}

/** The place at which the list stands at `offset`, its element in proportion. The shift is a whole number of pixels. */
export function placeAt(space: ScrollSpace, offset: number): ScrollPlace {
  const shift = Math.round(offset - topOfOffset(space, offset))
  return { top: offset - shift, shift }
}

/**
 * The place after the element has scrolled to `top`. A step (wheel, key, touch) moves the list by exactly as much; a
 * jump (the dragged thumb) moves it in proportion. A step that has led the element too far from its proportion gives a
 * place with another `top`: the element is to be scrolled there, and nothing that is seen moves.
 */
export function placeAfter(space: ScrollSpace, before: ScrollPlace, top: number, isStep: boolean): ScrollPlace {
  if (!isStep) {
    const offset = offsetOfTop(space, top)
    return { top, shift: Math.round(offset - top) }
  }
  const stepped = { top, shift: before.shift }
  const proportional = placeAt(space, offsetOf(stepped))
  const end = exactEnd(space)
  // Next to its ends the element must not run ahead: it would stand at its end with rows of the list still beyond.
  const tolerated = top < end || top > space.element - end ? 0.5 : end / 2
  return Math.abs(proportional.top - top) > tolerated ? proportional : stepped
}

/** The offset in the list at a place. */
export function offsetOf({ top, shift }: ScrollPlace): number {
  return top + shift
}

/** The rows that show between the head and the lower edge of what is seen, `height` high; none: `last` is before `first`. */
export function rowsInSight(
  offset: number,
  height: number,
  headHeight: number,
  rowHeight: number,
  total: number,
): Readonly<{ first: number; last: number }> {
  const clamp = (index: number) => Math.max(0, Math.min(index, total - 1))
  const first = clamp(Math.floor(offset / rowHeight))
  if (total === 0) return { first, last: -1 }
  return { first, last: Math.max(first, clamp(Math.ceil((offset + height - headHeight) / rowHeight) - 1)) }
}

/** The offset nearest to `offset` at which the row is in sight as a whole. */
export function offsetShowing(
  index: number,
  offset: number,
  height: number,
  headHeight: number,
  rowHeight: number,
): number {
  const highest = index * rowHeight
  const lowest = highest + headHeight + rowHeight - height
  return Math.min(Math.max(offset, lowest), Math.max(highest, lowest))
}

function exactEnd({ element }: ScrollSpace): number {
  return Math.min(longestExactEnd, element / 4)
}

/** Maps 0 … `from` to 0 … `to`: one to one next to both ends, evenly between them. */
function between(value: number, from: number, to: number, end: number): number {
  if (value <= end || from === to) return value
  if (value >= from - end) return value + to - from
  return end + ((value - end) * (to - 2 * end)) / (from - 2 * end)
}
