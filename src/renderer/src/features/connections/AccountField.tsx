/** Whose limits a connection draws on: those of an account of its own, or those it shares. */
import { useFormContext } from 'react-hook-form'
import type { Connection } from '../../../../shared/model/connection.ts'
import { useChannel } from '../../api.ts'
import { Select } from '../../ui/index.ts'
import { useBound } from './form-fields.ts'
import type { VendorProfile } from '../../../../shared/model/vendor.ts'
import { windowToValues, type ConnectionFormValues } from './form-values.ts'

export function AccountField({
  connection,
  vendor,
}: {
  readonly connection: Connection | null
  readonly vendor: VendorProfile
}) {
  const account = useBound('account')
  const form = useFormContext<ConnectionFormValues>()
  const accounts = (useChannel('listAccounts', {}).data ?? []).filter((entry) => entry.vendor === vendor.id)
  const connections = useChannel('listConnections', { retired: true }).data ?? []
  const isShared = connections.some((other) => other.accountId === connection?.accountId && other.id !== connection.id)
  // A new account begins with an unused budget: offered only where nothing has been counted on the present one alone.
  const offersOwn = connection === null || isShared
  const options = [
    ...(offersOwn ? [{ value: 'own', words: 'An account of its own' }] : []),
    ...accounts.map((entry) => ({ value: String(entry.id), words: entry.name, hint: entry.environment })),
  ]
  if (options.length < 2) return null

  /** The limits belong to the account: choosing one shows what holds there. */
  const choose = (value: string) => {
    account.onChange(value)
    const member = connections.find((other) => String(other.accountId) === value)
    form.setValue('windows', (member?.windows ?? vendor.windows).map(windowToValues))
    form.setValue('marginPercent', Math.round((member?.margin ?? 0.05) * 1000) / 10)
  }
  return (
    <Select
      label="Account at the vendor"
      value={account.value}
      onChange={choose}
      options={options}
      error={account.error}
      hint={vendor.accountWords}
    />
  )
}
