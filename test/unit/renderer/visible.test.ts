import { expect, test } from 'vitest'
import { splitVisible, writeVisible } from '../../../src/renderer/src/ui/visible.ts'

test('ordinary text is one part and stays as it is', () => {
  expect(splitVisible('José +tag@mail.example, 東京')).toEqual([
    { text: 'José +tag@mail.example, 東京', isHidden: false },
  ])
  expect(splitVisible('')).toEqual([])
})

test.each([
  ['direction', '\u202e', 'U+202E'],
  ['isolate', '\u2066', 'U+2066'],
  ['zero width', '\u200b', 'U+200B'],
  ['joiner', '\u200d', 'U+200D'],
  ['byte order mark', '\ufeff', 'U+FEFF'],
  ['no-break blank', '\u00a0', 'U+00A0'],
  ['soft hyphen', '\u00ad', 'U+00AD'],
  ['Hangul filler', '\u3164', 'U+3164'],
  ['tab', '\t', 'U+0009'],
  ['tag', '\u{e0041}', 'U+E0041'],
])('%s shows by its number', (_, character, name) => {
  expect(splitVisible(`u-1${character}7`)).toEqual([
    { text: 'u-1', isHidden: false },
    { text: name, isHidden: true },
    { text: '7', isHidden: false },
  ])
  expect(writeVisible(`u-1${character}`)).toBe(`u-1‹${name}›`)
})
