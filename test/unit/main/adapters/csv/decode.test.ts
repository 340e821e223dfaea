import { describe, expect, test } from 'vitest'
import { createDecoder } from '../../../../../src/main/adapters/csv/decode.ts'
import { detectDelimiter, detectEncoding, recogniseOtherFormat } from '../../../../../src/main/adapters/csv/detect.ts'
import type { Encoding } from '../../../../../src/shared/model/import.ts'

const text = 'id,name\r\n1,Zoë 漢 🙂 “x” €\r\n'
const little = Buffer.from(text, 'utf16le')
const big = Buffer.from(little).swap16()
const western = Buffer.concat([Buffer.from('id,name\n1,Zo'), Buffer.from([0xeb, 0x80, 0x93, 0x94, 0x9c, 0xff])])

const files: readonly (readonly [string, Encoding, Buffer, string])[] = [
  ['UTF-8', 'utf-8', Buffer.from(text), text],
  ['UTF-8 with BOM', 'utf-8', Buffer.from(`\ufeff${text}`), text],
  ['UTF-16 LE with BOM', 'utf-16le', Buffer.concat([Buffer.from([0xff, 0xfe]), little]), text],
  ['UTF-16 LE', 'utf-16le', little, text],
  ['UTF-16 BE with BOM', 'utf-16be', Buffer.concat([Buffer.from([0xfe, 0xff]), big]), text],
  ['UTF-16 BE', 'utf-16be', big, text],
  ['Windows-1252', 'windows-1252', western, 'id,name\n1,Zoë€“”œÿ'],
]

describe.each(files)('%s', (_, encoding, bytes, expected) => {
  test('is decoded, cut at every byte and into pieces of every size', () => {
    for (let size = 1; size <= bytes.length; size += 1) {
      const decoder = createDecoder(encoding)
      let decoded = ''
      for (let at = 0; at < bytes.length; at += size) decoded += decoder.write(bytes.subarray(at, at + size))
      expect(decoded + decoder.end(), `pieces of ${size}`).toBe(expected)
    }
  })

  test('is detected', () => expect(detectEncoding(bytes)).toBe(encoding))
})

test('a file cut inside a character is still UTF-8', () =>
  expect(detectEncoding(Buffer.from('id,Zoë').subarray(0, -1))).toBe('utf-8'))

test.each<[Encoding, number[]]>([
  ['utf-8', [0x61, 0xeb, 0x62]],
  ['utf-16le', [0x61, 0x00, 0x62]],
  ['utf-16be', [0x00, 0x61, 0x00]],
  ['utf-16le', [0x00, 0xd8, 0x61, 0x00]],
])('bytes that are no %s throw instead of becoming another character', (encoding, bytes) => {
  const decoder = createDecoder(encoding)
  expect(() => decoder.write(Uint8Array.from(bytes)) + decoder.end()).toThrow(TypeError)
})

test.each([
  [',', 'id,mail,bots\n1,a@b.example,st-1;st-2\n2,c@d.example,st-1;st-2\n'],
  [';', 'id;mail\n1;"a,b"\n2;x,y\n'],
  ['\t', 'id\tmail\n1\ta@b.example\n'],
  ['|', 'id|mail\n1|a,b\n2|c\n'],
  [',', 'mail\na@b.example\n'],
  [';', '"name; first";id\n"Doe; J";1\n'],
  [',', 'user id,bots\na@b.example,st-1;st-2\n'],
])('the delimiter %j is found', (delimiter, sample) => expect(detectDelimiter(sample, true)).toBe(delimiter))

test.each([
  ['zip or xlsx', Buffer.from('PK\u0003\u0004rest')],
  ['xls', Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1, 0x1a, 0xe1, 0])],
  ['pdf', Buffer.from('%PDF-1.7')],
  [null, Buffer.from('id,mail\n')],
])('%s is told apart by its first bytes', (name, bytes) => expect(recogniseOtherFormat(bytes)).toBe(name))
