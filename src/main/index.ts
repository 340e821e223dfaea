/** The composition root: the one place where the rooms of the main process meet. */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { app, nativeTheme, session, shell } from 'electron'
import { changeChannel } from '../shared/channel-names.ts'
import type { Appearance } from '../shared/contract.ts'
import { systemClock, systemRandom } from './adapters/clock/clock.ts'
import { createCsvReader } from './adapters/csv/reader.ts'
import { deriveKeys, openDatabase } from './adapters/database/client.ts'
import { createHistoryFolder } from './adapters/files/history-folder.ts'
import { writeWhole } from './adapters/files/write-whole.ts'
import { systemCertificates } from './adapters/http/certificates.ts'
import { createDownloads } from './adapters/http/download.ts'
import { createHttp } from './adapters/http/http.ts'
import { createLog } from './adapters/log/log.ts'
import { createSecretStore } from './adapters/secrets/keychain.ts'
import { jwtSigner } from './adapters/signing/signer.ts'
import { createHandlers } from './core/app/all-handlers.ts'
import { createAppearance } from './core/app/appearance.ts'
import { createNotify } from './core/app/changes.ts'
import { openDesk } from './core/app/desk.ts'
import { createSandbox } from './core/app/sandbox.ts'
import { createFileTokens } from './core/files/tokens.ts'
import { createImports } from './core/import/run.ts'
import type { Database } from './core/ports.ts'
import { startEngine } from './core/send/engine.ts'
import { listAssets } from './host/assets.ts'
import { describeError } from './host/answer-call.ts'
import { watchConnectivity } from './host/connectivity.ts'
import { askForCsv, askWhereToSave, askWhereToSaveCopy, sayStartFailed } from './host/dialogs.ts'
import { externalLink, retrievedLink } from './host/external-links.ts'
import { registerCalls } from './host/ipc.ts'
import { installMenu } from './host/menu.ts'
import { builtPage, developmentPage } from './host/page.ts'
import { registerAppScheme, serveAppScheme } from './host/protocol.ts'
import { finishBeforeQuit } from './host/quit.ts'
import { createSandboxProcess } from './host/sandbox-process.ts'
import { hardenContents, hardenProcess, hardenSessions } from './host/security.ts'
import { openWindow, type MainWindow } from './host/window.ts'
import { readWindowState, type WindowState } from './host/window-state.ts'
import { vendors } from './vendors/index.ts'

const here = path.dirname(fileURLToPath(import.meta.url))
const userData = app.getPath('userData')
const title = 'Erasure Desk'
const documentationHosts = new Set(Object.values(vendors).flatMap(({ profile }) => profile.documentationHosts))

const log = createLog({ path: path.join(userData, 'logs', 'erasure-desk.log'), clock: systemClock })

hardenProcess()
registerAppScheme()
// A second start with the same user data shows the first one's window and ends.
if (app.requestSingleInstanceLock()) app.whenReady().then(start).catch(failToStart)
else app.quit()

async function start(): Promise<void> {
  const page = (app.isPackaged ? null : developmentPage(process.env['ELECTRON_RENDERER_URL'])) ?? builtPage
  hardenContents(log)
  hardenSessions(page, log)
  if (page === builtPage) serveAppScheme(await listAssets(path.join(here, '../renderer')), log)

  const stateFile = path.join(userData, 'window.json')
  let state = readWindowState(readText(stateFile))
  const remember = async (change: Partial<WindowState>) => {
    state = { ...state, ...change }
    await writeWhole(stateFile, `${JSON.stringify(state)}\n`).catch((error: unknown) =>
      log.problem('window-state-not-kept', describeError(error)),
    )
  }
  nativeTheme.themeSource = state.theme

  let window: MainWindow | null = null
  const notify = createNotify(systemClock, (change) => window?.send(changeChannel, change))
  const show = ({ theme, zoom }: Appearance) => {
    nativeTheme.themeSource = theme
    window?.setZoom(zoom)
    void remember({ theme, zoom })
  }

  // The window does not wait for the keychain, which may first ask the operator for a password.
  const working = openServices({ notify, show })
  let services: Awaited<typeof working> | null = null
  const whenWorking = (run: (services: Awaited<typeof working>) => unknown) => {
    working.then(run).catch(failToStart)
  }
  registerCalls({
    page,
    trustedContentsId: () => window?.contentsId() ?? null,
    ready: working.then(({ calls }) => calls),
    log,
  })

  const zoom = (direction: 'in' | 'out' | 'actual size') => whenWorking(({ appearance }) => appearance.zoom(direction))
  installMenu(
    {
      zoomIn: () => zoom('in'),
      zoomOut: () => zoom('out'),
      resetZoom: () => zoom('actual size'),
      goBack: () => window?.goBack(),
      goForward: () => window?.goForward(),
      openLink: (address) => void openLink(address),
      quit: () => app.quit(),
    },
    {
      isMac: process.platform === 'darwin',
      isDevelopment: !app.isPackaged,
      documentation: Object.values(vendors).map(({ profile }) => ({
        name: profile.name,
        address: profile.documentation,
      })),
    },
  )
  whenWorking((opened) => {
    services = opened
  })
  window = openWindow({
    page,
    preload: path.join(here, '../preload/index.cjs'),
    title,
    state,
    allowDeveloperTools: !app.isPackaged,
    onCloseWanted: () => app.quit(),
    onFocus: () => whenWorking(({ desk }) => desk.tryAgain()),
    onZoomWheel: zoom,
  })
  app.on('second-instance', () => window?.focus())
  finishBeforeQuit({
    onFinishing: () => window?.setTitle(`${title}: finishing the call under way`),
    finish: async () => {
      // While the keychain is still asking for a password, there is nothing to close.
      await Promise.all([services?.close(), remember(window?.place() ?? {})])
    },
    closeWindow: () => window?.destroy(),
  })
  await window.load()
  const kept = await (await working).appearance.read()
  if (kept.ok) show(kept.value)
}

/** Opens the history and puts everything that works on it together. */
async function openServices({
  notify,
  show,
}: Readonly<{ notify: ReturnType<typeof createNotify>; show: (appearance: Appearance) => void }>) {
  const clock = systemClock
  const random = systemRandom
  const signer = jwtSigner
  const secrets = createSecretStore()
  const connectivity = watchConnectivity({
    onChange: () => {
      notify('app')
      desk.engine()?.wake()
    },
    onSuspend: () => desk.engine()?.rest(true),
    onResume: () => desk.engine()?.rest(false),
  })
  const network = {
    clock,
    online: connectivity.isOnline,
    resolveProxy: async (url: string) => await session.defaultSession.resolveProxy(url),
    certificates: systemCertificates(),
  }
  const http = createHttp(network)
  let tokenKey: Uint8Array | null = null
  const desk = await openDesk({
    clock,
    notify,
    secrets,
    random,
    folder: createHistoryFolder(historyFolder()),
    openDatabase: async (place) => {
      const workerUrl = pathToFileURL(path.join(here, 'database-worker.js'))
      const opened = await openDatabase({
        workerUrl,
        folder: place?.folder ?? null,
        key: place?.key ?? null,
        now: clock.now(),
      })
      if (opened.ok && place !== null) tokenKey = deriveKeys(place.key).token
      return opened
    },
    startEngine: (database: Database) =>
      startEngine({
        database,
        http,
        secrets,
        signer,
        vendors,
        clock,
        random,
        log,
        online: connectivity.isOnline,
        onChange: notify,
      }),
  })
  const simulator = createSandboxProcess({
    script: path.join(here, 'sandbox.js'),
    log,
    onEnd: () => notify('app'),
  })
  const sandbox = createSandbox({ desk, process: simulator, secrets, vendors, clock, random, notify })
  const appearance = createAppearance({ desk, clock, notify, show })
  const reader = createCsvReader({
    workerUrl: pathToFileURL(path.join(here, 'csv-worker.js')),
    tokenKey: () => tokenKey,
  })
  const calls = createHandlers({
    desk,
    appearance,
    sandbox,
    secrets,
    signer,
    http,
    downloads: createDownloads(network),
    openRetrieved,
    askWhereToSaveCopy,
    vendors,
    clock,
    random,
    log,
    notify,
    imports: createImports({
      database: () => desk.database(),
      reader,
      vendors,
      clock,
      notify,
      log,
      writeFile: writeWhole,
    }),
    tokens: createFileTokens(random),
    askForCsv,
    askWhereToSave,
    fileNameOf: (file) => path.basename(file),
    isAbsolutePath: (file) => path.isAbsolute(file),
    version: app.getVersion(),
    electron: process.versions.electron ?? '',
    isOnline: connectivity.isOnline,
    openLink,
  })
  return {
    desk,
    appearance,
    calls,
    close: async () => {
      connectivity.stop()
      await desk.close()
      await simulator.stop()
    },
  }
}

/** Beside the app's other data, or where `--history-folder=PATH` says: two installations may share one history. */
function historyFolder(): string {
  const chosen = app.commandLine.getSwitchValue('history-folder')
  return chosen === '' ? path.join(userData, 'history') : path.resolve(chosen)
}

async function openLink(value: unknown): Promise<boolean> {
  const link = externalLink(value, documentationHosts)
  if (link === null) return false
  await shell.openExternal(link)
  return true
}

async function openRetrieved({ url }: Readonly<{ url: string }>): Promise<boolean> {
  const link = retrievedLink(url)
  if (link === null) return false
  await shell.openExternal(link)
  return true
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

function failToStart(error: unknown): void {
  log.problem('start-failed', describeError(error))
  sayStartFailed('A part of the app could not be opened. Nothing was changed. Install it again, or look at its log.')
  app.exit(1)
}
