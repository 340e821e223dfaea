/** What a step changes of its draft: saved on the way on, and when the step is left by any other way. */
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import type { Input } from '../../../../shared/contract.ts'
import type { Failure } from '../../../../shared/failure.ts'
import type { RequestId } from '../../../../shared/model/ids.ts'
import { call, failureOf, useAction } from '../../api.ts'
import { showToast } from '../../ui/index.ts'

export type DraftChange = Omit<Input<'updateDraft'>, 'requestId'>

/**
 * Saves `change`; null where there is nothing to save, or nothing that may be saved yet. `save` calls `then` once it is
 * in the history and stays on the step where it is not. Leaving the step by the rail or the navigation saves it too.
 */
export function useDraftSaving(
  requestId: RequestId,
  change: DraftChange | null,
): { readonly save: (then: () => void) => void; readonly isSaving: boolean; readonly failure: Failure | null } {
  const client = useQueryClient()
  const update = useAction('updateDraft')
  const unsaved = useRef<DraftChange | null>(null)
  const saved = useRef<string | null>(null)

  useEffect(() => {
    unsaved.current = change !== null && JSON.stringify(change) !== saved.current ? change : null
  })
  useEffect(
    () => () => {
      if (unsaved.current === null) return
      call('updateDraft', { requestId, ...unsaved.current }).then(
        () => void client.invalidateQueries(),
        (error: unknown) => showToast(`What was changed last is not saved: ${failureOf(error).message}`),
      )
    },
    [client, requestId],
  )

  const save = (then: () => void) => {
    if (change === null) return then()
    update.mutate(
      { requestId, ...change },
      {
        onSuccess: () => {
          saved.current = JSON.stringify(change)
          unsaved.current = null
          then()
        },
      },
    )
  }
  return { save, isSaving: update.isPending, failure: update.failure }
}
