import { describe, expect, test } from 'vitest'
import { initialWindowState, readWindowState, usableBounds } from '../../../../src/main/host/window-state.ts'

test('reads what it was given, and begins anew from anything else', () => {
  const state = { bounds: { x: 10, y: 20, width: 1200, height: 800 }, maximized: true, theme: 'dark', zoom: 1.25 }
  expect(readWindowState(JSON.stringify(state))).toEqual(state)
  for (const text of [
    null,
    '',
    '{',
    '[]',
    JSON.stringify({ ...state, zoom: 40 }),
    JSON.stringify({ ...state, bounds: 1 }),
  ])
    expect(readWindowState(text)).toEqual(initialWindowState)
})

describe('remembered bounds', () => {
  const screen = { x: 0, y: 0, width: 1920, height: 1080 }
  const bounds = { x: 100, y: 100, width: 1180, height: 760 }

  test('hold where the window can be reached', () => {
    expect(usableBounds(bounds, [screen])).toEqual(bounds)
    expect(usableBounds({ ...bounds, x: -1000 }, [screen])).toEqual({ ...bounds, x: -1000 })
  })

  test('are forgotten where the display is gone', () => {
    expect(usableBounds(null, [screen])).toBeNull()
    expect(usableBounds({ ...bounds, x: 1900 }, [screen])).toBeNull()
    expect(usableBounds({ ...bounds, y: -20 }, [screen])).toBeNull()
    expect(usableBounds({ ...bounds, x: 3000 }, [screen])).toBeNull()
  })
})
