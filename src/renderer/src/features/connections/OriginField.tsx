/** Where Kore.ai answers: one of its hosts, or one's own. What main thinks of it is said while it is typed. */
import { useEffect, useState } from 'react'
import { TriangleAlert } from 'lucide-react'
import { useChannel } from '../../api.ts'
import { Select, TextField } from '../../ui/index.ts'
import { useBound } from './form-fields.ts'
import { knownOrigins } from './words.ts'

const ownHost = 'own'
const settleMilliseconds = 250

export function OriginField() {
  const origin = useBound('origin')
  const isKnown = knownOrigins.some((known) => known.origin === origin.value)
  const [isOwn, setIsOwn] = useState(!isKnown)
  const settled = useSettled(origin.value)
  const check = useChannel('checkOrigin', { origin: settled }, { enabled: settled.trim() !== '', keepPrevious: true })
  const warning = settled.trim() === '' ? null : (check.data?.warning ?? null)
  const isAllowed = check.data?.allowed ?? true

  return (
    <>
      <Select
        label="Origin"
        value={isOwn ? ownHost : origin.value}
        onChange={(chosen) => {
          setIsOwn(chosen === ownHost)
          origin.onChange(chosen === ownHost ? 'https://' : chosen)
        }}
        options={[
          ...knownOrigins.map((known) => ({ value: known.origin, words: known.label })),
          { value: ownHost, words: 'Another host…', hint: 'your own installation' },
        ]}
        hint={isOwn ? undefined : 'Where you open the Admin Console. The region is part of it.'}
      />
      {isOwn ? (
        <TextField
          label="Address of the host"
          {...origin}
          mono
          isRequired
          placeholder="https://kore.example.com"
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
