/** The connection form's state: values, mistakes by field, and how a field is bound to both. */
import { useController, type FieldErrors, type Resolver } from 'react-hook-form'
import type { Connection } from '../../../../shared/model/connection.ts'
import type { VendorProfile } from '../../../../shared/model/vendor.ts'
import { findMistakes, type ConnectionFormValues, type FormField } from './form-values.ts'

/** Judges the values by the contract's own schema; the words of every mistake come from `findMistakes`. */
export function createResolver(connection: Connection | null, vendor: VendorProfile): Resolver<ConnectionFormValues> {
  return (values) => {
    const mistakes = Object.entries(findMistakes(values, connection, vendor))
    if (mistakes.length === 0) return { values, errors: {} }
    const errors = Object.fromEntries(mistakes.map(([field, message]) => [field, { type: 'contract', message }]))
    return { values: {}, errors: errors as FieldErrors<ConnectionFormValues> }
  }
}

/** A field's value, its mistake, and what tells the form of a change. Within the form's provider. */
export function useBound<N extends FormField>(name: N) {
  const { field, fieldState } = useController<ConnectionFormValues, N>({ name })
  return {
    value: field.value as ConnectionFormValues[N],
    onChange: field.onChange as (value: ConnectionFormValues[N]) => void,
    onBlur: field.onBlur,
    error: fieldState.error?.message,
  }
}

/** Moves the focus to the first field that is marked as wrong, opening what it is folded into. */
export function focusFirstMistake(form: HTMLFormElement | null): void {
  window.requestAnimationFrame(() => {
    const wrong = form?.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid] button')
    wrong?.focus()
  })
}
