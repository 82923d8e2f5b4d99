/** A report as files: for people, and for programs. */
import { htmlOf, markdownOf } from './blocks.ts'
import type { Facts } from './facts.ts'
import { reportOf } from './report.ts'
import { junitOf, resultOf } from './result.ts'
import { svgFileOf } from './svg.ts'

/** Name → text. The pictures are inside report.html, and beside report.md. */
export function reportFiles(facts: Facts): Readonly<Record<string, string>> {
  const report = reportOf(facts)
  const pictures = report.flatMap((one) => (one.kind === 'picture' ? [[one.name, svgFileOf(one.svg)]] : []))
  return {
    'report.md': markdownOf(report),
    'report.html': htmlOf(facts.lab.title, report),
    'result.json': `${JSON.stringify(resultOf(facts), undefined, 2)}\n`,
    'junit.xml': junitOf(facts),
    ...Object.fromEntries(pictures),
  }
}
