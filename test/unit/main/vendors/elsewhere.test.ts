/**
 * Vendors are known in their folders and nowhere else: no other room has the name of one in its code or in its words,
 * so that none can ask which vendor it is. Comments may name one, where a source is followed.
 */
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parseAst } from 'vite'
import { expect, test } from 'vitest'
import { vendors } from '../../../../src/main/vendors/index.ts'

const root = path.resolve(import.meta.dirname, '../../../..')

/** Rooms that are about vendors. */
const roomsOfVendors = ['src/main/vendors/', 'src/sandbox/']

const names = Object.values(vendors).flatMap(({ profile: { id, name } }) => [id, name])
const pattern = new RegExp(names.map((name) => name.replaceAll(/[^\w]/g, '\\$&')).join('|'), 'i')

test('no room but the vendors’ own names one', () => {
  const found = Object.fromEntries(
    sourceFiles('src')
      .filter((file) => !roomsOfVendors.some((room) => file.startsWith(room)))
      .map((file) => [file, namingTexts(file)] as const)
      .filter(([, texts]) => texts.length > 0),
  )
  expect(found).toEqual({})
})

test('a name is found in a comparison, a type, a template, a key and the words of a screen, and not in a comment', () => {
  const found = (text: string) => textsIn(text, 'tsx')
  expect(found(`if (vendor === 'kore') send()`)).toEqual(['kore'])
  expect(found(`type Vendor = 'mixpanel' | 'other'`)).toEqual(['mixpanel'])
  expect(found('const words = `Set up at Kore.ai, ${name}`')).toEqual(['Set up at Kore.ai, '])
  expect(found(`const limits = { mixpanel: 1 }`)).toEqual(['mixpanel'])
  expect(found(`const line = <p title="Kore.ai">At Mixpanel</p>`)).toEqual(['At Mixpanel', 'Kore.ai'])
  expect(found(`// As Kore.ai's page says.\nconst limit = 60`)).toEqual([])
})

test('the vendor that tests make up knows what a vendor’s folder may know, and nothing else', () => {
  const folder = 'test/integration/third-vendor/fernhill'
  const imported = sourceFiles(folder).flatMap((file) =>
    [...readFileSync(path.join(root, file), 'utf8').matchAll(/ from '([^']+)'/g)].map(([, from = '']) =>
      from.startsWith('.') ? path.posix.join(path.posix.dirname(file), from) : from,
    ),
  )
  const allowed = ['zod', `${folder}/`, 'src/shared/', 'src/main/core/ports.ts', 'src/main/vendors/common/']
  expect(imported.length).toBeGreaterThan(10)
  expect(imported.filter((from) => !allowed.some((begin) => from.startsWith(begin)))).toEqual([])
})

/** Every TypeScript file below a folder, by its path from the root, in order. */
function sourceFiles(folder: string): readonly string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => path.posix.join(folder, name.split(path.sep).join('/')))
    .toSorted()
}

function namingTexts(file: string): readonly string[] {
  return textsIn(readFileSync(path.join(root, file), 'utf8'), file.endsWith('x') ? 'tsx' : 'ts')
}

/** The texts of a source that name a vendor, each once, in order: names, strings, templates, and words between tags. */
function textsIn(source: string, lang: 'ts' | 'tsx'): readonly string[] {
  if (!pattern.test(source)) return []
  const texts = new Set<string>()
  const look = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    for (const [key, part] of Object.entries(node)) {
      if (typeof part !== 'string') look(part)
      else if (['value', 'cooked', 'name'].includes(key) && pattern.test(part)) texts.add(part)
    }
  }
  look(parseAst(source, { lang }))
  return [...texts].toSorted()
}
