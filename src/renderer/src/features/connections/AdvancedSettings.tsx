/** What most connections never change, folded away; each line says how it stands. */
import { useWatch } from 'react-hook-form'
import type { Connection } from '../../../../shared/model/connection.ts'
import type { SettingsPart, VendorProfile } from '../../../../shared/model/vendor.ts'
import { Checkbox, Disclosure, NumberField, RadioGroup, Select, TextField } from '../../ui/index.ts'
import { LimitsFields } from './LimitsFields.tsx'
import { useBound } from './form-fields.ts'
import { windowFromValues, type ConnectionFormValues } from './form-values.ts'
import { callSizeHint, describeLimits } from './words.ts'

export function AdvancedSettings({
  connection,
  vendor,
}: {
  readonly connection: Connection | null
  readonly vendor: VendorProfile
}) {
  const has = (part: SettingsPart) => vendor.settingsParts.includes(part)
  const values = useWatch<ConnectionFormValues>() as ConnectionFormValues
  const limits = describeLimits({ windows: values.windows.map(windowFromValues), margin: values.marginPercent / 100 })
  return (
    <section className="advanced" aria-labelledby="advanced-title">
      <h2 id="advanced-title">Seldom changed</h2>
      <Disclosure title="Limits" hint={limits}>
        <LimitsFields vendor={vendor} />
      </Disclosure>
      {has('signing') ? (
        <Disclosure title="Signing" hint={`${values.algorithm}, ${values.lifetimeSeconds} s`}>
          <SigningFields />
        </Disclosure>
      ) : null}
      <Disclosure
        title="Erase calls"
        hint={
          vendor.callSize.follows
            ? `given up after ${values.callTimeoutSeconds} s`
            : `${values.identifiersPerCall} identifiers each`
        }
      >
        <CallFields connection={connection} vendor={vendor} />
      </Disclosure>
      {vendor.lookUpWords === null ? null : (
        <Disclosure title="Look-up before sending" hint={values.lookUpFirst ? 'on, one more call for each' : 'off'}>
          <LookUpFields words={vendor.lookUpWords} />
        </Disclosure>
      )}
      <Disclosure
        title="Status answers"
        hint={
          has('quiet time') ? `quiet time ${values.quietHours} h` : `first asked after ${values.firstPollSeconds} s`
        }
      >
        <StatusFields vendor={vendor} />
      </Disclosure>
    </section>
  )
}

function SigningFields() {
  const algorithm = useBound('algorithm')
  const lifetime = useBound('lifetimeSeconds')
  const subject = useBound('subject')
  return (
    <div className="field-grid">
      <Select
        label="Algorithm"
        {...algorithm}
        options={[
          { value: 'HS256', words: 'HS256', hint: 'the usual one' },
          { value: 'HS384', words: 'HS384' },
          { value: 'HS512', words: 'HS512' },
        ]}
      />
      <NumberField
        label="A token is valid for"
        {...lifetime}
        unit="s"
        minValue={10}
        maxValue={3600}
        hint="At most an hour. Every call gets a token of its own."
      />
      <TextField label="Subject" {...subject} mono hint="The sub claim. Empty: the client id." />
    </div>
  )
}

function CallFields({
  connection,
  vendor,
}: {
  readonly connection: Connection | null
  readonly vendor: VendorProfile
}) {
  const has = (part: SettingsPart) => vendor.settingsParts.includes(part)
  const perCall = useBound('identifiersPerCall')
  const timeout = useBound('callTimeoutSeconds')
  const override = useBound('methodOverride')
  const pairForm = useBound('pairForm')
  const template = useBound('pairTemplate')
  return (
    <div className="field-grid">
      {vendor.callSize.follows ? null : (
        <NumberField
          label="Identifiers per call"
          {...perCall}
          minValue={1}
          maxValue={vendor.callSize.most}
          hint={callSizeHint(connection, vendor.callSize.hint)}
        />
      )}
      <NumberField
        label="Give a call up after"
        {...timeout}
        unit="s"
        minValue={1}
        maxValue={600}
        hint="The outcome of an erase call that was given up is unknown."
      />
      {has('channel pairs') ? (
        <RadioGroup
          label="Channel pairs are written as"
          {...pairForm}
          hint="Not documented by the vendor. Try it with one pair before you send many."
          options={[
            { value: 'object', words: 'An object', hint: '{"channel_id": …, "channel_user_id": …}' },
            { value: 'two entries', words: 'Two entries', hint: 'the channel id, then the channel user id' },
            { value: 'template', words: 'A text', hint: 'one text made from a template' },
          ]}
        />
      ) : null}
      {has('channel pairs') && pairForm.value === 'template' ? (
        <TextField
          label="Template"
          {...template}
          mono
          placeholder="{channel_id}:{channel_user_id}"
          hint="With {channel_id} and {channel_user_id} in it."
        />
      ) : null}
      {has('method override') ? (
        <div className="field">
          <Checkbox isSelected={override.value} onChange={override.onChange}>
            Send POST with x-http-method-override: delete
          </Checkbox>
          <span className="hint">For a proxy that strips the body of a DELETE. {vendor.name} documents DELETE.</span>
        </div>
      ) : null}
    </div>
  )
}

function LookUpFields({ words }: { readonly words: string }) {
  const lookUp = useBound('lookUpFirst')
  return (
    <div className="field-grid">
      <div className="field">
        <Checkbox isSelected={lookUp.value} onChange={lookUp.onChange}>
          Look up the vendor’s own user id of every email before it is erased
        </Checkbox>
        <span className="hint">{words}</span>
      </div>
    </div>
  )
}

function StatusFields({ vendor }: { readonly vendor: VendorProfile }) {
  const has = (part: SettingsPart) => vendor.settingsParts.includes(part)
  const first = useBound('firstPollSeconds')
  const longest = useBound('longestPollMinutes')
  const jitter = useBound('jitterPercent')
  const quiet = useBound('quietHours')
  const words = useBound('failureWords')
  return (
    <div className="field-grid">
      <NumberField
        label="First asked after"
        {...first}
        unit="s"
        minValue={0.5}
        hint="Later where the batches before took longer: each is asked when it is likely to be done."
      />
      <NumberField label="At the longest every" {...longest} unit="min" minValue={1} />
      <NumberField
        label="Waits vary by"
        {...jitter}
        unit="%"
        minValue={0}
        maxValue={50}
        hint="Spreads status calls, and the next try after a call that did not leave."
      />
      {has('quiet time') ? (
        <NumberField
          label="Quiet time"
          {...quiet}
          unit="h"
          minValue={0.001}
          hint={`${vendor.name} marks no end. When an answer has not changed for this long, identifiers it does not name become unconfirmed.`}
        />
      ) : null}
      {has('more failure words') ? (
        <TextField
          label="More status words that mean failed"
          {...words}
          rows={3}
          mono
          hint="One a line. FAILED, FAILURE, ERROR and REJECTED are known already."
        />
      ) : null}
    </div>
  )
}
