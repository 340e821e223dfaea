/** The application menu: editing, zoom, window. Reloading and developer tools are there in development alone. */
import { Menu, type MenuItemConstructorOptions } from 'electron'

export type MenuActions = Readonly<{
  zoomIn: () => void
  zoomOut: () => void
  resetZoom: () => void
  goBack: () => void
  goForward: () => void
  openLink: (address: string) => void
  quit: () => void
}>

export type MenuOptions = Readonly<{
  isMac: boolean
  isDevelopment: boolean
  /** The vendors' own pages. */
  documentation: readonly Readonly<{ name: string; address: string }>[]
}>

/** Installs the menu. */
export function installMenu(actions: MenuActions, options: MenuOptions): void {
  Menu.setApplicationMenu(Menu.buildFromTemplate(menuTemplate(actions, options)))
}

function menuTemplate(
  actions: MenuActions,
  { isMac, isDevelopment, documentation }: MenuOptions,
): MenuItemConstructorOptions[] {
  const quit: MenuItemConstructorOptions = {
    label: 'Quit Erasure Desk',
    accelerator: 'CmdOrCtrl+Q',
    click: actions.quit,
  }
  const development: MenuItemConstructorOptions[] = [
    { type: 'separator' },
    { role: 'reload' },
    { role: 'toggleDevTools' },
  ]
  return [
    isMac
      ? {
          label: 'Erasure Desk',
          submenu: [{ role: 'about' }, { type: 'separator' }, { role: 'hide' }, { role: 'hideOthers' }, quit],
        }
      : { label: '&File', submenu: [quit] },
    {
      label: '&Edit',
      submenu: [
        { role: 'undo' },
        { role: 'redo' },
        { type: 'separator' },
        { role: 'cut' },
        { role: 'copy' },
        { role: 'paste' },
        { role: 'selectAll' },
      ],
    },
    {
      label: '&View',
      submenu: [
        { label: 'Back', accelerator: isMac ? 'Cmd+[' : 'Alt+Left', click: actions.goBack },
        { label: 'Forward', accelerator: isMac ? 'Cmd+]' : 'Alt+Right', click: actions.goForward },
        { type: 'separator' },
        { label: 'Zoom in', accelerator: 'CmdOrCtrl+Plus', click: actions.zoomIn },
        // The same key without shift, where plus shares it with equals; hidden, since it is no other command.
        { label: 'Zoom in', accelerator: 'CmdOrCtrl+=', click: actions.zoomIn, visible: false },
        { label: 'Zoom out', accelerator: 'CmdOrCtrl+-', click: actions.zoomOut },
        { label: 'Actual size', accelerator: 'CmdOrCtrl+0', click: actions.resetZoom },
        { type: 'separator' },
        { role: 'togglefullscreen' },
        ...(isDevelopment ? development : []),
      ],
    },
    { label: '&Window', submenu: [{ role: 'minimize' }, { role: 'zoom' }] },
    {
      label: '&Help',
      submenu: documentation.map(({ name, address }) => ({
        label: `${name}: how erasure works`,
        click: () => actions.openLink(address),
      })),
    },
  ]
}
