/** The fake bridge: files and imports. */
import { fail } from '../../src/shared/failure.ts'
import type { ImportId } from '../../src/shared/model/ids.ts'
import type { FilePreview, ImportRow, ImportSummary } from '../../src/shared/model/import.ts'
import type { Handlers } from './bridge.ts'
import type { World } from './world.ts'

type Own =
  | 'chooseFile'
  | 'inspectFile'
  | 'startImport'
  | 'cancelImport'
  | 'getImport'
  | 'removeImport'
  | 'listImportRows'
  | 'saveRejects'

const stepMilliseconds = 250

export function importHandlers(world: World): Pick<Handlers, Own> {
  const preview = (format: Partial<FilePreview['format']>): FilePreview => ({
    token: '3f0c2a51-7d4e-4c11-9a35-5b1f0e6a7c02',
    fileName: world.droppedName ?? 'october-closures.csv',
    byteSize: 812_344,
    format: { encoding: 'utf-8', delimiter: ',', hasHeader: true, ...format },
    columns: ['customer', 'channel', 'channel user', 'bots', 'ticket', 'closed on'],
    sample: Array.from({ length: 20 }, (_, index) => [
      index % 4 === 1 ? `u-${(index * 7919).toString(16)}-5c3d` : index % 4 === 3 ? '' : `person${index}@example.com`,
      index % 4 === 3 ? 'whatsapp' : '',
      index % 4 === 3 ? `4917${index}000111` : '',
      index % 7 === 0 ? 'st-77e0aa10-0c1d' : '',
      `OPS-${100 + index}`,
      '2026-10-14',
    ]),
    roles: ['user id', 'channel id', 'channel user id', 'bot ids', 'case reference', 'ignore'],
    rolesFrom: 'guessed',
  })
  const find = (id: ImportId) =>
    world.imports.find((summary) => summary.id === id) ?? fail('not-found', 'There is no such import.')
  const change = (id: ImportId, own: Partial<ImportSummary>) => {
    world.imports = world.imports.map((summary) => (summary.id === id ? { ...summary, ...own } : summary))
    world.push('import', id)
    return find(id)
  }
  const advance = (id: ImportId) => {
    const summary = world.imports.find((other) => other.id === id)
    if (summary?.status !== 'running') return
    const progress = Math.min(1, summary.progress + 0.2)
    const done = progress >= 0.999
    change(id, {
      progress: done ? 1 : progress,
      rows: Math.round(8214 * progress),
      identifiers: Math.round(8000 * progress),
      duplicates: Math.round(171 * progress),
      rejects: Math.round(43 * progress),
      ...(done ? { status: 'done', finishedAt: Date.now(), findings: invented() } : {}),
    })
    if (!done) setTimeout(() => advance(id), stepMilliseconds)
    else {
      world.requests = world.requests.map((request) =>
        request.id === summary.requestId ? { ...request, total: 8000, counts: { queued: 8000 } } : request,
      )
      world.push('request', summary.requestId)
      world.push('requests')
    }
  }
  const invented = (): ImportSummary['findings'] => [
    {
      kind: 'mangled by a spreadsheet',
      count: 3,
      lines: [18, 240, 1022],
      words: '3 ids look as if a spreadsheet had rewritten them (1.23457E+15).',
    },
    { kind: 'other spellings', count: 12, lines: [44, 61], words: '12 duplicates are written in other letter case.' },
  ]
  return {
    chooseFile: () => preview({}),
    inspectFile: ({ encoding, delimiter, hasHeader }) =>
      preview({
        ...(encoding === undefined ? {} : { encoding }),
        ...(delimiter === undefined ? {} : { delimiter }),
        ...(hasHeader === undefined ? {} : { hasHeader }),
      }),
    startImport: ({ requestId, format }) => {
      const summary: ImportSummary = {
        id: (Math.max(0, ...world.imports.map(({ id }) => id)) + 1) as ImportId,
        requestId,
        fileName: world.droppedName ?? 'october-closures.csv',
        byteSize: 812_344,
        format,
        status: 'running',
        progress: 0,
        rows: 0,
        identifiers: 0,
        duplicates: 0,
        rejects: 0,
        elsewhere: 0,
        findings: [],
        failure: null,
        startedAt: Date.now(),
        finishedAt: null,
      }
      world.imports = [...world.imports, summary]
      world.push('request', requestId)
      setTimeout(() => advance(summary.id), stepMilliseconds)
      return summary
    },
    cancelImport: ({ importId }) => change(importId, { status: 'cancelled', finishedAt: Date.now() }),
    getImport: ({ importId }) => find(importId),
    removeImport: ({ importId }) => {
      world.imports = world.imports.filter(({ id }) => id !== importId)
      world.push('import')
      return {}
    },
    listImportRows: ({ importId, disposition, anchor, limit }) => {
      const found = find(importId)
      if ('ok' in found) return found
      const total = disposition === 'duplicate' ? found.duplicates : found.rejects
      const start = 'index' in anchor ? Math.min(anchor.index, total) : anchor.after
      return {
        total,
        start,
        rows: Array.from({ length: Math.max(0, Math.min(limit, total - start)) }, (_, offset): ImportRow => {
          const line = (start + offset) * 19 + 40
          return {
            line,
            endLine: line,
            disposition,
            reason: disposition === 'reject' ? 'blank line' : 'same identifier',
            duplicateOfLine: disposition === 'duplicate' ? line - 21 : null,
            duplicateOfFile: disposition === 'duplicate' && offset % 5 === 4 ? 'september-closures.csv' : null,
            firstSpelling: disposition === 'duplicate' && offset % 3 === 0 ? `person${line}@example.com` : null,
            identifierId: null,
            kind: disposition === 'duplicate' ? 'email' : null,
            raw:
              disposition === 'duplicate'
                ? `Person${line}@Example.com`
                : offset % 4 === 3
                  ? 'u-\u202e11\u200b7,,,,'
                  : '',
          }
        }),
      }
    },
    saveRejects: ({ importId }) => {
      const found = find(importId)
      return 'ok' in found ? found : { fileName: 'october-closures rejects.csv', rows: found.rejects }
    },
  }
}
