/** That a connection's secret ends soon, or has ended, and what is done about it. */
import { useLocation } from 'wouter'
import type { Connection } from '../../../../shared/model/connection.ts'
import type { VendorProfile } from '../../../../shared/model/vendor.ts'
import { paths } from '../../paths.ts'
import { endingOf } from '../../secret-ending.ts'
import { Button, Notice, useNow } from '../../ui/index.ts'

export function ExpiryNotice(properties: { readonly connection: Connection; readonly vendor: VendorProfile }) {
  const { connection, vendor } = properties
  const [, navigate] = useLocation()
  const ending = endingOf(connection, vendor.secret.label, useNow())
  if (ending === null) return null
  const { standing, words, lastDay } = ending
  const what =
    standing === 'expired'
      ? `Its last day was ${lastDay}. Nothing leaves with it any more: what is queued waits, and nothing is lost.`
      : `Its last day is ${lastDay}. After it nothing leaves over this connection: what is queued waits.`
  return (
    <Notice
      tone={standing === 'soon' ? 'warning' : 'failure'}
      title={words}
      actions={
        <Button size="small" onPress={() => navigate(paths.editConnection(connection.id))}>
          Enter a new one
        </Button>
      }
    >
      {what} Make a new one at {vendor.name}, then save it here with its new last day.
    </Notice>
  )
}
