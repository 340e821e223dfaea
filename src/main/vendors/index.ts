import type { Vendors } from '../core/ports.ts'
import { kore } from './kore/index.ts'
import { mixpanel } from './mixpanel/index.ts'

/** Every vendor the app knows, by the id in its profile: a folder and a line here. */
export const vendors = { kore, mixpanel } satisfies Vendors
