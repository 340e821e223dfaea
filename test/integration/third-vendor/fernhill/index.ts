import type { Vendor } from '../../../../src/main/core/ports.ts'
import { mayStillBeCancelled, namesOf, readCancel, readErase, readStatus, readTest } from './answer.ts'
import {
  authorize,
  cancelCall,
  checkOrigin,
  completeSettings,
  eraseCall,
  redact,
  sentForm,
  statusCall,
  testCall,
} from './call.ts'
import { fernhillProfile } from './profile.ts'

/** Fernhill: erasures of a whole workspace, an outcome for each subject, and withdrawing what has not begun. */
export const fernhill: Vendor = {
  profile: fernhillProfile,
  authorization: 'the secret itself',
  checkOrigin,
  completeSettings,
  needsTypedCount: () => true,
  eraseCall,
  sentForm,
  namesOf,
  statusCall,
  testCall,
  authorize,
  redact,
  readErase,
  readStatus,
  readTest,
  cancel: { call: cancelCall, read: readCancel, mayStill: mayStillBeCancelled },
}
