/** The form of a connection. The secret goes from its field to main and is kept nowhere in the window. */
import { useEffect, useRef, useState } from 'react'
import { FormProvider, useForm } from 'react-hook-form'
import { useLocation } from 'wouter'
import { useQueryClient } from '@tanstack/react-query'
import type { Failure } from '../../../../shared/failure.ts'
import type { Connection, VendorId } from '../../../../shared/model/connection.ts'
import type { VendorProfile } from '../../../../shared/model/vendor.ts'
import { call, failureOf } from '../../api.ts'
import { paths } from '../../paths.ts'
import { useVendors } from '../../vendors.tsx'
import { Button, FailureNotice, Notice, RadioGroup, TextField, showToast } from '../../ui/index.ts'
import { AccountField } from './AccountField.tsx'
import { AdvancedSettings } from './AdvancedSettings.tsx'
import { OriginField } from './OriginField.tsx'
import { OwnSettings } from './OwnSettings.tsx'
import { SecretField } from './SecretField.tsx'
import { SetupHelp } from './SetupHelp.tsx'
import { createResolver, focusFirstMistake, useBound } from './form-fields.ts'
import { emptyFormValues, formValuesOf, toConnectionInput, type ConnectionFormValues } from './form-values.ts'

type Work = 'none' | 'saving' | 'testing'

type Begun = Pick<ConnectionFormValues, 'name' | 'environment'>

/** The form of a connection that exists, or of a new one at a vendor that is chosen first. */
export function ConnectionForm({ connection }: { readonly connection: Connection | null }) {
  const vendors = useVendors()
  const [chosen, setChosen] = useState<{ readonly vendor: VendorProfile | undefined; readonly begun: Begun | null }>({
    vendor: connection === null ? vendors[0] : vendors.find(({ id }) => id === connection.vendor),
    begun: null,
  })
  const { vendor, begun } = chosen
  if (vendor === undefined) {
    return (
      <Notice tone="warning" title="A vendor that this version does not know">
        Open the history with the version of Erasure Desk that made this connection.
      </Notice>
    )
  }
  return (
    <VendorForm
      key={vendor.id}
      connection={connection}
      vendor={vendor}
      begun={begun}
      onVendor={(id, values) => setChosen({ vendor: vendors.find((one) => one.id === id), begun: values })}
    />
  )
}

function VendorForm(properties: {
  readonly connection: Connection | null
  readonly vendor: VendorProfile
  /** What was typed before another vendor was chosen. */
  readonly begun: Begun | null
  readonly onVendor: (id: VendorId, begun: Begun) => void
}) {
  const { connection, vendor, begun, onVendor } = properties
  const [, navigate] = useLocation()
  const client = useQueryClient()
  const formElement = useRef<HTMLFormElement>(null)
  const [work, setWork] = useState<Work>('none')
  const [failure, setFailure] = useState<Failure | null>(null)
  const form = useForm<ConnectionFormValues>({
    defaultValues: connection === null ? { ...emptyFormValues(vendor), ...begun } : formValuesOf(connection),
    resolver: createResolver(connection, vendor),
    shouldFocusError: false,
  })

  useEffect(() => {
    // The form was drawn anew for the vendor chosen; whoever goes through the vendors by keys stays among them.
    if (begun !== null)
      formElement.current?.querySelector<HTMLInputElement>('[role="radiogroup"] input:checked')?.focus()
  }, [begun])

  // Called directly, not as a mutation: a mutation's input, the secret in it, would stay in the window's cache.
  const save = async (values: ConnectionFormValues, thenTest: boolean) => {
    setFailure(null)
    setWork('saving')
    try {
      const saved = await call('saveConnection', toConnectionInput(values, connection?.id ?? null))
      form.setValue('secret', '')
      if (thenTest) {
        setWork('testing')
        await call('testConnection', { connectionId: saved.id }).catch(() => null)
      }
      await client.invalidateQueries()
      showToast(`${saved.name} is saved.`)
      navigate(paths.connection(saved.id))
    } catch (error) {
      const told = failureOf(error)
      setFailure(told)
      const field = fieldOf(told)
      if (field !== null) form.setError(field, { type: 'main', message: told.message })
      focusFirstMistake(formElement.current)
    } finally {
      setWork('none')
    }
  }
  const submit = (thenTest: boolean) =>
    form.handleSubmit(
      (values) => save(values, thenTest),
      () => focusFirstMistake(formElement.current),
    )
  const leave = () => navigate(connection === null ? paths.connections() : paths.connection(connection.id))

  return (
    <FormProvider {...form}>
      <form
        ref={formElement}
        className="connection-form"
        noValidate
        aria-label={connection === null ? 'New connection' : `Edit ${connection.name}`}
        onSubmit={(event) => {
          event.preventDefault()
          if (work === 'none') void submit(true)()
        }}
      >
        <div className="connection-form-scroll">
          <div className="connection-form-columns">
            <div className="connection-form-fields">
              {failure === null ? null : <FailureNotice failure={failure} />}
              {connection === null ? (
                <VendorChoice
                  vendor={vendor}
                  onChange={(id) =>
                    onVendor(id, { name: form.getValues('name'), environment: form.getValues('environment') })
                  }
                />
              ) : null}
              <Basics connection={connection} vendor={vendor} takesFocus={begun === null} />
              <AccountField connection={connection} vendor={vendor} />
              <OwnSettings vendor={vendor} />
              <AdvancedSettings connection={connection} vendor={vendor} />
            </div>
            <SetupHelp vendor={vendor} />
          </div>
        </div>
        <div className="connection-form-footer">
          <Button kind="quiet" isDisabled={work !== 'none'} onPress={leave}>
            Cancel
          </Button>
          <span className="push" />
          <Button isPending={work !== 'none'} onPress={() => void submit(false)()}>
            Save
          </Button>
          <Button kind="primary" type="submit" isPending={work !== 'none'} shortcut="↵">
            {work === 'testing' ? 'Testing…' : work === 'saving' ? 'Saving…' : 'Save and test'}
          </Button>
        </div>
      </form>
    </FormProvider>
  )
}

/** Where there is one vendor alone nothing is asked. */
function VendorChoice(properties: { readonly vendor: VendorProfile; readonly onChange: (id: VendorId) => void }) {
  const vendors = useVendors()
  if (vendors.length < 2) return null
  return (
    <RadioGroup
      label="Vendor"
      value={properties.vendor.id}
      onChange={properties.onChange}
      options={vendors.map(({ id, name }) => ({ value: id, words: name }))}
    />
  )
}

function Basics(properties: {
  readonly connection: Connection | null
  readonly vendor: VendorProfile
  readonly takesFocus: boolean
}) {
  const { connection, vendor, takesFocus } = properties
  const name = useBound('name')
  const environment = useBound('environment')
  const clientId = useBound('clientId')
  const isFixed = connection !== null && connection.firstUsedAt !== null
  return (
    <>
      <TextField label="Name" {...name} autoFocus={takesFocus} isRequired placeholder={`${vendor.name} production`} />
      {connection?.isSandbox === true ? null : (
        <RadioGroup
          label="Environment"
          value={environment.value}
          onChange={environment.onChange}
          options={[
            { value: 'production', words: 'Production', hint: 'Real people’s data. Marked red everywhere.' },
            { value: 'staging', words: 'Staging', hint: 'A copy to try things on. Marked amber.' },
          ]}
        />
      )}
      {isFixed ? <FixedFact term={vendor.originLabel} value={connection.origin} /> : <OriginField vendor={vendor} />}
      {isFixed ? (
        <FixedFact term={vendor.clientId.label} value={connection.clientId} />
      ) : (
        <TextField
          label={vendor.clientId.label}
          {...clientId}
          mono
          isRequired
          placeholder={vendor.clientId.placeholder}
        />
      )}
      <SecretField savedAt={connection?.secretSavedAt ?? null} secret={vendor.secret} />
    </>
  )
}

function FixedFact({ term, value }: { readonly term: string; readonly value: string }) {
  return (
    <div className="field">
      <span className="fixed-term">{term}</span>
      <span>
        <span className="mono">{value}</span> <span className="faint">fixed after first use</span>
      </span>
    </div>
  )
}

const namedFields = ['name', 'origin', 'clientId', 'secret'] as const

/** The form's field that a failure of main's is about, null where it is about none of them. */
function fieldOf(failure: Failure): (typeof namedFields)[number] | null {
  return namedFields.find((field) => field === failure.field) ?? null
}
