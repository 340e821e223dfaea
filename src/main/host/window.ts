/** The one window. */
import { BrowserWindow, nativeTheme, screen } from 'electron'
import { belongsTo, type Page } from './page.ts'
import { smallestWindow, usableBounds, type WindowState } from './window-state.ts'

export type MainWindow = Readonly<{
  /** Of its web contents; null once it is gone. */
  contentsId: () => number | null
  send: (channel: string, value: unknown) => void
  focus: () => void
  setTitle: (title: string) => void
  setZoom: (zoom: number) => void
  /** To the screen shown before, or to the one that going back has left; nothing where there is none. */
  goBack: () => void
  goForward: () => void
  /** Shows the page. Settles when it has loaded. */
  load: () => Promise<void>
  /** Where it is now; null once it is gone. */
  place: () => Pick<WindowState, 'bounds' | 'maximized'> | null
  /** Closes without asking again. */
  destroy: () => void
}>

export type WindowOptions = Readonly<{
  page: Page
  /** The sandboxed preload script. */
  preload: string
  title: string
  state: WindowState
  allowDeveloperTools: boolean
  /** The operator wants to close; the window stays until `destroy`. */
  onCloseWanted: () => void
  onFocus: () => void
  onZoomWheel: (direction: 'in' | 'out') => void
}>

/** What lies behind the page until it has painted, by theme: no white flash in a dark room. */
const backgrounds = { light: '#ffffff', dark: '#141517' } as const

function currentBackground(): string {
  return nativeTheme.shouldUseDarkColors ? backgrounds.dark : backgrounds.light
}

/** Opens the window, hidden until its first painting. */
export function openWindow(options: WindowOptions): MainWindow {
  const bounds = usableBounds(
    options.state.bounds,
    screen.getAllDisplays().map((display) => display.workArea),
  )
  const window = new BrowserWindow({
    ...(bounds ?? { width: 1180, height: 760 }),
    minWidth: smallestWindow.width,
    minHeight: smallestWindow.height,
    title: options.title,
    show: false,
    backgroundColor: currentBackground(),
    webPreferences: {
      preload: options.preload,
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      webviewTag: false,
      plugins: false,
      navigateOnDragDrop: false,
      disableDialogs: true,
      spellcheck: false,
      devTools: options.allowDeveloperTools,
      zoomFactor: options.state.zoom,
    },
  })
  const { webContents: contents } = window
  const onThemeChanged = () => window.setBackgroundColor(currentBackground())
  nativeTheme.on('updated', onThemeChanged)

  window.once('ready-to-show', () => {
    if (options.state.maximized) window.maximize()
    window.show()
  })
  window.on('focus', options.onFocus)
  window.on('page-title-updated', (event) => event.preventDefault())
  window.on('close', (event) => {
    event.preventDefault()
    options.onCloseWanted()
  })
  window.on('closed', () => nativeTheme.off('updated', onThemeChanged))
  // An empty page is the one navigation that nothing can refuse beforehand: the way back is taken at once.
  contents.on('did-navigate', (_event, address) => {
    if (!belongsTo(options.page, address)) void window.loadURL(options.page.url)
  })
  const goBack = () => contents.navigationHistory.goBack()
  const goForward = () => contents.navigationHistory.goForward()
  // The side buttons of a mouse, and the keys that some keyboards have for it.
  window.on('app-command', (_event, command) => {
    if (command === 'browser-backward') goBack()
    if (command === 'browser-forward') goForward()
  })
  contents.on('zoom-changed', (_event, direction) => options.onZoomWheel(direction))

  const whileOpen = (run: () => void) => {
    if (!window.isDestroyed()) run()
  }
  return {
    contentsId: () => (window.isDestroyed() ? null : contents.id),
    send: (channel, value) => whileOpen(() => contents.send(channel, value)),
    focus: () =>
      whileOpen(() => {
        if (window.isMinimized()) window.restore()
        window.show()
        window.focus()
      }),
    setTitle: (title) => whileOpen(() => window.setTitle(title)),
    setZoom: (zoom) => whileOpen(() => contents.setZoomFactor(zoom)),
    goBack: () => whileOpen(goBack),
    goForward: () => whileOpen(goForward),
    load: () => window.loadURL(options.page.url),
    place: () => (window.isDestroyed() ? null : { bounds: window.getNormalBounds(), maximized: window.isMaximized() }),
    destroy: () => whileOpen(() => window.destroy()),
  }
}
