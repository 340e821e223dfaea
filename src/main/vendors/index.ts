import type { VendorId } from '../../shared/model/connection.ts'
import type { Vendor } from '../core/ports.ts'
import { kore } from './kore/index.ts'

/** Every vendor the app knows: a folder and a line here. */
export const vendors: Readonly<Record<VendorId, Vendor>> = { kore }
