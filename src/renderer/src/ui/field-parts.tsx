/** What every form field has: its words, its hint, what is wrong with it. */
import type { ReactNode } from 'react'
import { FieldError, Text } from 'react-aria-components'

export type FieldWords = {
  readonly label: string
  /** One sentence under the control. */
  readonly hint?: ReactNode
  /** What is wrong, in words; the field is marked as invalid while it is there. */
  readonly error?: string | undefined
  readonly isDisabled?: boolean
  readonly isRequired?: boolean
}

/** The hint under a control and, while it is invalid, the words of what is wrong. */
export function Hints({ hint, error }: { readonly hint?: ReactNode; readonly error?: string | undefined }) {
  return (
    <>
      {hint === undefined ? null : (
        <Text slot="description" className="hint">
          {hint}
        </Text>
      )}
      <FieldError className="field-error">{error}</FieldError>
    </>
  )
}

/** One of several values to choose from, in words. */
export type Option<T extends string> = { readonly value: T; readonly words: string; readonly hint?: string }
