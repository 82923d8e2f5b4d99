/** Results as JUnit XML, which CI servers read: one test case an assertion. */
import type { Result } from './evaluate.ts'

export function junit(file: string, results: readonly Result[]): string {
  const count = (status: Result['status']) => results.filter((result) => result.status === status).length
  const totals = `tests="${results.length}" failures="${count('fails')}" errors="${count('error')}"`
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${totals}>`,
    `  <testsuite name="${escaped(file)}" ${totals}>`,
    ...results.map((result) => testCase(file, result)),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n')
}

function testCase(file: string, result: Result): string {
  const head = `    <testcase name="${escaped(result.name)}" classname="${escaped(file)}" line="${result.line}"`
  if (result.status === 'holds') return `${head}/>`
  const element = result.status === 'fails' ? 'failure' : 'error'
  const [first = '', ...more] = reasons(result)
  const text = [...(result.because === undefined ? [] : [`Because: ${result.because}`]), first, ...more].join('\n')
  return `${head}>\n      <${element} message="${escaped(first)}">${escaped(text)}</${element}>\n    </testcase>`
}

/** What is wrong with a result, a sentence a line. */
function reasons({ error, failures, disagreements = [] }: Result): string[] {
  if (error) return [error.message]
  return [
    ...disagreements,
    ...failures.flatMap(({ explanation: { headline, way, fixes } }) => [
      headline,
      ...way.blockers.map(({ sentence }) => sentence),
      ...(fixes[0]?.calls.map(({ command }) => command) ?? []),
    ]),
  ]
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** Characters that XML has no place for are left out. */
const escaped = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 forbids.
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
