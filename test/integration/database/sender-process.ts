/** A process of its own that sends from the history in the folder it is given: takes the lock, reserves one call. */
import { openDatabase } from '../../../src/main/adapters/database/client.ts'
import type { AccountId } from '../../../src/shared/model/ids.ts'
import { key, moment, must, start, workerUrl } from './support.ts'

const [folder = '', accountId = '0'] = process.argv.slice(2)
const database = must(await openDatabase({ workerUrl, folder, key, now: start }))
const sender = must(await database.takeSenderLock(moment(start)))
if (sender === null) {
  process.stdout.write('refused\n')
} else {
  const account = Number(accountId) as AccountId
  const input = { accountId: account, epoch: sender.epoch, ...moment(start), jti: 'jti-child', allowErase: true }
  const reserved = must(await database.reserveCall(input))
  process.stdout.write(`${reserved.kind}\n`)
}
// Held until it is ended from outside.
setInterval(() => {}, 60_000)
