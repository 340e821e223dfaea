import { z } from 'zod'
import type { MixpanelRefusalName } from './config.ts'
import type { TaskKind } from './route.ts'

/** What a caller asks a new task to do. */
export type TaskOrder = {
  readonly distinctIds: readonly string[]
  readonly complianceType: 'GDPR' | 'CCPA'
  /** Null for a deletion. */
  readonly disclosureType: z.output<typeof disclosureType> | null
}

type BodyCheck =
  | { readonly accepted: true; readonly order: TaskOrder }
  | { readonly accepted: false; readonly refusal: Extract<MixpanelRefusalName, 'badRequest' | 'invalidArguments'> }

const id = z.string().refine((value) => value.trim() !== '')
const complianceType = z.enum(['GDPR', 'CCPA']).default('GDPR')
const disclosureType = z.enum(['Data', 'Categories', 'Sources'])

const schemas = {
  deletion: z
    .object({
      distinct_ids: z.array(id).min(1),
      compliance_type: complianceType,
      disclosure_type: z.never().optional(),
    })
    .transform(({ distinct_ids, compliance_type }) => ({
      distinctIds: distinct_ids,
      complianceType: compliance_type,
      disclosureType: null,
    })),
  retrieval: z
    .object({
      distinct_ids: z.array(id).min(1),
      compliance_type: complianceType,
      disclosure_type: disclosureType.optional(),
    })
    .refine(({ compliance_type, disclosure_type }) => compliance_type === 'CCPA' || disclosure_type === undefined)
    .transform(({ distinct_ids, compliance_type, disclosure_type }) => ({
      distinctIds: distinct_ids,
      complianceType: compliance_type,
      disclosureType: disclosure_type ?? ('Data' as const),
    })),
}

/**
 * Reads the body of a call that creates a task. Stricter than the vendor's pages in this: a body that is not declared
 * as JSON is not read, and `disclosure_type` is for a CCPA retrieval alone.
 */
export function readTaskBody(kind: TaskKind, contentType: string | undefined, body: string): BodyCheck {
  if (contentType?.split(';')[0]?.trim().toLowerCase() !== 'application/json')
    return { accepted: false, refusal: 'invalidArguments' }
  const value = parse(body)
  if (value === undefined) return { accepted: false, refusal: 'badRequest' }
  const checked = schemas[kind].safeParse(value)
  return checked.success ? { accepted: true, order: checked.data } : { accepted: false, refusal: 'invalidArguments' }
}

/** Undefined for what is not JSON; no JSON text stands for it. */
function parse(body: string): unknown {
  try {
    return JSON.parse(body) as unknown
  } catch {
    return undefined
  }
}
