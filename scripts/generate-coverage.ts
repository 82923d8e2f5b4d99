/**
 * Writes docs/coverage.md: what each action of the EC2 API is here. With `--check` it writes nothing and exits 1 where
 * the committed page differs.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { type Coverage, coverageOf } from '../src/ec2/registry.ts'
import { actionNames } from '../src/protocol/model.ts'

const file = new URL('../docs/coverage.md', import.meta.url)

/** What an action does, before what it does it to. */
const VERB = /^[A-Z][a-z]+/
const singular = (noun: string): string => noun.replace(/(?<=[a-z])ies$/, 'y').replace(/(?<=ss)es$|(?<=[^s])s$/, '')

const classes: Readonly<Record<Coverage, string>> = {
  packets: `## Carries packets

What these make and change is part of the network: on Linux the kernel forwards by it, on the simulator packets are
moved by it, and the analyzer explains it.`,
  record: `## Record

What these make and change is kept, checked and shown as AWS does, and changes no packet's way.`,
  refused: `## Refused

These are answered with an error: \`UnsupportedOperation\`, or the one that AWS gives where it refuses, too. Nothing is
changed.`,
}

/** Noun → verbs, both in order. */
function byNoun(actions: readonly string[]): Map<string, string[]> {
  const nouns = new Map<string, string[]>()
  for (const action of actions) {
    const verb = VERB.exec(action)?.[0] ?? action
    const noun = singular(action.slice(verb.length) || action)
    nouns.set(noun, [...(nouns.get(noun) ?? []), action])
  }
  return nouns
}

function section(coverage: Coverage, actions: readonly string[]): string {
  const rows = [...byNoun(actions)]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([noun, all]) => `| ${noun} | ${all.join(', ')} |`)
  return `${classes[coverage]}\n\n| what | actions |\n|---|---|\n${rows.join('\n')}\n`
}

function page(): string {
  const all = actionNames().toSorted()
  const of = (coverage: Coverage) => all.filter((action) => coverageOf(action) === coverage)
  const counts = `${of('packets').length} carry packets, ${of('record').length} are records, ${of('refused').length} are refused`
  return `# Coverage

What each of the ${all.length} actions of the EC2 API is here: ${counts}.
Some parameters of an action that is there are refused, too; the answer says which. This page is written by \`npm run coverage\`.

${(['packets', 'record', 'refused'] as const).map((coverage) => section(coverage, of(coverage))).join('\n')}`
}

const text = page()
if (!process.argv.includes('--check')) writeFileSync(file, text)
else if (readFileSync(file, 'utf8') !== text) {
  console.error('docs/coverage.md is out of date: run `npm run coverage`.')
  process.exitCode = 1
}
