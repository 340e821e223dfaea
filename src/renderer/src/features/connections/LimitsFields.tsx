/** The vendor's rolling windows, each as "at most N calls in any …", and the share that stays free. */
import { Plus, X } from 'lucide-react'
import { Button, IconButton, NumberField, Select } from '../../ui/index.ts'
import type { VendorProfile } from '../../../../shared/model/vendor.ts'
import { useBound } from './form-fields.ts'
import { windowUnits, type WindowValues } from './form-values.ts'

const mostWindows = 6

export function LimitsFields({ vendor }: { readonly vendor: VendorProfile }) {
  const windows = useBound('windows')
  const margin = useBound('marginPercent')
  const change = (index: number, next: Partial<WindowValues>) =>
    windows.onChange(windows.value.map((window, position) => (position === index ? { ...window, ...next } : window)))
  return (
    <div className="field-grid">
      <fieldset className="limits">
        <legend>At most this many calls</legend>
        {windows.value.map((window, index) => (
          // Rows have no identity but their place.
          // eslint-disable-next-line react/no-array-index-key
          <div key={index} className="limit-row">
            <NumberField
              label={`Calls, limit ${index + 1}`}
              value={window.calls}
              onChange={(calls) => change(index, { calls })}
              minValue={1}
              unit="in any"
              width={80}
            />
            <NumberField
              label={`Length, limit ${index + 1}`}
              value={window.length}
              onChange={(length) => change(index, { length })}
              minValue={1}
              width={64}
            />
            <Select
              label={`Unit, limit ${index + 1}`}
              labelHidden
              value={window.unit}
              onChange={(unit) => change(index, { unit })}
              options={windowUnits.map((unit) => ({ value: unit, words: window.length === 1 ? unit : `${unit}s` }))}
              width={104}
            />
            {windows.value.length === 1 ? null : (
              <IconButton
                icon={X}
                label={`Remove limit ${index + 1}`}
                onPress={() => windows.onChange(windows.value.filter((_, position) => position !== index))}
              />
            )}
          </div>
        ))}
        {windows.value.length >= mostWindows ? null : (
          <Button
            size="small"
            icon={Plus}
            onPress={() => windows.onChange([...windows.value, { calls: 1, length: 1, unit: 'second' }])}
          >
            Add a limit
          </Button>
        )}
        {windows.error === undefined ? null : <p className="field-error">{windows.error}</p>}
        <p className="hint">{vendor.windowsWords}</p>
      </fieldset>
      <NumberField
        label="Kept free"
        {...margin}
        unit="%"
        minValue={0}
        maxValue={90}
        hint="For whoever else calls with this account."
      />
    </div>
  )
}
