import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Plugin } from 'vite'

const marker = `${path.sep}node_modules${path.sep}`

/**
 * Writes LICENCES.txt beside a bundle: the licence of every package whose code went into it, as those licences ask.
 */
export function licences(): Plugin {
  return {
    name: 'licences',
    apply: 'build',
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap((file) => (file.type === 'chunk' ? file.moduleIds : []))
      const folders = new Set(modules.flatMap((module) => packageFolder(module) ?? []))
      if (folders.size === 0) return
      const source = [...folders]
        .toSorted()
        .map(licenceOf)
        .join(`\n${'─'.repeat(80)}\n\n`)
      this.emitFile({ type: 'asset', fileName: 'LICENCES.txt', source })
    },
  }
}

/** The folder of the package that a module belongs to; undefined for the project's own. */
function packageFolder(module: string): string | undefined {
  const file = module.replace(/^\0/, '').replace(/\?.*$/, '')
  const start = file.lastIndexOf(marker)
  if (start < 0) return undefined
  const [scopeOrName = '', name = ''] = file.slice(start + marker.length).split(path.sep)
  const folder = scopeOrName.startsWith('@') ? path.join(scopeOrName, name) : scopeOrName
  return path.join(file.slice(0, start + marker.length), folder)
}

function licenceOf(folder: string): string {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as {
    readonly name: string
    readonly version: string
    readonly license?: string
  }
  const file = existsSync(folder) ? readdirSync(folder).find((each) => /^licen[cs]e/i.test(each)) : undefined
  const text =
    file === undefined ? `Licence: ${license ?? 'not stated'}` : readFileSync(path.join(folder, file), 'utf8')
  return `${name} ${version}\n\n${text.trim()}\n`
}
