/** Opens the history on a file system that is mounted read-only, and tells its parent what came of it. */
import { openDatabase } from '../../../src/main/adapters/database/client.ts'
import { key, start, workerUrl } from './support.ts'

const opened = await openDatabase({ workerUrl, folder: process.argv[2] ?? '', key, now: start })
process.send?.(opened.ok ? 'opened' : opened.failure)
process.disconnect()
