/** Lets a few calls through at once, the newest first: a dragged scrollbar must not queue a thousand old pages. */

type Waiting = { readonly start: () => void; readonly signal: AbortSignal }

/** Makes a gate for at most `limit` calls at once. What is aborted while it waits never starts. */
export function createTurns(limit: number): <T>(signal: AbortSignal, work: () => Promise<T>) => Promise<T> {
  let running = 0
  let waiting: readonly Waiting[] = []

  function next(): void {
    waiting = waiting.filter(({ signal }) => !signal.aborted)
    const newest = waiting.at(-1)
    if (newest === undefined || running >= limit) return
    waiting = waiting.slice(0, -1)
    newest.start()
  }

  return async function takeTurn<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    if (running >= limit) {
      await new Promise<void>((resolve, reject) => {
        waiting = [...waiting, { start: resolve, signal }]
        signal.addEventListener('abort', () => reject(new DOMException('Not wanted any more', 'AbortError')))
      })
    }
    running += 1
    try {
      return await work()
    } finally {
      running -= 1
      next()
    }
  }
}
