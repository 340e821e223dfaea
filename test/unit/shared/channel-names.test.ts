import { expect, test } from 'vitest'
import { callName, channelNames } from '../../../src/shared/channel-names.ts'
import { contract } from '../../../src/shared/contract.ts'

test('lists every channel of the contract, and no other', () => {
  expect(channelNames.toSorted()).toEqual(Object.keys(contract).toSorted())
})

test('gives every channel a name of its own between the processes', () => {
  expect(new Set(channelNames.map(callName)).size).toBe(channelNames.length)
})
