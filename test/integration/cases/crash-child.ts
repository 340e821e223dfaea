/** A process that dies where its argument says, once its parent has heard of the case. */
import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import path from 'node:path'
import { historyKeyName } from '../../../src/main/core/app/history-key.ts'
import { createMemorySecrets, must } from '../../support/engine.ts'
import { openBench } from './support.ts'

export type Death = 'between two readings' | 'handing rows over' | 'leaving a connection out' | 'discarding'

const death = process.argv[2] as Death
const secrets = createMemorySecrets()
const goOn = once(process, 'message')

/** Never settles. */
async function die(): Promise<never> {
  process.kill(process.pid, 'SIGKILL')
  return await new Promise(() => {})
}

const bench = await openBench(
  {},
  {
    database: (database) => ({
      ...database,
      startImport: async (input) => {
        if (death !== 'between two readings' || input.reading?.position !== 1) return await database.startImport(input)
        await goOn
        return await die()
      },
    }),
  },
  secrets,
)
const { desk } = bench
/** Enough for what takes it away to last: people, and rows that are broken as a whole. */
const rows =
  death === 'between two readings'
    ? ['A,u-1,d-1', 'B,u-2,d-2']
    : Array.from({ length: 40_000 }, (_, row) => (row % 2 === 0 ? `P-${row},u-${row},d-${row}` : `P-${row},u-${row}`))
const file = bench.write(`person,id,distinct\n${rows.join('\n')}\n`)
const started = await desk.get(
  'startCase',
  await bench.inputOf(file, ['person', 'kore.user id', 'mixpanel.distinct id']),
)
const { id: caseId } = started
const read = death === 'between two readings' ? 0 : 1
await desk.until(async () => {
  const { parts } = await desk.get('getCase', { caseId })
  return parts[read]?.readings[0]?.summary?.status === 'done' ? true : undefined
})
const name = historyKeyName(readFileSync(path.join(bench.folder, 'history-id'), 'utf8').trim())
process.send?.({
  folder: bench.folder,
  secrets: { [name]: must(await secrets.read(name)) },
  caseId,
  requestIds: started.parts.map(({ request }) => request?.id),
  rows: rows.length,
})
await goOn
await desk.until(async () => ((await desk.get('getCase', { caseId })).reading === 'done' ? true : undefined))
if (death === 'discarding') void desk.ask('discardCase', { caseId })
else void desk.ask('leaveOutPart', { caseId, connectionId: bench.connections.kore, reason: 'No bot is in use.' })
for (;;) {
  if (await hasBegun()) await die()
}

/** What the operator asked for is under way: seen from outside, with most of its rows still to go. */
async function hasBegun(): Promise<boolean> {
  if (death !== 'handing rows over') {
    const { total } = await desk.get('listRequests', { filter: 'all', anchor: { index: 0 }, limit: 1 })
    return total < started.parts.length
  }
  const { parts } = await desk.get('getCase', { caseId })
  return (parts[1]?.readings[0]?.summary?.rejects ?? 0) > 0
}
