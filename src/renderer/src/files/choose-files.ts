/** Getting at CSV files: through the system's dialog or by a drop. */
import { useCallback, useState } from 'react'
import type { Failure } from '../../../shared/failure.ts'
import type { ChosenFile } from '../../../shared/model/import.ts'
import { dropFile, failureOf, useAction } from '../api.ts'
import { useFileDrop } from './file-drop.ts'

export type FileChoice = {
  /** Opens the system's dialog. */
  readonly choose: () => void
  readonly isBusy: boolean
  /** Files hang over the window. */
  readonly isOver: boolean
  readonly failure: Failure | null
}

/** Both ways to a file; `onFiles` gets them with their previews. A file that cannot be read is told, those beside it still come. */
export function useFileChoice(isOn: boolean, onFiles: (files: readonly ChosenFile[]) => void): FileChoice {
  const dialog = useAction('chooseFile')
  const [dropped, setDropped] = useState<{ readonly isBusy: boolean; readonly failure: Failure | null }>({
    isBusy: false,
    failure: null,
  })
  const take = useCallback(
    async (files: readonly File[]) => {
      setDropped({ isBusy: true, failure: null })
      const read: ChosenFile[] = []
      let failure: Failure | null = null
      for (const file of files) {
        try {
          // one after the other: the order of the drop is the order of the files
          // oxlint-disable-next-line no-await-in-loop
          const preview = await dropFile(file)
          if (preview !== null) read.push(preview)
        } catch (error) {
          const found = failureOf(error)
          failure = files.length === 1 ? found : { ...found, message: `${file.name}: ${found.message}` }
        }
      }
      setDropped({ isBusy: false, failure })
      if (read.length > 0) onFiles(read)
    },
    [onFiles],
  )
  const onDrop = useCallback((files: readonly File[]) => void take(files), [take])
  const { isOver } = useFileDrop(isOn ? onDrop : null)
  return {
    choose: () => {
      setDropped({ isBusy: false, failure: null })
      dialog.mutate(
        {},
        {
          onSuccess: (preview) => {
            if (preview !== null) onFiles([preview])
          },
        },
      )
    },
    isBusy: dialog.isPending || dropped.isBusy,
    isOver,
    failure: dropped.failure ?? dialog.failure,
  }
}
