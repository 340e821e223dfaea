import { expect, test } from 'vitest'
import { nextZoom } from '../../../../../src/main/core/app/appearance.ts'

test('zoom goes by steps from 80 to 200 % and stays at either end', () => {
  const upwards = [0.8]
  for (let step = 0; step < 10; step += 1) upwards.push(nextZoom(upwards.at(-1)!, 'in'))
  expect(upwards).toEqual([0.8, 0.9, 1, 1.1, 1.25, 1.5, 1.75, 2, 2, 2, 2])
  expect(nextZoom(0.8, 'out')).toBe(0.8)
  expect(nextZoom(1, 'out')).toBe(0.9)
})

test('a zoom between two steps goes to the nearest in the direction', () => {
  expect(nextZoom(1.2, 'in')).toBe(1.25)
  expect(nextZoom(1.2, 'out')).toBe(1.1)
})
