/** Adding a connection, or changing one. */
import type { Connection } from '../../../../shared/model/connection.ts'
import type { ConnectionId } from '../../../../shared/model/ids.ts'
import { useChannel } from '../../api.ts'
import { paths } from '../../paths.ts'
import { FailureNotice, ScreenHeader, useEnvironmentBand } from '../../ui/index.ts'
import { ConnectionForm } from './ConnectionForm.tsx'
import './connections.css'

const connectionsCrumb = { words: 'Connections', to: paths.connections() }

export function NewConnectionPage() {
  return (
    <>
      <ScreenHeader title="New connection" crumb={connectionsCrumb} takesFocus={false} />
      <ConnectionForm connection={null} />
    </>
  )
}

export function EditConnectionPage({ connectionId }: { readonly connectionId: ConnectionId }) {
  const connection = useChannel('getConnection', { connectionId })
  useEnvironmentBand(connection.data?.environment)
  return (
    <>
      <ScreenHeader title={titleOf(connection.data)} crumb={connectionsCrumb} takesFocus={false} />
      {connection.error === null ? null : <FailureNotice failure={connection.error.failure} />}
      {connection.data === undefined ? null : <ConnectionForm key={connectionId} connection={connection.data} />}
    </>
  )
}

function titleOf(connection: Connection | undefined): string {
  return connection === undefined ? 'Edit connection' : `Edit ${connection.name}`
}
