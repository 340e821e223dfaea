/** Form fields: a label, the control, a hint, and the words of what is wrong. */
import { Check, ChevronDown, Search } from 'lucide-react'
import type { Ref } from 'react'
import {
  Button as AriaButton,
  Input,
  Label,
  ListBox,
  ListBoxItem,
  NumberField as AriaNumberField,
  Popover,
  SearchField as AriaSearchField,
  Select as AriaSelect,
  SelectValue,
  TextArea,
  TextField as AriaTextField,
} from 'react-aria-components'
import { Hints, type FieldWords, type Option } from './field-parts.tsx'

/** One line of text, or several with `rows`. Controlled. `type: 'password'` for what is written and never shown. */
export function TextField(
  properties: FieldWords & {
    readonly value: string
    readonly onChange: (value: string) => void
    readonly onBlur?: () => void
    readonly name?: string
    readonly type?: 'text' | 'password' | 'date' | 'url'
    readonly placeholder?: string
    readonly rows?: number
    readonly mono?: boolean
    readonly width?: number | string
    readonly autoFocus?: boolean
    readonly isReadOnly?: boolean
    readonly inputRef?: Ref<HTMLInputElement>
    readonly labelHidden?: boolean
  },
) {
  const {
    label,
    hint,
    error,
    rows,
    mono = false,
    width,
    placeholder,
    inputRef,
    labelHidden = false,
    ...rest
  } = properties
  const className = mono ? 'input mono' : 'input'
  return (
    <AriaTextField
      {...rest}
      {...(labelHidden ? { 'aria-label': label } : {})}
      className="field"
      isInvalid={error !== undefined}
      validationBehavior="aria"
    >
      {labelHidden ? null : <Label>{label}</Label>}
      {rows === undefined ? (
        <Input
          className={className}
          style={width === undefined ? {} : { width }}
          autoComplete="off"
          spellCheck={false}
          {...(placeholder === undefined ? {} : { placeholder })}
          {...(inputRef === undefined ? {} : { ref: inputRef })}
        />
      ) : (
        <TextArea className={className} rows={rows} {...(placeholder === undefined ? {} : { placeholder })} />
      )}
      <Hints hint={hint} error={error} />
    </AriaTextField>
  )
}

/** A whole or decimal number with its unit after it; arrows step, typing is free. NaN while it is empty. */
export function NumberField(
  properties: FieldWords & {
    readonly value: number
    readonly onChange: (value: number) => void
    readonly onBlur?: () => void
    readonly minValue?: number
    readonly maxValue?: number
    readonly step?: number
    readonly unit?: string
    readonly width?: number
    readonly formatOptions?: Intl.NumberFormatOptions
  },
) {
  const { label, hint, error, unit, width = 104, ...rest } = properties
  return (
    <AriaNumberField {...rest} className="field" isInvalid={error !== undefined} validationBehavior="aria">
      <Label>{label}</Label>
      <span className="with-unit">
        <Input className="input" style={{ width }} autoComplete="off" />
        {unit === undefined ? null : <span className="dim">{unit}</span>}
      </span>
      <Hints hint={hint} error={error} />
    </AriaNumberField>
  )
}

/** One of a few: a button that opens a list. */
export function Select<T extends string>(
  properties: FieldWords & {
    readonly value: T | null
    readonly onChange: (value: T) => void
    readonly options: readonly Option<T>[]
    readonly placeholder?: string
    readonly width?: number | string
    readonly labelHidden?: boolean
  },
) {
  const { label, hint, error, value, onChange, options, width, labelHidden = false, placeholder, ...rest } = properties
  return (
    <AriaSelect
      {...rest}
      {...(labelHidden ? { 'aria-label': label } : {})}
      className="field"
      value={value}
      onChange={(key) => {
        const chosen = options.find((option) => option.value === key)
        if (chosen !== undefined) onChange(chosen.value)
      }}
      isInvalid={error !== undefined}
      validationBehavior="aria"
      placeholder={placeholder ?? 'Choose…'}
    >
      {labelHidden ? null : <Label>{label}</Label>}
      <AriaButton className="input select" style={width === undefined ? {} : { width }}>
        <SelectValue className="cut" />
        <ChevronDown aria-hidden className="icon" />
      </AriaButton>
      <Hints hint={hint} error={error} />
      <Popover className="popover" offset={4}>
        <ListBox className="list-box">
          {options.map((option) => (
            <ListBoxItem key={option.value} id={option.value} textValue={option.words} className="list-item">
              <span>{option.words}</span>
              {option.hint === undefined ? null : <span className="faint">{option.hint}</span>}
              <Check aria-hidden className="icon chosen-mark" />
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </AriaSelect>
  )
}

/** The search above a table; Escape clears it, `/` reaches it where the screen registers that. */
export function SearchField({
  label,
  value,
  onChange,
  inputRef,
  shortcut,
  onSubmit,
}: {
  readonly label: string
  readonly value: string
  readonly onChange: (value: string) => void
  readonly inputRef?: Ref<HTMLInputElement>
  readonly shortcut?: string
  readonly onSubmit?: () => void
}) {
  return (
    <AriaSearchField
      aria-label={label}
      value={value}
      onChange={onChange}
      {...(onSubmit === undefined ? {} : { onSubmit })}
      className="search"
    >
      <Search aria-hidden className="icon" />
      <Input
        placeholder={label}
        spellCheck={false}
        autoComplete="off"
        {...(inputRef === undefined ? {} : { ref: inputRef })}
      />
      {shortcut === undefined || value !== '' ? null : <kbd aria-hidden>{shortcut}</kbd>}
    </AriaSearchField>
  )
}
