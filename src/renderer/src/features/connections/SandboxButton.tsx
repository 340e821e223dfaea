/** The sandbox of this computer, started and stopped with one click. */
import { FlaskConical } from 'lucide-react'
import type { Failure } from '../../../../shared/failure.ts'
import { useAction, useChannel } from '../../api.ts'
import { Button, showToast } from '../../ui/index.ts'

export type Sandbox = {
  readonly isRunning: boolean
  readonly isBusy: boolean
  readonly failure: Failure | null
  readonly start: () => void
  readonly stop: () => void
}

/** The sandbox as it is, with the two things one can do with it. */
export function useSandbox(): Sandbox {
  const status = useChannel('getAppStatus', {})
  const start = useAction('startSandbox')
  const stop = useAction('stopSandbox')
  return {
    isRunning: status.data?.sandbox.running ?? false,
    isBusy: start.isPending || stop.isPending,
    failure: start.failure ?? stop.failure,
    start: () =>
      start.mutate(
        {},
        {
          onSuccess: () => showToast('The sandbox runs on this computer; nothing sent to it leaves it.'),
        },
      ),
    stop: () => stop.mutate({}),
  }
}

export function SandboxButton({ sandbox }: { readonly sandbox: Sandbox }) {
  return (
    <Button icon={FlaskConical} isPending={sandbox.isBusy} onPress={sandbox.isRunning ? sandbox.stop : sandbox.start}>
      {sandbox.isRunning ? 'Stop the sandbox' : 'Start the sandbox'}
    </Button>
  )
}
