import { Button, Dialog, listShortcuts } from '../ui/index.ts'

const inTables = [
  ['↑ ↓ or J K', 'Move in a table'],
  ['Enter', 'Open the row'],
  ['Space', 'Select the row, where rows can be selected'],
  ['Shift ↑ ↓', 'Select several'],
  ['Esc', 'Close, or clear the selection'],
] as const

/** The shortcuts that work on this screen. */
export function ShortcutHelp({ isOpen, onClose }: { readonly isOpen: boolean; readonly onClose: () => void }) {
  const shortcuts = isOpen ? listShortcuts().map(({ keys, words }) => [keys, words] as const) : []
  return (
    <Dialog isOpen={isOpen} onClose={onClose} title="Shortcuts" footer={<Button onPress={onClose}>Close</Button>}>
      <dl className="shortcuts">
        {[...shortcuts, ...inTables].map(([keys, words]) => (
          <div key={keys}>
            <dt>{words}</dt>
            <dd>{keys.split(' ').map((key) => (key === 'or' ? ' or ' : <kbd key={key}>{key}</kbd>))}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  )
}
