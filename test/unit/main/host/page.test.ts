import { describe, expect, test } from 'vitest'
import { belongsTo, builtPage, developmentPage, mayLoad } from '../../../../src/main/host/page.ts'

describe('an address belongs to the page', () => {
  test.each(['app://erasure-desk/', 'app://erasure-desk/index.html#/requests', 'app://erasure-desk'])(
    '%s',
    (address) => {
      expect(belongsTo(builtPage, address)).toBe(true)
    },
  )

  test.each([
    'app://erasure-desk.evil.example/',
    'app://erasure-desk@evil.example/',
    'app://user@erasure-desk/',
    'app://erasure-desk:80/',
    'apps://erasure-desk/',
    'https://erasure-desk/',
    'file:///app://erasure-desk/',
    'about:blank',
    'null',
    '',
    null,
    undefined,
    {},
  ])('never %s', (address) => {
    expect(belongsTo(builtPage, address)).toBe(false)
  })
})

describe('the page may load', () => {
  test('nothing but itself', () => {
    expect(mayLoad(builtPage, 'app://erasure-desk/assets/index.js')).toBe(true)
    for (const address of [
      'https://platform.kore.ai/',
      'http://127.0.0.1/',
      'ws://127.0.0.1/',
      'devtools://devtools/',
      'blob:x',
    ])
      expect(mayLoad(builtPage, address)).toBe(false)
  })

  test('in development also the reloading socket of its own server', () => {
    const page = developmentPage('http://localhost:5173')!
    expect(mayLoad(page, 'http://localhost:5173/src/main.tsx')).toBe(true)
    expect(mayLoad(page, 'ws://localhost:5173/')).toBe(true)
    expect(mayLoad(page, 'ws://localhost:5174/')).toBe(false)
    expect(mayLoad(page, 'https://example.com/')).toBe(false)
  })
})

test('a development page is plain http on loopback alone', () => {
  expect(developmentPage(undefined)).toBeNull()
  expect(developmentPage('https://localhost:5173')).toBeNull()
  expect(developmentPage('http://example.com')).toBeNull()
  expect(developmentPage('http://localhost.example.com')).toBeNull()
})
