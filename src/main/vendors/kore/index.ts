import type { Vendor } from '../../core/ports.ts'
import { authorize, completeSettings, eraseCall, redact, sentForm, statusCall, testCall } from './call.ts'
import { lookUpCall, lookUpTestCall, namesOfLookedUp, readLookUp, readLookUpTest } from './look-up.ts'
import { namesOf } from './names.ts'
import { checkOrigin } from './origin.ts'
import { readErase, readStatus, readTest } from './parse.ts'
import { koreProfile } from './profile.ts'
import { koreSandbox } from './sandbox.ts'

/** Kore.ai: Delete Customer Data, its status, and Get User Information. */
export const kore: Vendor = {
  profile: koreProfile,
  authorization: 'signed token',
  checkOrigin,
  completeSettings,
  needsTypedCount: ({ kind }) => kind === 'all bots',
  eraseCall,
  sentForm,
  namesOf,
  statusCall,
  testCall,
  authorize,
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
  sandbox: koreSandbox,
}
