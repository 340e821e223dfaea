/** The present moment for relative times: one timer for the whole window. */
import { useSyncExternalStore } from 'react'

const stepMilliseconds = 5000
const listeners = new Set<() => void>()
let current = Date.now()
let timer: number | null = null

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  if (timer === null) {
    current = Date.now()
    timer = window.setInterval(() => {
      current = Date.now()
      for (const notify of listeners) notify()
    }, stepMilliseconds)
  }
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0 && timer !== null) {
      window.clearInterval(timer)
      timer = null
    }
  }
}

/** Milliseconds since 1970, moved on every five seconds while anything on screen uses it. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => current)
}
