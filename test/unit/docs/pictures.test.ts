import { readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'

const folder = path.resolve(import.meta.dirname, '../../../docs/pictures')
const pictures = readdirSync(folder)

test('each picture is in light and dark, stands in the README or the guide, and is below 150 KB', () => {
  const guide = path.join(folder, '../guide')
  const pages = [path.join(folder, '../../README.md'), ...readdirSync(guide).map((name) => path.join(guide, name))]
  const text = pages.map((page) => readFileSync(page, 'utf8')).join('\n')
  expect(pictures.length).toBeGreaterThan(0)
  for (const picture of pictures) {
    expect(picture).toMatch(/-(?:light|dark)\.png$/)
    expect(pictures).toContain(picture.replace(/light|dark/, (theme) => (theme === 'light' ? 'dark' : 'light')))
    expect(text).toContain(`pictures/${picture}`)
  }
  expect(pictures.filter((picture) => statSync(path.join(folder, picture)).size >= 150_000)).toEqual([])
})
