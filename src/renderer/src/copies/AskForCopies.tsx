import { useState } from 'react'
import type { RequestDetail } from '../../../shared/model/request.ts'
import type { VendorProfile } from '../../../shared/model/vendor.ts'
import { useAction } from '../api.ts'
import { Button, countOf, Dialog, FailureNotice, RadioGroup, showToast } from '../ui/index.ts'
import { disclosureOf } from './copy-words.ts'

/** What a copy is to hold, before the vendor is asked for it. */
export function AskForCopies({
  request,
  vendor,
  capability,
  onClose,
}: {
  readonly request: RequestDetail
  readonly vendor: VendorProfile
  readonly capability: NonNullable<VendorProfile['retrieval']>
  readonly onClose: () => void
}) {
  const ask = useAction('askForRetrievals')
  const disclosure = disclosureOf(capability, request.scope)
  const [chosen, setChosen] = useState(disclosure?.choices[0]?.value ?? null)
  const run = () =>
    ask.mutate(
      { requestId: request.id, disclosure: chosen },
      {
        onSuccess: ({ copies }) => {
          showToast(`${countOf(copies, 'copy', 'copies')} asked for.`)
          onClose()
        },
      },
    )
  return (
    <Dialog
      isOpen
      onClose={onClose}
      busy={ask.isPending}
      title={`Ask ${vendor.name} for a copy?`}
      footer={
        <>
          <Button onPress={onClose}>Not now</Button>
          <div className="push" />
          <Button kind="primary" isPending={ask.isPending} onPress={run}>
            {`Ask for a copy of ${countOf(request.total, 'identifier')}`}
          </Button>
        </>
      }
    >
      <p>
        {`${vendor.name} is asked for what it has about every identifier of this request that was not cancelled. Nothing is erased by it. More identifiers than one call takes become several copies.`}
      </p>
      <p className="dim">{capability.words}</p>
      {disclosure === null ? null : (
        <RadioGroup
          label={disclosure.label}
          value={chosen}
          onChange={setChosen}
          options={disclosure.choices.map(({ value, label, hint }) => ({ value, words: label, hint }))}
        />
      )}
      {ask.failure === null ? null : <FailureNotice failure={ask.failure} />}
    </Dialog>
  )
}
