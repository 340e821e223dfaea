/** Keyboard shortcuts of the window and of a screen, and the list that `?` shows. */
import { useEffect, useState } from 'react'

export type Shortcut = Readonly<{
  /** As on the keycap: "N", "/", "?", or two in a row: "G R". */
  keys: string
  words: string
  run: () => void
}>

const registered = new Map<symbol, readonly Shortcut[]>()
const pairMilliseconds = 900
let first: { readonly key: string; readonly at: number } | null = null

/** True where typing belongs to the element: a field, a list that searches by letters, anything in a dialog. */
function ownsTyping(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false
  return (
    target.closest(
      'input, textarea, select, [contenteditable="true"], [role="listbox"], [role="menu"], [role="dialog"], [role="alertdialog"]',
    ) !== null
  )
}

/** The shortcut that `key` completes, given the key pressed before it; pure. */
export function matchShortcut(
  shortcuts: readonly Shortcut[],
  key: string,
  previous: string | null,
): Shortcut | 'waits for a second key' | null {
  const typed = key.toUpperCase()
  const pair = previous === null ? null : `${previous.toUpperCase()} ${typed}`
  const found =
    shortcuts.find((shortcut) => shortcut.keys === pair) ?? shortcuts.find((shortcut) => shortcut.keys === typed)
  if (found !== undefined) return found
  return shortcuts.some((shortcut) => shortcut.keys.startsWith(`${typed} `)) ? 'waits for a second key' : null
}

/** Every shortcut that works now, the shell's first. */
export function listShortcuts(): readonly Shortcut[] {
  return [...registered.values()].flat()
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || ownsTyping(event.target)) return
  if (document.querySelector('[role="dialog"], [role="alertdialog"]') !== null) return
  const previous = first !== null && event.timeStamp - first.at < pairMilliseconds ? first.key : null
  first = null
  const match = matchShortcut(listShortcuts().toReversed(), event.key, previous)
  if (match === null) return
  if (match === 'waits for a second key') {
    first = { key: event.key, at: event.timeStamp }
    return
  }
  event.preventDefault()
  match.run()
}

/** Registers shortcuts while the calling component is shown; a screen's win over the shell's. */
export function useShortcuts(shortcuts: readonly Shortcut[]): void {
  const [key] = useState(() => Symbol('shortcuts'))
  useEffect(() => {
    if (registered.size === 0) document.addEventListener('keydown', onKeyDown)
    registered.set(key, [])
    return () => {
      registered.delete(key)
      if (registered.size === 0) document.removeEventListener('keydown', onKeyDown)
    }
  }, [key])
  useEffect(() => {
    registered.set(key, shortcuts)
  }, [key, shortcuts])
}
