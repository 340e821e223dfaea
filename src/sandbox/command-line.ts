import { parseArgs } from 'node:util'

/** What the command line asks for. */
export type SandboxCommand = {
  /** A file of JSON, `-` for what the parent sends first (a message, or the first line of stdin), null for defaults. */
  readonly config: string | null
  readonly port: number | null
  readonly pretty: boolean
  readonly endWithParent: boolean
  readonly endWithStdin: boolean
  readonly help: boolean
}

export const usage = `Usage: sandbox [--config FILE] [--port N] [--pretty] [--parent] [--until-stdin-ends]

Simulators of Kore.ai's erase and status calls and of Mixpanel's GDPR API on 127.0.0.1, on one port. Prints one line of
JSON when they listen.

  --config FILE       settings as JSON; with - they come from the parent: its first message, or the first line of stdin
  --port N            the port to listen on; without it, one that is free
  --pretty            print for a person instead: where each is, its credentials and the ids that ask for a behaviour
  --parent            end when the process that started this one ends
  --until-stdin-ends  end when stdin is closed
  --help              this text
`

/** Reads the command line. Throws an Error in words where it is wrong. */
export function readCommandLine(args: readonly string[]): SandboxCommand {
  const { values } = parseArgs({
    args: [...args],
    options: {
      config: { type: 'string' },
      port: { type: 'string' },
      pretty: { type: 'boolean', default: false },
      parent: { type: 'boolean', default: false },
      'until-stdin-ends': { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  return {
    config: values.config ?? null,
    port: values.port === undefined ? null : portOf(values.port),
    pretty: values.pretty,
    endWithParent: values.parent,
    endWithStdin: values['until-stdin-ends'],
    help: values.help,
  }
}

function portOf(text: string): number {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new Error(`--port takes a number from 0 to 65535, not "${text}".`)
  return port
}
