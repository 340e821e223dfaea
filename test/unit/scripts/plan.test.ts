import { describe, expect, test } from 'vitest'
import { planRun } from '../../../scripts/run/plan.mjs'

const desktop = { linux: true, root: false, display: true, keychain: true, virtualDisplay: true, ownKeychain: true }
const server = { ...desktop, display: false, keychain: false }
const serverAsRoot = { ...server, root: true }

describe('tests', () => {
  test.each([desktop, server, { ...desktop, root: true }])(
    'never meet the user’s home, keychain or screen',
    (found) => {
      expect(planRun('isolated', found)).toEqual({
        otherUser: found.root,
        home: 'temporary',
        keychain: 'own',
        display: 'virtual',
      })
    },
  )

  test('use the real screen only where no other can be made', () => {
    expect(planRun('isolated', { ...desktop, virtualDisplay: false }).display).toBe('real')
    expect(planRun('isolated', { ...server, virtualDisplay: false }).display).toBe('none')
  })
})

describe('the demo', () => {
  test('runs on the visitor’s desktop as it is', () => {
    expect(planRun('visitor', desktop)).toEqual({
      otherUser: false,
      home: 'theirs',
      keychain: 'session',
      display: 'real',
    })
  })

  test('brings what a bare machine lacks', () => {
    expect(planRun('visitor', serverAsRoot)).toEqual({
      otherUser: true,
      home: 'temporary',
      keychain: 'own',
      display: 'virtual',
    })
  })

  test('never makes a keychain in the visitor’s own home', () => {
    expect(planRun('visitor', { ...desktop, keychain: false })).toEqual({
      otherUser: false,
      home: 'temporary',
      keychain: 'own',
      display: 'real',
    })
  })
})

describe('daily use', () => {
  test('takes the desktop as it is and puts nothing in place of a missing keychain', () => {
    expect(planRun('real', { ...desktop, keychain: false })).toEqual({
      otherUser: false,
      home: 'theirs',
      keychain: 'none',
      display: 'real',
    })
  })

  test('keeps home and keychain of the user that stands in for root', () => {
    expect(planRun('real', { ...desktop, root: true })).toEqual({
      otherUser: true,
      home: 'kept',
      keychain: 'own',
      display: 'real',
    })
  })

  test('has no display in memory', () => {
    expect(planRun('real', server).display).toBe('none')
  })
})
