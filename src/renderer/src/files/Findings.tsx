import { TriangleAlert } from 'lucide-react'
import type { Finding } from '../../../shared/model/import.ts'
import { formatNumber } from '../ui/index.ts'
import { describeLines } from './row-words.ts'
import './files.css'

/** What to look at before sending. None of it changes a row. */
export function Findings({ findings }: { readonly findings: readonly Finding[] }) {
  if (findings.length === 0) return null
  return (
    <section aria-labelledby="findings">
      <h3 id="findings">Look at before sending</h3>
      <ul className="lines findings">
        {findings.map((finding) => (
          <li key={finding.kind} className="finding">
            <TriangleAlert aria-hidden className="icon" />
            <b className="finding-count">{formatNumber(finding.count)}</b>
            <span>
              {finding.words} <span className="dim">{describeLines(finding)}</span>
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}
