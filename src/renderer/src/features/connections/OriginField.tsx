/** Where the vendor answers: one of its hosts, or one's own where it allows that. What main thinks of it is said while it is typed. */
import { useEffect, useState } from 'react'
import { TriangleAlert } from 'lucide-react'
import type { VendorProfile } from '../../../../shared/model/vendor.ts'
import { useChannel } from '../../api.ts'
import { Select, TextField } from '../../ui/index.ts'
import { useBound } from './form-fields.ts'

const ownHost = 'own'
const settleMilliseconds = 250

export function OriginField({ vendor }: { readonly vendor: VendorProfile }) {
  const origin = useBound('origin')
  const isKnown = vendor.origins.some((known) => known.origin === origin.value)
  const [isOwn, setIsOwn] = useState(!isKnown)
  const settled = useSettled(origin.value)
  const check = useChannel(
    'checkOrigin',
    { vendor: vendor.id, origin: settled },
    { enabled: settled.trim() !== '', keepPrevious: true },
  )
  const warning = settled.trim() === '' ? null : (check.data?.warning ?? null)
  const isAllowed = check.data?.allowed ?? true
  // An address that is set already stays in sight, also where no other can be chosen.
  const offersOther = vendor.otherOrigin !== null || isOwn

  return (
    <>
      <Select
        label={vendor.originLabel}
        value={isOwn ? ownHost : origin.value}
        onChange={(chosen) => {
          setIsOwn(chosen === ownHost)
          origin.onChange(chosen === ownHost ? 'https://' : chosen)
        }}
        options={[
          ...vendor.origins.map((known) => ({ value: known.origin, words: known.label })),
          ...(offersOther ? [{ value: ownHost, words: 'Another host…', hint: 'your own installation' }] : []),
        ]}
        hint={isOwn ? undefined : vendor.originHint}
      />
      {isOwn ? (
        <TextField
          label="Address of the host"
          {...origin}
          mono
          isRequired
          placeholder={vendor.otherOrigin ?? ''}
          error={origin.error ?? (isAllowed || warning === null ? undefined : warning)}
        />
      ) : null}
      {warning !== null && (isAllowed || !isOwn) ? (
        <p className="field-warning" role="status">
          <TriangleAlert aria-hidden className="icon" />
          {warning}
        </p>
      ) : null}
    </>
  )
}

/** The text once nothing has been typed for a moment. */
function useSettled(text: string): string {
  const [settled, setSettled] = useState(text)
  useEffect(() => {
    const timer = window.setTimeout(() => setSettled(text), settleMilliseconds)
    return () => window.clearTimeout(timer)
  }, [text])
  return settled
}
