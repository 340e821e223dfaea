/**
 * Another program that has a history open: does what SQL it is told with the arguments folder, key (hex) and SQL, says
 * "held", and lets go when it is ended.
 */
import { join } from 'node:path'
import { openFile } from '../../src/main/adapters/database/open-file.ts'

const [folder = '', cipherKey = '', statements = ''] = process.argv.slice(2)
const file = openFile(join(folder, 'history.db'), Buffer.from(cipherKey, 'hex'), 'writer')
file.exec(statements)
process.send?.('held')
process.on('disconnect', () => file.close())
