/** Counts how often each fault struck, so that it stops after its number of times. */
export type Strikes = {
  /** True while the fault under this key has strikes left; uses one up. */
  readonly strike: (key: string) => boolean
  readonly reset: () => void
}

export function createStrikes(times: number): Strikes {
  const struck = new Map<string, number>()
  return {
    strike: (key) => {
      const count = struck.get(key) ?? 0
      if (count >= times) return false
      struck.set(key, count + 1)
      return true
    },
    reset: () => struck.clear(),
  }
}
