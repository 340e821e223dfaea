/** View state that outlives a screen but not the window: filters, sort marks, scroll positions. */
import { useCallback, useState } from 'react'

const remembered = new Map<string, unknown>()

/** Like useState, but the value is there again when the screen is. `key` names it within the window. */
export function useRemembered<T>(key: string, initial: T): readonly [T, (next: T) => void] {
  const [held, setHeld] = useState<{ readonly key: string; readonly value: T }>(() => ({
    key,
    value: recall(key, initial),
  }))
  const value = held.key === key ? held.value : recall(key, initial)
  const hold = useCallback(
    (next: T) => {
      remembered.set(key, next)
      setHeld({ key, value: next })
    },
    [key],
  )
  return [value, hold]
}

/** The value remembered under `key`, or `initial`. */
export function recall<T>(key: string, initial: T): T {
  return remembered.has(key) ? (remembered.get(key) as T) : initial
}

/** Remembers a value without showing it anywhere. */
export function remember(key: string, value: unknown): void {
  remembered.set(key, value)
}
