/** The channels about the app itself. */
import type { AppStatus } from '../../../shared/contract.ts'
import { fail, succeed } from '../../../shared/failure.ts'
import type { ImportUseCases } from '../files/handlers.ts'
import type { AppearanceUseCases } from './appearance.ts'
import type { Desk } from './desk.ts'
import type { Guards } from './guards.ts'
import type { HandlersOf } from './handlers.ts'
import type { SandboxUseCases } from './sandbox.ts'

export type AppServices = Readonly<{
  desk: Desk
  guards: Guards
  appearance: AppearanceUseCases
  imports: Pick<ImportUseCases, 'trouble'>
  sandbox: SandboxUseCases
  version: string
  electron: string
  isOnline: () => boolean
  /** Opens an address in the browser; false where it is not one of the few the app may open. */
  openLink: (url: string) => Promise<boolean>
}>

type AppChannel =
  'getAppStatus' | 'getAppearance' | 'setAppearance' | 'openExternalLink' | 'startSandbox' | 'stopSandbox'

export function createAppHandlers(services: AppServices): HandlersOf<AppChannel> {
  const { desk, guards, appearance, imports, sandbox } = services
  return {
    getAppStatus: async () => {
      await desk.tryAgain()
      const { failure, keychainFailure } = desk.history()
      return succeed({
        version: services.version,
        electron: services.electron,
        history: { kind: failure === null ? ('encrypted' as const) : ('memory' as const), failure },
        keychain: { usable: keychainFailure === null, failure: keychainFailure },
        sender: senderOf(desk),
        importTrouble: imports.trouble(),
        sandbox: sandbox.status(),
        online: services.isOnline(),
      })
    },
    getAppearance: async () => await appearance.read(),
    setAppearance: async (input) => await appearance.change(input),
    openExternalLink: async ({ url }) =>
      (await services.openLink(url))
        ? succeed({})
        : fail('not-allowed', 'This link does not lead to the documentation of a vendor.', {
            kept: 'Nothing was opened.',
          }),
    startSandbox: guards.saved(async () => await sandbox.start()),
    stopSandbox: async () => await sandbox.stop(),
  }
}

function senderOf(desk: Desk): AppStatus['sender'] {
  if (desk.isClosing()) return { sends: false, reason: 'The call under way is being finished; then the window closes.' }
  const engine = desk.engine()
  if (engine === null) return { sends: false, reason: 'Nothing is sent while nothing can be saved.' }
  const { sends, reason } = engine.status()
  return { sends, reason }
}
