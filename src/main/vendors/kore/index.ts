import type { Vendor } from '../../core/ports.ts'
import { checkSettings, eraseCall, redact, sentForm, statusCall, testCall, withToken } from './call.ts'
import { koreDoesNotReach, koreVendorTime, koreWindows } from './limits.ts'
import { namesOf } from './names.ts'
import { checkOrigin } from './origin.ts'
import { readErase, readStatus, readTest } from './parse.ts'

/** Kore.ai: Delete Customer Data, and its status. */
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
}
