/** The client secret: written, never read. Where one is saved the field stays folded away until it is to be replaced. */
import { useState } from 'react'
import { Button, TextField, Time } from '../../ui/index.ts'
import { useBound } from './form-fields.ts'

export function SecretField({ savedAt }: { readonly savedAt: number | null }) {
  const secret = useBound('secret')
  const [replaces, setReplaces] = useState(false)
  if (savedAt !== null && !replaces) {
    return (
      <div className="field">
        <span className="fixed-term">Client secret</span>
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
  return (
    <TextField
      label={savedAt === null ? 'Client secret' : 'New client secret'}
      {...secret}
      type="password"
      mono
      isRequired={savedAt === null}
      autoFocus={replaces}
      hint={
        savedAt === null
          ? 'Goes to this computer’s keychain. It is not shown again.'
          : 'Replaces the one in the keychain. Leave it empty to keep that one.'
      }
    />
  )
}
