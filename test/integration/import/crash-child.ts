/** A process that is killed in the middle of an import: imports a file and tells its parent when rows have arrived. */
import { must } from '../database/support.ts'
import { openDesk } from './support.ts'

const desk = await openDesk()
const requestId = await desk.newDraft()
const path = desk.write('rows.csv', `user_id\n${Array.from({ length: 300_000 }, (_, row) => `u-${row}\n`).join('')}`)
const { format, roles } = must(await desk.imports.inspect(path, {}))
const started = must(await desk.imports.start({ requestId, path, format, roles: [...roles] }))
await desk.until(started.id, ({ identifiers, status }) => identifiers > 0 || status !== 'running')
process.send?.({ history: desk.history, importId: started.id })
