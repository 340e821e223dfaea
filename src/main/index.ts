/** The composition root: the one place where the rooms are wired together. */
import { app, BrowserWindow, nativeTheme, session, shell } from 'electron'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { changeChannel } from '../shared/channel-names.ts'
import type { Appearance } from '../shared/contract.ts'
import { createCsvReader } from './adapters/csv/reader.ts'
import { systemClock, systemRandom } from './adapters/clock/clock.ts'
import { deriveKeys, openDatabase } from './adapters/database/client.ts'
import { createHistoryFolder } from './adapters/files/history-folder.ts'
import { writeWhole } from './adapters/files/write-whole.ts'
import { systemCertificates } from './adapters/http/certificates.ts'
import { createHttp } from './adapters/http/http.ts'
import { createLog } from './adapters/log/log.ts'
import { createSecretStore } from './adapters/secrets/keychain.ts'
import { jwtSigner } from './adapters/signing/signer.ts'
import { createAppearance } from './core/app/appearance.ts'
import { createAppHandlers } from './core/app/app-handlers.ts'
import { createNotify } from './core/app/changes.ts'
import { createConnectionHandlers } from './core/app/connection-handlers.ts'
import { openDesk } from './core/app/desk.ts'
import { createGuards } from './core/app/guards.ts'
import { createSandbox } from './core/app/sandbox.ts'
import { saveConnection } from './core/connections/save.ts'
import { testConnection } from './core/connections/test.ts'
import { createFileHandlers } from './core/files/handlers.ts'
import { createFileTokens } from './core/files/tokens.ts'
import { createImports } from './core/import/run.ts'
import { dryRun } from './core/plan/dry-run.ts'
import { planRequest } from './core/plan/plan.ts'
import { createRequestHandlers } from './core/requests/handlers.ts'
import { startEngine } from './core/send/engine.ts'
import type { Database, PlanBasis } from './core/ports.ts'
import { listAssets } from './host/assets.ts'
import { watchConnectivity } from './host/connectivity.ts'
import { askForCsv, askWhereToSave, sayStartFailed } from './host/dialogs.ts'
import { externalLink } from './host/external-links.ts'
import { registerCalls } from './host/ipc.ts'
import { installMenu } from './host/menu.ts'
import { builtPage, developmentPage } from './host/page.ts'
import { registerAppScheme, serveAppScheme } from './host/protocol.ts'
import { finishBeforeQuit } from './host/quit.ts'
import { createSandboxProcess } from './host/sandbox-process.ts'
import { hardenContents, hardenProcess, hardenSessions } from './host/security.ts'
import { readWindowState, type WindowState } from './host/window-state.ts'
import { openWindow, type MainWindow } from './host/window.ts'
import { vendors } from './vendors/index.ts'

const guideLink = 'https://docs.kore.ai/'
const title = 'Erasure Desk'
const here = path.dirname(fileURLToPath(import.meta.url))
const beside = (file: string) => new URL(file, import.meta.url)

hardenProcess()
registerAppScheme()

if (app.requestSingleInstanceLock()) {
  app.whenReady().then(run).catch(failToStart)
} else {
  app.quit()
}

async function run(): Promise<void> {
  const clock = systemClock
  const random = systemRandom
  const userData = app.getPath('userData')
  const log = createLog({ path: path.join(userData, 'logs', 'erasure-desk.log'), clock })
  const page = developmentPage(app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL']) ?? builtPage
  hardenSessions(page, log)
  hardenContents(log)
  serveAppScheme(await listAssets(path.join(here, '../renderer')), log)

  const stateFile = path.join(userData, 'window.json')
  let state: WindowState = readWindowState(readIfThere(stateFile))
  const remember = (changed: Partial<WindowState>) => {
    state = { ...state, ...changed }
    writeWhole(stateFile, JSON.stringify(state)).catch(() => log.problem('window-state-not-saved'))
  }
  nativeTheme.themeSource = state.theme

  let window: MainWindow | null = null
  const notify = createNotify(clock, (change) => window?.send(changeChannel, change))
  const secrets = createSecretStore()

  const connectivity = watchConnectivity({
    onChange: () => {
      notify('app')
      wake()
    },
    onResume: () => wake(),
  })
  const http = createHttp({
    clock,
    online: connectivity.isOnline,
    resolveProxy: async (url) => await session.defaultSession.resolveProxy(url),
    certificates: systemCertificates(),
  })

  let tokenKey: Uint8Array | null = null
  let engine: ReturnType<typeof startEngine> | null = null
  const desk = await openDesk({
    secrets,
    random,
    clock,
    notify,
    folder: createHistoryFolder(historyFolder(userData)),
    openDatabase: async (place) => {
      const opened = await openDatabase({
        workerUrl: beside('./database-worker.js'),
        folder: place?.folder ?? null,
        key: place?.key ?? null,
        now: clock.now(),
      })
      if (opened.ok) tokenKey = place === null ? null : deriveKeys(place.key).token
      return opened
    },
    startEngine: (database: Database) => {
      engine = startEngine({
        database,
        http,
        secrets,
        signer: jwtSigner,
        vendors,
        clock,
        random,
        log,
        online: connectivity.isOnline,
        onChange: notify,
      })
      return engine
    },
  })
  const wake = () => desk.engine()?.wake()

  const guards = createGuards(desk)
  const show = (appearance: Appearance) => {
    nativeTheme.themeSource = appearance.theme
    window?.setZoom(appearance.zoom)
    remember({ theme: appearance.theme, zoom: appearance.zoom })
  }
  const appearance = createAppearance({ desk, clock, notify, show })
  const sandboxProcess = createSandboxProcess({
    script: fileURLToPath(beside('./sandbox.js')),
    log,
    onEnd: () => notify('app'),
  })
  const sandbox = createSandbox({
    desk,
    process: sandboxProcess,
    secrets,
    vendor: vendors.kore,
    clock,
    random,
    notify,
  })
  const { database } = desk
  const planPorts = { database, clock, vendorOf: (basis: PlanBasis) => vendors[basis.connection.vendor] }
  const callPorts = { database, http, secrets, signer: jwtSigner, vendors, clock, random }
  const files = createFileHandlers({
    desk,
    guards,
    imports: createImports({
      database,
      reader: createCsvReader({ workerUrl: beside('./csv-worker.js'), tokenKey: () => tokenKey }),
      clock,
      notify,
      log,
      writeFile: writeWhole,
    }),
    tokens: createFileTokens(random),
    askForCsv,
    askWhereToSave,
    fileNameOf: (place) => path.basename(place),
    isAbsolutePath: (place) => path.isAbsolute(place),
    clock,
    notify,
  })
  const { registerFile, ...fileHandlers } = files

  registerCalls({
    page,
    log,
    trustedContentsId: () => window?.contentsId() ?? null,
    registerFile,
    handlers: {
      ...createAppHandlers({
        desk,
        guards,
        appearance,
        sandbox,
        version: app.getVersion(),
        electron: process.versions.electron,
        isOnline: connectivity.isOnline,
        openLink,
      }),
      ...createConnectionHandlers({
        desk,
        guards,
        vendors,
        clock,
        notify,
        connections: {
          save: async (input) => await saveConnection({ database, secrets, vendors, clock, random }, input),
          test: async (connectionId) =>
            await testConnection({ ...callPorts, epoch: () => engine?.status().epoch ?? null }, connectionId),
        },
      }),
      ...fileHandlers,
      ...createRequestHandlers({
        desk,
        guards,
        clock,
        notify,
        isOnline: connectivity.isOnline,
        plans: {
          plan: async (requestId) => await planRequest(planPorts, requestId),
          dryRun: async (requestId) => await dryRun({ ...planPorts, secrets, signer: jwtSigner, random }, requestId),
        },
      }),
    },
  })

  window = openWindow({
    page,
    preload: path.join(here, '../preload/index.cjs'),
    title,
    state,
    allowDeveloperTools: !app.isPackaged,
    onMoved: remember,
    onCloseWanted: () => app.quit(),
    onFocus: () => void desk.tryAgain(),
    onZoomWheel: (direction) => void appearance.zoom(direction),
  })
  installMenu(
    {
      zoomIn: () => void appearance.zoom('in'),
      zoomOut: () => void appearance.zoom('out'),
      resetZoom: () => void appearance.zoom('actual size'),
      openGuide: () => void openLink(guideLink),
      quit: () => app.quit(),
    },
    { isMac: process.platform === 'darwin', isDevelopment: !app.isPackaged },
  )
  app.on('second-instance', () => window?.focus())
  finishBeforeQuit({
    onFinishing: () => window?.setTitle(`${title}: finishing the call under way`),
    finish: async () => {
      connectivity.stop()
      await desk.close()
      await sandboxProcess.stop()
    },
    closeWindow: () => window?.destroy(),
  })

  const shown = await appearance.read()
  await window.load()
  if (shown.ok) show(shown.value)
}

/** Inside the user's data, or where `--history-folder=` says: several windows may show one history. */
function historyFolder(userData: string): string {
  const chosen = app.commandLine.getSwitchValue('history-folder')
  return chosen === '' ? path.join(userData, 'history') : path.resolve(chosen)
}

async function openLink(url: string): Promise<boolean> {
  const link = externalLink(url)
  if (link === null) return false
  await shell.openExternal(link)
  return true
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

function failToStart(): void {
  sayStartFailed('The app could not open its window. Nothing was sent or changed. Start it again.')
  for (const open of BrowserWindow.getAllWindows()) open.destroy()
  app.exit(1)
}
