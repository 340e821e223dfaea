/** Files dropped anywhere on the window while a screen takes them. */
import { useEffect, useState } from 'react'

/**
 * Takes files dropped on the window; `isOver` is true while some hang over it. Where `onDrop` is null a drop is
 * refused, so that the window never opens the file itself.
 */
export function useFileDrop(onDrop: ((files: readonly File[]) => void) | null): { readonly isOver: boolean } {
  const [isOver, setOver] = useState(false)
  useEffect(() => {
    const over = (event: DragEvent) => {
      if (event.dataTransfer === null || !event.dataTransfer.types.includes('Files')) return
      event.preventDefault()
      event.dataTransfer.dropEffect = onDrop === null ? 'none' : 'copy'
      setOver(onDrop !== null)
    }
    const leave = (event: DragEvent) => {
      if (event.relatedTarget === null) setOver(false)
    }
    const drop = (event: DragEvent) => {
      setOver(false)
      const files = [...(event.dataTransfer?.files ?? [])]
      if (files.length === 0) return
      event.preventDefault()
      onDrop?.(files)
    }
    document.addEventListener('dragover', over)
    document.addEventListener('dragleave', leave)
    document.addEventListener('drop', drop)
    return () => {
      document.removeEventListener('dragover', over)
      document.removeEventListener('dragleave', leave)
      document.removeEventListener('drop', drop)
    }
  }, [onDrop])
  return { isOver }
}
