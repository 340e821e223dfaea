import { describe, expect, test } from 'vitest'
import { externalLink, retrievedLink } from '../../../../src/main/host/external-links.ts'

const hosts = new Set(['docs.kore.ai', 'developer.kore.ai', 'koreai.mintlify.app'])

test.each([
  'https://docs.kore.ai/xo/apis/users/delete-user-data/',
  'https://developer.kore.ai/docs/bots/api-guide/apis/',
  'https://koreai.mintlify.app/agent-platform',
])('opens %s', (address) => {
  expect(externalLink(address, hosts)).toBe(address)
})

describe('opens nothing else', () => {
  test.each([
    'http://docs.kore.ai/',
    'https://docs.kore.ai.evil.example/',
    'https://evil.example/?https://docs.kore.ai/',
    'https://docs.kore.ai@evil.example/',
    'https://user:secret@docs.kore.ai/',
    'https://docs.kore.ai:8443/',
    'file:///etc/passwd',
    'javascript:alert(1)',
    'smb://docs.kore.ai/share',
    'docs.kore.ai',
    `https://docs.kore.ai/${'a'.repeat(2000)}`,
    '',
    null,
    undefined,
    42,
    { toString: () => 'https://docs.kore.ai/' },
    ['https://docs.kore.ai/'],
  ])('%s', (value) => {
    expect(externalLink(value, hosts)).toBeNull()
  })
})

test.each(['https://storage.example:8443/a?signature=x', 'http://127.0.0.1:4100/a.zip', 'http://localhost:4100/a.zip'])(
  'the file of a copy may be opened at %s',
  (address) => {
    expect(retrievedLink(address)).toBe(address)
  },
)

test.each([
  'http://storage.example/a',
  'http://127.0.0.1.evil.example/a',
  'https://user:secret@storage.example/a',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'smb://storage.example/a',
  'storage.example/a',
  '',
  null,
  { toString: () => 'https://storage.example/' },
])('the file of a copy is not opened at %s', (address) => {
  expect(retrievedLink(address)).toBeNull()
})
