/** That nobody knows whether copies were asked for: it waits for a person, wherever the request is looked at. */
import type { RequestDetail } from '../../../shared/model/request.ts'
import { Button, Notice } from '../ui/index.ts'
import { doubtWords } from './copy-words.ts'

/** Nothing where none is in doubt. `onShow` leads to the copies. */
export function CopiesInDoubt({ request, onShow }: { readonly request: RequestDetail; readonly onShow: () => void }) {
  if (request.copiesInDoubt === 0) return null
  const { title, words } = doubtWords(request.copiesInDoubt)
  return (
    <Notice tone="warning" title={title} actions={<Button onPress={onShow}>Show the copies</Button>}>
      {words}
    </Notice>
  )
}
