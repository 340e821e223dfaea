/** Whether the machine has a network at all, and when it goes to sleep and wakes up. */
import { net, powerMonitor } from 'electron'

export type Connectivity = Readonly<{ isOnline: () => boolean; stop: () => void }>

const lookMilliseconds = 5_000

/** Electron tells the main process nothing when the network comes or goes, so it is looked at every 5 seconds. */
export function watchConnectivity(
  listeners: Readonly<{ onChange: () => void; onSuspend: () => void; onResume: () => void }>,
): Connectivity {
  let online = net.isOnline()
  const look = () => {
    if (net.isOnline() === online) return
    online = !online
    listeners.onChange()
  }
  const timer = setInterval(look, lookMilliseconds)
  const resume = () => {
    look()
    listeners.onResume()
  }
  powerMonitor.on('suspend', listeners.onSuspend)
  powerMonitor.on('resume', resume)
  return {
    isOnline: () => online,
    stop: () => {
      clearInterval(timer)
      powerMonitor.off('suspend', listeners.onSuspend)
      powerMonitor.off('resume', resume)
    },
  }
}
