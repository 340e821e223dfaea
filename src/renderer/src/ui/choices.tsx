/** Choices within a form: a switch, a checkbox, a group of radio buttons. */
import { Check, Minus } from 'lucide-react'
import type { ReactNode } from 'react'
import {
  Checkbox as AriaCheckbox,
  Label,
  Radio,
  RadioGroup as AriaRadioGroup,
  Switch as AriaSwitch,
} from 'react-aria-components'
import { Hints, type FieldWords, type Option } from './field-parts.tsx'

/** On or off, effective at once. */
export function Switch({
  isSelected,
  onChange,
  children,
  isDisabled = false,
}: {
  readonly isSelected: boolean
  readonly onChange: (isSelected: boolean) => void
  readonly children: ReactNode
  readonly isDisabled?: boolean
}) {
  return (
    <AriaSwitch className="switch" isSelected={isSelected} onChange={onChange} isDisabled={isDisabled}>
      <span className="switch-track" aria-hidden>
        <span className="switch-knob" />
      </span>
      {children}
    </AriaSwitch>
  )
}

/** Yes or no within a form. */
export function Checkbox({
  isSelected,
  onChange,
  children,
  isDisabled = false,
  isIndeterminate = false,
}: {
  readonly isSelected: boolean
  readonly onChange: (isSelected: boolean) => void
  readonly children: ReactNode
  readonly isDisabled?: boolean
  readonly isIndeterminate?: boolean
}) {
  const Mark = isIndeterminate ? Minus : Check
  return (
    <AriaCheckbox
      className="checkbox"
      isSelected={isSelected}
      isIndeterminate={isIndeterminate}
      onChange={onChange}
      isDisabled={isDisabled}
    >
      <span className="checkbox-box" aria-hidden>
        <Mark className="icon" />
      </span>
      <span>{children}</span>
    </AriaCheckbox>
  )
}

/** One of a few, all of them in sight, each with what it means. */
export function RadioGroup<T extends string>(
  properties: FieldWords & {
    readonly value: T | null
    readonly onChange: (value: T) => void
    readonly options: readonly (Option<T> & { readonly danger?: boolean; readonly isDisabled?: boolean })[]
  },
) {
  const { label, hint, error, value, onChange, options, ...rest } = properties
  return (
    <AriaRadioGroup
      {...rest}
      className="field radio-group"
      value={value}
      onChange={(next) => {
        const chosen = options.find((option) => option.value === next)
        if (chosen !== undefined) onChange(chosen.value)
      }}
      isInvalid={error !== undefined}
      validationBehavior="aria"
    >
      <Label>{label}</Label>
      {options.map((option) => (
        <Radio
          key={option.value}
          value={option.value}
          isDisabled={option.isDisabled ?? false}
          className={option.danger === true ? 'radio danger' : 'radio'}
        >
          <span className="radio-dot" aria-hidden />
          <span>
            <span className="radio-words">{option.words}</span>
            {option.hint === undefined ? null : <span className="hint">{option.hint}</span>}
          </span>
        </Radio>
      ))}
      <Hints hint={hint} error={error} />
    </AriaRadioGroup>
  )
}
