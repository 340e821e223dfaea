/** A process that dies between the two readings of a case's file, once its parent has heard of the case. */
import { readFileSync } from 'node:fs'
import { once } from 'node:events'
import path from 'node:path'
import { historyKeyName } from '../../../src/main/core/app/history-key.ts'
import { createMemorySecrets, must } from '../../support/engine.ts'
import { openBench } from './support.ts'

const secrets = createMemorySecrets()
const goOn = once(process, 'message')
const bench = await openBench(
  {},
  {
    database: (database) => ({
      ...database,
      startImport: async (input) => {
        if (input.reading?.position !== 1) return await database.startImport(input)
        await goOn
        process.kill(process.pid, 'SIGKILL')
        return await new Promise(() => {})
      },
    }),
  },
  secrets,
)
const file = bench.write('person,id,distinct\nA,u-1,d-1\nB,u-2,d-2\n')
const started = await bench.desk.get(
  'startCase',
  await bench.inputOf(file, ['person', 'kore.user id', 'mixpanel.distinct id']),
)
await bench.desk.until(async () => {
  const { parts } = await bench.desk.get('getCase', { caseId: started.id })
  return parts[0]?.readings[0]?.summary?.status === 'done' ? true : undefined
})
const name = historyKeyName(readFileSync(path.join(bench.folder, 'history-id'), 'utf8').trim())
process.send?.({
  folder: bench.folder,
  secrets: { [name]: must(await secrets.read(name)) },
  caseId: started.id,
  requestIds: started.parts.map(({ request }) => request?.id),
})
