/**
 * Every security setting of the running app that is not a property of the window itself (`window.ts`) or a fuse of the
 * packaged binary. Each denies; nothing here asks.
 */
import { app, session, type Session, type WebContents } from 'electron'
import type { Log } from '../core/ports.ts'
import { mayLoad, type Page } from './page.ts'

/** Before Electron is ready: every renderer is sandboxed by the operating system, whatever a window asks for. */
export function hardenProcess(): void {
  app.enableSandbox()
}

/** Once Electron is ready, before the first window. */
export function hardenSessions(page: Page, log: Log): void {
  denyEverything(session.defaultSession, page, log)
  app.on('session-created', (created) => denyEverything(created, page, log))
}

/** Before the first window: what holds for every web contents there will ever be. */
export function hardenContents(log: Log): void {
  app.on('web-contents-created', (_event, contents) => confine(contents, log))
  // The default answer of Electron as well; said here so that no other listener can say otherwise unnoticed.
  app.on('certificate-error', (event, _contents, _url, _error, _certificate, answer) => {
    event.preventDefault()
    answer(false)
  })
  app.on('select-client-certificate', (event, _contents, _url, _list, answer) => {
    event.preventDefault()
    answer()
  })
  app.on('login', (event, _contents, _details, _authentication, answer) => {
    event.preventDefault()
    answer()
  })
}

function denyEverything(target: Session, page: Page, log: Log): void {
  target.setPermissionRequestHandler((_contents, permission, answer) => {
    log.problem('permission-denied', { permission })
    answer(false)
  })
  target.setPermissionCheckHandler(() => false)
  target.setDevicePermissionHandler(() => false)
  target.setSpellCheckerEnabled(false)
  target.on('will-download', (event) => event.preventDefault())
  // The page has no network: vendors are called by the main process alone, over its own sockets.
  target.webRequest.onBeforeRequest((details, answer) => {
    const cancel = !mayLoad(page, details.url)
    if (cancel) log.problem('page-request-blocked', { type: details.resourceType })
    answer({ cancel })
  })
}

function confine(contents: WebContents, log: Log): void {
  const refuse = (what: string) => (event: { readonly preventDefault: () => void }) => {
    event.preventDefault()
    log.problem('page-confined', { what })
  }
  contents.on('will-navigate', refuse('navigation'))
  contents.on('will-frame-navigate', refuse('frame navigation'))
  contents.on('will-redirect', refuse('redirect'))
  contents.on('will-attach-webview', refuse('webview'))
  contents.setWindowOpenHandler(() => {
    log.problem('page-confined', { what: 'new window' })
    return { action: 'deny' }
  })
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
}
