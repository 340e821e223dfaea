import { firstSchema } from './0010-first-schema.ts'
import { identifierToken } from './0020-identifier-token.ts'
import { steadyTimeAndLeftSecrets } from './0030-steady-time-and-left-secrets.ts'
import { dailyCount } from './0040-daily-count.ts'
import { fewerIndexes } from './0050-fewer-indexes.ts'
import { splitAndPace } from './0060-split-and-pace.ts'
import { firstAskAndUptime } from './0070-first-ask-and-uptime.ts'
import { historyRepeats } from './0080-history-repeats.ts'
import { lookUp } from './0090-look-up.ts'
import { anyVendor } from './0100-any-vendor.ts'
import { unclearAndTooLarge } from './0110-unclear-and-too-large.ts'
import { retrieval } from './0120-retrieval.ts'
import { finerFirstAsk } from './0130-finer-first-ask.ts'
import { cases } from './0140-cases.ts'

/**
 * One step of the schema. Numbered by tens; a step that has shipped never changes. `rebuilds`: it makes a table anew that
 * others refer to, so foreign keys are checked at its end, not meanwhile (the way SQLite's page on ALTER TABLE gives).
 */
export type Migration = Readonly<{ number: number; name: string; sql: string; rebuilds?: true }>

/** Every migration in order. */
export const migrations: readonly Migration[] = [
  firstSchema,
  identifierToken,
  steadyTimeAndLeftSecrets,
  dailyCount,
  fewerIndexes,
  splitAndPace,
  firstAskAndUptime,
  historyRepeats,
  lookUp,
  anyVendor,
  unclearAndTooLarge,
  retrieval,
  finerFirstAsk,
  cases,
]
