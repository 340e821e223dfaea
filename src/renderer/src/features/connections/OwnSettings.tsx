/** The settings that one vendor alone has, drawn from its profile; what follows from them is shown beside them. */
import { useWatch } from 'react-hook-form'
import type { OwnSetting, VendorProfile } from '../../../../shared/model/vendor.ts'
import { useChannel } from '../../api.ts'
import { Checkbox, NumberField, RadioGroup, formatNumber } from '../../ui/index.ts'
import { useBound } from './form-fields.ts'
import { toConnectionInput, type ConnectionFormValues } from './form-values.ts'

export function OwnSettings({ vendor }: { readonly vendor: VendorProfile }) {
  const own = useBound('own')
  if (vendor.ownSettings.length === 0) return null
  return (
    <>
      {vendor.ownSettings.map((setting) => (
        <OwnField
          key={setting.key}
          setting={setting}
          value={own.value[setting.key] ?? setting.initial}
          onChange={(value) => own.onChange({ ...own.value, [setting.key]: value })}
        />
      ))}
      {own.error === undefined ? null : <p className="field-error">{own.error}</p>}
      {vendor.callSize.follows ? <CallSize vendor={vendor} /> : null}
    </>
  )
}

type Value = string | number | boolean

function OwnField(properties: {
  readonly setting: OwnSetting
  readonly value: Value
  readonly onChange: (value: Value) => void
}) {
  const { setting, value, onChange } = properties
  switch (setting.kind) {
    case 'number':
      return (
        <NumberField
          label={setting.label}
          value={Number(value)}
          onChange={onChange}
          minValue={setting.least}
          maxValue={setting.most}
          hint={setting.hint}
          {...(setting.unit === '' ? {} : { unit: setting.unit })}
        />
      )
    case 'choice':
      return (
        <RadioGroup
          label={setting.label}
          value={String(value)}
          onChange={onChange}
          hint={setting.hint}
          options={setting.choices.map((choice) => ({ value: choice.value, words: choice.label, hint: choice.hint }))}
        />
      )
    case 'switch':
      return (
        <div className="field">
          <Checkbox isSelected={value === true} onChange={onChange}>
            {setting.label}
          </Checkbox>
          <span className="hint">{setting.hint}</span>
        </div>
      )
  }
}

/** How many identifiers a call will carry, as main works it out. */
function CallSize({ vendor }: { readonly vendor: VendorProfile }) {
  const values = useWatch<ConnectionFormValues>() as ConnectionFormValues
  const { settings } = toConnectionInput(values, null)
  const complete = useChannel(
    'completeSettings',
    { vendor: vendor.id, settings: settings ?? {} },
    { keepPrevious: true },
  )
  return (
    <p className="dim" role="status">
      {complete.data === undefined
        ? ' '
        : `Each call carries at most ${formatNumber(complete.data.identifiersPerCall)} identifiers. ${vendor.callSize.hint}`}
    </p>
  )
}
