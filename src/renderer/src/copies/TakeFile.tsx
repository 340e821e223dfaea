import type { RequestId } from '../../../shared/model/ids.ts'
import type { RetrievalRow } from '../../../shared/model/retrieval.ts'
import { useAction, useChannel } from '../api.ts'
import { Button, Dialog, FailureNotice, formatBytes, formatStamp, Notice, Progress } from '../ui/index.ts'
import { progressWords } from './copy-words.ts'

/**
 * The file of a copy: the vendor is asked for its link, the operator sees where it leads, and opens or saves it. Closed
 * meanwhile, saving goes on.
 */
export function TakeFile({
  requestId,
  copy,
  vendorName,
  fetch,
  onFetch,
  onClose,
}: {
  readonly requestId: RequestId
  readonly copy: RetrievalRow
  readonly vendorName: string
  /** The call for the link, begun by whoever opens the dialog. */
  readonly fetch: ReturnType<typeof useAction<'fetchRetrievalLink'>>
  readonly onFetch: () => void
  readonly onClose: () => void
}) {
  const subject = { requestId, retrievalId: copy.id }
  const open = useAction('openRetrievalLink')
  const save = useAction('saveRetrieval')
  const stop = useAction('cancelRetrievalSave')
  const copies = useChannel('listRetrievals', { requestId, anchor: { index: 0 }, limit: 500 })
  const saving = copies.data?.rows.find(({ id }) => id === copy.id)?.saving ?? null

  const begin = () => {
    open.reset()
    save.reset()
    onFetch()
  }
  const link = fetch.data ?? null
  const isOver = save.failure !== null || open.failure !== null || fetch.failure !== null
  const saved = save.data ?? null
  return (
    <Dialog
      isOpen
      onClose={onClose}
      title={`The file of copy ${copy.number}`}
      footer={
        <>
          <Button onPress={onClose}>Close</Button>
          <div className="push" />
          {isOver && !save.isPending ? (
            <Button isPending={fetch.isPending} onPress={begin}>
              Ask for the link again
            </Button>
          ) : null}
          {save.isPending ? (
            <Button onPress={() => stop.mutate(subject)}>Stop saving</Button>
          ) : (
            <>
              <Button
                isDisabled={link === null || isOver}
                isPending={open.isPending}
                onPress={() => link !== null && open.mutate({ ...subject, token: link.token })}
              >
                Open in browser
              </Button>
              <Button
                kind="primary"
                isDisabled={link === null || isOver}
                onPress={() => link !== null && save.mutate({ ...subject, token: link.token })}
              >
                Save…
              </Button>
            </>
          )}
        </>
      }
    >
      {fetch.isPending ? <p role="status">{`${vendorName} is asked for the link.`}</p> : null}
      {fetch.failure === null ? null : <FailureNotice failure={fetch.failure} />}
      {link === null ? null : (
        <>
          <p>
            The file is at <b className="mono">{link.host}</b>. Go on only where you know this host.
          </p>
          <p className="dim">
            {link.expiresAt === null
              ? `${vendorName} does not say until when the link works.`
              : `The link works until ${formatStamp(link.expiresAt)}.`}{' '}
            Whoever has the link has the data: it is not kept here. Opened in the browser, it is in the browser’s
            history. No credentials of yours are sent to this host.
          </p>
        </>
      )}
      {saving === null ? null : (
        <div className="copies-saving">
          <Progress
            label="How much of the file is here"
            value={saving.total === null || saving.total === 0 ? 0 : saving.bytes / saving.total}
          />
          <span className="dim">{progressWords(saving)}</span>
        </div>
      )}
      {saved === null ? null : (
        <Notice tone="info" title={`Saved as ${saved.fileName}: ${formatBytes(saved.bytes)}`}>
          SHA-256 <span className="mono copies-digest">{saved.sha256}</span>
        </Notice>
      )}
      {open.isSuccess ? <Notice tone="info" title="Handed to the browser" /> : null}
      {open.failure === null ? null : <FailureNotice failure={open.failure} />}
      {save.failure === null ? null : <FailureNotice failure={save.failure} />}
    </Dialog>
  )
}
