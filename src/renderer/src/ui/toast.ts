/** What the window tells in passing: one line at the bottom, and a line for screen readers alone. */
import { useSyncExternalStore } from 'react'

export type Toast = Readonly<{
  id: number
  words: string
  /** The address at which it was shown; it goes with that screen. */
  place: string
  /** A way back, such as Undo or Show. */
  action?: Readonly<{ words: string; run: () => void }>
}>

type Told = Readonly<{ toast: Toast | null; announcement: string }>

let told: Told = { toast: null, announcement: '' }
let lastId = 0
const listeners = new Set<() => void>()

function tell(next: Told): void {
  told = next
  for (const notify of listeners) notify()
}

/**
 * Shows one line until it is dismissed or replaced, its screen is left, or eight seconds are over where it has no action.
 * What is to be told on another screen is shown once that one has been opened.
 */
export function showToast(words: string, action?: Toast['action']): void {
  lastId += 1
  tell({
    announcement: words,
    toast: { id: lastId, words, place: placeNow(), ...(action === undefined ? {} : { action }) },
  })
}

/** The address of the screen now, as the router has it. */
function placeNow(): string {
  return `/${window.location.hash.replace(/^#?\/?/, '')}`
}

/** Takes the line away; with an id only where it is still that one. */
export function dismissToast(id?: number): void {
  if (id === undefined || told.toast?.id === id) tell({ ...told, toast: null })
}

/** Says something to a screen reader alone, politely. */
export function announce(words: string): void {
  tell({ ...told, announcement: words })
}

/** What is told now, for the one place that shows it. */
export function useTold(): Told {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => told,
  )
}
