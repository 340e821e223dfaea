/** That nobody knows whether copies were asked for: it waits for a person, wherever the request is looked at. */
import type { RequestDetail } from '../../../shared/model/request.ts'
import { Button, Notice } from '../ui/index.ts'
import { doubtWords } from './copy-words.ts'

/** Nothing where none is in doubt. `onShow`: leads to the copies; absent where they stand on the same page. */
export function CopiesInDoubt({
  request,
  onShow,
}: {
  readonly request: RequestDetail
  readonly onShow?: (() => void) | undefined
}) {
  if (request.copiesInDoubt === 0) return null
  const { title, words } = doubtWords(request.copiesInDoubt)
  const show = onShow === undefined ? undefined : <Button onPress={onShow}>Show the copies</Button>
  return (
    <Notice tone="warning" title={title} actions={show}>
      {words}
    </Notice>
  )
}
