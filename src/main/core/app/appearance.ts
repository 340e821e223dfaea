/** Theme and zoom: kept in the history, shown at once. */
import { appearanceSchema, type Appearance } from '../../../shared/contract.ts'
import { succeed, type Result } from '../../../shared/failure.ts'
import type { Clock } from '../ports.ts'
import type { Notify } from './changes.ts'
import type { Desk } from './desk.ts'

/** The setting of the history that holds the appearance, as JSON. */
const appearanceSetting = 'appearance'

const zoomSteps = [0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2] as const

/** The next zoom in a direction; the same at either end. Zooms between two steps go to the nearest in that direction. */
export function nextZoom(zoom: number, direction: 'in' | 'out'): number {
  const next =
    direction === 'in'
      ? zoomSteps.find((step) => step > zoom + 0.001)
      : zoomSteps.findLast((step) => step < zoom - 0.001)
  return next ?? zoom
}

export type AppearanceUseCases = Readonly<{
  read: () => Promise<Result<Appearance>>
  change: (appearance: Appearance) => Promise<Result<Appearance>>
  /** Changes the zoom by one step, or back to actual size. */
  zoom: (direction: 'in' | 'out' | 'actual size') => Promise<Result<Appearance>>
}>

/** `show` puts an appearance on the screen. */
export function createAppearance(
  ports: Readonly<{ desk: Desk; clock: Clock; notify: Notify; show: (appearance: Appearance) => void }>,
): AppearanceUseCases {
  const { desk, clock, notify, show } = ports

  const read = async () => await desk.database().read('getAppearance', {}, clock.now())

  const change = async (appearance: Appearance): Promise<Result<Appearance>> => {
    const value = appearanceSchema.parse(appearance)
    const written = await desk.database().writeSetting(appearanceSetting, JSON.stringify(value))
    if (!written.ok) return written
    show(value)
    notify('appearance')
    return succeed(value)
  }

  const zoom = async (direction: 'in' | 'out' | 'actual size') => {
    const current = await read()
    if (!current.ok) return current
    const next = direction === 'actual size' ? 1 : nextZoom(current.value.zoom, direction)
    return await change({ ...current.value, zoom: next })
  }

  return { read, change, zoom }
}
