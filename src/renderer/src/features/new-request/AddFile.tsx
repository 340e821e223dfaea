import { useEffect } from 'react'
import type { FilePreview } from '../../../../shared/model/import.ts'
import { Button, showToast } from '../../ui/index.ts'
import { useFileChoice } from './choose-files.ts'

/** One more file for the draft, chosen or dropped. */
export function AddFile({ onFiles }: { readonly onFiles: (files: readonly FilePreview[]) => void }) {
  const files = useFileChoice(true, onFiles)
  const { failure } = files
  useEffect(() => {
    if (failure !== null) showToast([failure.message, failure.next].filter(Boolean).join(' '))
  }, [failure])
  return (
    <Button isPending={files.isBusy} onPress={files.choose}>
      Add another file
    </Button>
  )
}
