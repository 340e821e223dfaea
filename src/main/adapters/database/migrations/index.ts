import { firstSchema } from './0010-first-schema.ts'
import { identifierToken } from './0020-identifier-token.ts'
import { steadyTimeAndLeftSecrets } from './0030-steady-time-and-left-secrets.ts'
import { dailyCount } from './0040-daily-count.ts'
import { fewerIndexes } from './0050-fewer-indexes.ts'
import { splitAndPace } from './0060-split-and-pace.ts'
import { firstAskAndUptime } from './0070-first-ask-and-uptime.ts'
import { historyRepeats } from './0080-history-repeats.ts'
import { finerFirstAsk } from './0090-finer-first-ask.ts'

/** One step of the schema. Numbered by tens; a step that has shipped never changes. */
export type Migration = Readonly<{ number: number; name: string; sql: string }>

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
  finerFirstAsk,
]
