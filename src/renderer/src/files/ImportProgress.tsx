import type { ImportSummary } from '../../../shared/model/import.ts'
import { NumberText, Progress } from '../ui/index.ts'
import './files.css'

/** An import under way: how far it is, and what its rows have become so far. */
export function ImportProgress({ summary }: { readonly summary: ImportSummary }) {
  const counts = [
    ['rows read', summary.rows],
    ['identifiers', summary.identifiers],
    ['duplicates', summary.duplicates],
    ['rejects', summary.rejects],
  ] as const
  return (
    <div className="import-progress">
      <Progress label={`Reading ${summary.fileName}`} value={summary.progress} />
      <dl className="import-counts">
        {counts.map(([words, count]) => (
          <div key={words}>
            <dd>
              <NumberText value={count} widest={9_999_999} />
            </dd>
            <dt>{words}</dt>
          </div>
        ))}
      </dl>
    </div>
  )
}
