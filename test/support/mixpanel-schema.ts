/**
 * Mixpanel's answers as its OpenAPI for the GDPR API 3.0.0 describes them (docs.mixpanel.com/openapi/gdpr.openapi.yaml):
 * what it demands is demanded, and where it says `additionalProperties: false` nothing else may be there.
 */
import { z } from 'zod'

/** Every status a task may have. */
export const taskStatuses = [
  'PENDING',
  'STAGING',
  'STARTED',
  'SUCCESS',
  'FAILURE',
  'REVOKED',
  'NOT_FOUND',
  'UNKNOWN',
] as const

const taskStatus = z.enum(taskStatuses)
const distinctIds = z.array(z.string())

/** `CheckDeletionResponse`, with its `DeletionJobResult`. */
export const checkDeletionResponse = z.strictObject({
  status: z.string(),
  results: z.strictObject({
    tracking_id: z.string(),
    status: taskStatus,
    requesting_user: z.string(),
    compliance_type: z.string(),
    project_id: z.number(),
    date_requested: z.string(),
    distinct_ids: distinctIds,
  }),
})

/** `CheckRetrievalResponse`. Its `results` demand nothing and forbid nothing. */
export const checkRetrievalResponse = z.strictObject({
  status: z.string(),
  results: z.looseObject({
    status: taskStatus.optional(),
    results: z.string().optional(),
    distinct_ids: distinctIds.optional(),
  }),
})

/** `JobCreated`. Its `results` demand nothing and forbid nothing. */
export const jobCreated = z.strictObject({
  status: z.string(),
  results: z.looseObject({ task_id: z.string().optional() }),
})

/** The answer of 401 and 403. */
export const errorResponse = z.looseObject({
  error: z.string().optional(),
  status: z.literal('error').optional(),
})
