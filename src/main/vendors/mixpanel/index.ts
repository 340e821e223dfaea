import type { Vendor } from '../../core/ports.ts'
import {
  authorize,
  cancelCall,
  eraseCall,
  redact,
  retrievalStatusCall,
  retrieveCall,
  sentForm,
  statusCall,
  testCall,
} from './call.ts'
import { namesOf } from './names.ts'
import { checkOrigin } from './origin.ts'
import { readCancel, readErase, readRetrievalStatus, readStatus, readTest } from './parse.ts'
import { mixpanelProfile } from './profile.ts'
import { mixpanelSandbox } from './sandbox.ts'
import { completeSettings } from './settings.ts'
import { mayBeCancelled } from './statuses.ts'

/** Mixpanel: deletions and retrievals of its GDPR API v3.0. */
export const mixpanel: Vendor = {
  profile: mixpanelProfile,
  authorization: 'the secret itself',
  checkOrigin,
  completeSettings,
  needsTypedCount: () => false,
  eraseCall,
  sentForm,
  namesOf,
  statusCall,
  testCall,
  authorize,
  readErase,
  readStatus,
  readTest,
  cancel: { call: cancelCall, read: readCancel, mayStill: mayBeCancelled },
  sandbox: mixpanelSandbox,
  retrieval: {
    call: retrieveCall,
    // A created task is answered alike, whatever it is for.
    read: readErase,
    statusCall: retrievalStatusCall,
    readStatus: readRetrievalStatus,
  },
  redact,
}
