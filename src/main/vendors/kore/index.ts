import type { Vendor } from '../../core/ports.ts'
import { checkSettings, eraseCall, redact, sentForm, statusCall, testCall, withToken } from './call.ts'
import { lookUpCall, lookUpTestCall, namesOfLookedUp, readLookUp, readLookUpTest } from './look-up.ts'
import { koreDoesNotReach, koreVendorTime, koreWindows } from './limits.ts'
import { namesOf } from './names.ts'
import { checkOrigin } from './origin.ts'
import { readErase, readStatus, readTest } from './parse.ts'

/** Kore.ai: Delete Customer Data, its status, and Get User Information. */
export const kore: Vendor = {
  id: 'kore',
  name: 'Kore.ai',
  windows: koreWindows,
  doesNotReach: koreDoesNotReach,
  vendorTime: koreVendorTime,
  checkOrigin,
  checkSettings,
  eraseCall,
  sentForm,
  namesOf,
  statusCall,
  testCall,
  withToken,
  readErase,
  readStatus,
  readTest,
  redact,
  lookUp: {
    call: lookUpCall,
    read: readLookUp,
    testCall: lookUpTestCall,
    readTest: readLookUpTest,
    namesOf: namesOfLookedUp,
  },
}
