/** The app's own scheme: `app://erasure-desk/`, standard and secure, in place of `file://`. */
import { protocol } from 'electron'
import type { Log } from '../core/ports.ts'
import { answerAsset, type Assets } from './assets.ts'
import { appScheme, builtPage } from './page.ts'

/** Must run before Electron is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: appScheme, privileges: { standard: true, secure: true } }])
}

/** Answers the scheme from `assets`. */
export function serveAppScheme(assets: Assets, log: Log): void {
  protocol.handle(appScheme, async (request) => {
    try {
      return await answerAsset(assets, builtPage, request)
    } catch {
      log.problem('asset-unreadable')
      return new Response(null, { status: 500 })
    }
  })
}
