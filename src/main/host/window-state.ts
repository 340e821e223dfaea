/** Where the window was and how it looked, remembered beside the history: no operator's data in it. */
import { z } from 'zod'

export const smallestWindow = { width: 960, height: 600 } as const

const stateSchema = z.object({
  bounds: z
    .object({
      x: z.number().int(),
      y: z.number().int(),
      width: z.number().int().min(smallestWindow.width).max(20_000),
      height: z.number().int().min(smallestWindow.height).max(20_000),
    })
    .nullable(),
  maximized: z.boolean(),
  /** The last theme and zoom, for the moment before the history is open. */
  theme: z.enum(['system', 'light', 'dark']),
  zoom: z.number().min(0.8).max(2),
})
export type WindowState = Readonly<z.infer<typeof stateSchema>>

export const initialWindowState: WindowState = { bounds: null, maximized: false, theme: 'system', zoom: 1 }

/** What was remembered in `text`, or the initial state where there is nothing usable. */
export function readWindowState(text: string | null): WindowState {
  try {
    return stateSchema.parse(JSON.parse(text ?? 'null'))
  } catch {
    return initialWindowState
  }
}

type Rectangle = Readonly<{ x: number; y: number; width: number; height: number }>

/** The remembered bounds where enough of them lies on a display that is still there, else null. */
export function usableBounds(bounds: WindowState['bounds'], workAreas: readonly Rectangle[]): WindowState['bounds'] {
  if (bounds === null) return null
  const isReachable = workAreas.some(
    (area) =>
      overlap(bounds.x, bounds.width, area.x, area.width) >= 100 &&
      bounds.y >= area.y &&
      bounds.y < area.y + area.height - 50,
  )
  return isReachable ? bounds : null
}

function overlap(start: number, length: number, otherStart: number, otherLength: number): number {
  return Math.min(start + length, otherStart + otherLength) - Math.max(start, otherStart)
}
