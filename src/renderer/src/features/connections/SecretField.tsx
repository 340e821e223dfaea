/** The secret: written, never read. Where one is saved the field stays folded away until it is to be replaced. */
import { useState } from 'react'
import type { VendorProfile } from '../../../../shared/model/vendor.ts'
import { Button, TextField, Time } from '../../ui/index.ts'
import { useBound } from './form-fields.ts'

type SecretProperties = { readonly savedAt: number | null; readonly secret: VendorProfile['secret'] }

export function SecretField(properties: SecretProperties) {
  return (
    <>
      <SecretItself {...properties} />
      {properties.secret.expires ? <LastDay label={properties.secret.label} /> : null}
    </>
  )
}

function SecretItself({ savedAt, secret: { label, hint } }: SecretProperties) {
  const secret = useBound('secret')
  const [replaces, setReplaces] = useState(false)
  if (savedAt !== null && !replaces) {
    return (
      <div className="field">
        <span className="fixed-term">{label}</span>
        <span className="with-unit">
          <span>
            in the keychain, saved <Time at={savedAt} />
          </span>
          <Button size="small" onPress={() => setReplaces(true)}>
            Replace
          </Button>
        </span>
      </div>
    )
  }
  const kept =
    savedAt === null
      ? 'Goes to this computer’s keychain. It is not shown again.'
      : 'Replaces the one in the keychain. Leave it empty to keep that one.'
  return (
    <TextField
      label={savedAt === null ? label : `New ${lowerFirst(label)}`}
      {...secret}
      type="password"
      mono
      isRequired={savedAt === null}
      autoFocus={replaces}
      hint={hint === '' ? kept : `${hint} ${kept}`}
    />
  )
}

function LastDay({ label }: { readonly label: string }) {
  const lastDay = useBound('secretExpiresOn')
  return (
    <TextField
      label={`Last day of the ${lowerFirst(label)}`}
      {...lastDay}
      type="date"
      isRequired
      width={180}
      hint="You are reminded 30 and 7 days before. After it nothing is sent with it."
    />
  )
}

function lowerFirst(label: string): string {
  return /^\p{Lu}\p{Lu}/u.test(label) ? label : label.slice(0, 1).toLowerCase() + label.slice(1)
}
