// Running other programs, and saying what is going on.
import { spawn, spawnSync } from 'node:child_process'

/** A set-up step that cannot go on. The message is for a person: what happened, what was kept, what to do. */
export class SetupFailure extends Error {}

/** One line that says what is being done. @param {string} line */
export function say(line) {
  process.stdout.write(`set-up: ${line}\n`)
}

/** @param {string} command @param {readonly string[]} args */
export function succeeds(command, args) {
  return spawnSync(command, args, { stdio: 'ignore' }).status === 0
}

/** Standard output, or undefined where the command fails. @param {string} command @param {readonly string[]} args */
export function output(command, args) {
  const result = spawnSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return result.status === 0 ? result.stdout : undefined
}

/**
 * Runs a command to its end, quietly; what it printed is shown only when it fails.
 * @param {string} what for the failure's words
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv, limitMilliseconds?: number }} [options]
 * @returns {Promise<string>} standard output
 */
export function run(what, command, args, options = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(options.limitMilliseconds === undefined ? {} : { timeout: options.limitMilliseconds, killSignal: 'SIGKILL' }),
    })
    let standardOutput = ''
    let everything = ''
    child.stdout.setEncoding('utf8').on('data', (text) => {
      standardOutput += text
      everything += text
    })
    child.stderr.setEncoding('utf8').on('data', (text) => {
      everything += text
    })
    child.on('error', (error) => reject(new SetupFailure(`${what} could not start: ${error.message}`)))
    child.on('close', (code, signal) => {
      if (code === 0) resolve(standardOutput)
      else reject(new SetupFailure(`${what} failed (${signal ?? `exit code ${code}`}).\n${shortened(everything)}`))
    })
  })
}

/** npm, as the command and first arguments that start it. @returns {{ command: string, args: string[] }} */
export function npm() {
  const script = process.env.npm_execpath
  if (script !== undefined && /npm-cli\.[cm]?js$/.test(script)) return { command: process.execPath, args: [script] }
  return process.platform === 'win32' ? { command: 'cmd', args: ['/c', 'npm'] } : { command: 'npm', args: [] }
}

/** The beginning, where npm says what is wrong, and the end, where compilers do. @param {string} text */
function shortened(text) {
  const lines = text.trimEnd().split('\n')
  return (lines.length <= 30 ? lines : [...lines.slice(0, 15), '…', ...lines.slice(-15)]).join('\n')
}
