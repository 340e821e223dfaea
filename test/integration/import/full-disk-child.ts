/** On a disk of its own that is too small: imports a large file, makes room, imports a small one, and tells its parent. */
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { must, openBeside } from '../database/support.ts'
import { importFile, openDesk } from './support.ts'

const disk = process.argv[2] ?? ''
const ballast = join(disk, 'ballast')
writeFileSync(ballast, Buffer.alloc(33_554_432))
const desk = await openDesk({ place: disk })
const requestId = await desk.newDraft()
// The file itself lies elsewhere: only the history's disk is full.
const rows = Array.from({ length: 200_000 }, (_, row) => `person.${row}@mail.example\n`).join('')
// Another program that reads keeps the log from being used anew, so that it grows until nothing more fits, not even what
// takes the rows back.
const onlooker = openBeside(desk.history)
onlooker.exec('BEGIN; SELECT count(*) FROM identifier')
const reading = importFile(desk, requestId, desk.write('large.csv', `email\n${rows}`))
await desk.untilTold(() => desk.imports.trouble() !== null)
const trouble = desk.imports.trouble()
onlooker.close()
rmSync(ballast)
const large = must(await reading)
const small = must(
  await importFile(desk, requestId, desk.write('small.csv', 'email\na@mail.example\nA@mail.example\n')),
)
const after = desk.imports.trouble()
const file = openBeside(desk.history)
const sound = file.pragma('integrity_check', { simple: true })
const identifiers = file.prepare('SELECT count(*) FROM identifier').pluck().get()
const tokens = file.prepare('SELECT count(*) FROM identifier_token').pluck().get()
file.close()
process.send?.({ trouble, after, large, small, sound, identifiers, tokens })
await desk.close()
process.disconnect()
