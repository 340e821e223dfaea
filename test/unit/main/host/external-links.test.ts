import { describe, expect, test } from 'vitest'
import { externalLink } from '../../../../src/main/host/external-links.ts'

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
