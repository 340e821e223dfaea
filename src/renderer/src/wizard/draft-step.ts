/** Which step a draft opens at: remembered by the window, so that other screens can lead to one. */
import type { RequestId } from '../../../shared/model/ids.ts'

/** The name under which the window remembers it. */
export const draftStepKey = (id: RequestId): string => `draft/${id}/step`
