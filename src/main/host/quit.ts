/** Closing without cutting anything off: the call under way is awaited, the window stays and says so. */
import { app } from 'electron'

/**
 * Holds back the first wish to quit until `finish` has settled. `onFinishing` is called once, when closing has begun.
 */
export function finishBeforeQuit(
  actions: Readonly<{ onFinishing: () => void; finish: () => Promise<void>; closeWindow: () => void }>,
): void {
  let state: 'open' | 'finishing' | 'finished' = 'open'
  const finish = async () => {
    try {
      await actions.finish()
    } finally {
      state = 'finished'
      actions.closeWindow()
      app.quit()
    }
  }
  app.on('before-quit', (event) => {
    if (state === 'finished') return
    event.preventDefault()
    if (state === 'finishing') return
    state = 'finishing'
    actions.onFinishing()
    void finish()
  })
  app.on('window-all-closed', () => app.quit())
}
