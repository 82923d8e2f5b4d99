/** axe in a page: what keeps somebody from using it. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Rules of WCAG 2.2 up to AA, and axe's own advice. */
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** What is serious or critical below `root`, a line for each: the rule, and what breaks it. */
export async function hindrances(page: Page, root = 'body'): Promise<string[]> {
  const isThere = await page.evaluate('typeof axe !== "undefined"')
  if (!isThere) await page.evaluate(source)
  const run = `axe.run(${JSON.stringify(root)}, { runOnly: ${JSON.stringify(TAGS)}, resultTypes: ['violations'] })`
  const { violations } = (await page.evaluate(run)) as AxeResults
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 160)} ${failureSummary}`),
    )
}
