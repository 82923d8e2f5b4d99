/** What came of a lab, for programs: result.json, and JUnit XML with a test case for each check. */
import { escaped } from './escaped.ts'
import type { CheckFacts, Facts, StepFacts } from './facts.ts'

/** Durations are seconds; times are those of ISO 8601. */
export function resultOf(facts: Facts): object {
  const { lab, engine, startedAt, endedAt, isDone, points, calls, steps, troubles, pings } = facts
  return {
    lab: lab.slug,
    title: lab.title,
    engine,
    startedAt: new Date(startedAt).toISOString(),
    endedAt: new Date(endedAt).toISOString(),
    done: isDone,
    points,
    calls,
    refusedLogins: troubles.map(({ message, attempts, lost }) => ({
      ...{ message, attempts },
      seconds: lost === undefined ? null : Math.round(lost / 1000),
    })),
    pings: pings.map(({ from, to, first, sent, received }) => ({ from, to, first, sent, received })),
    steps: steps.map(({ step, isDone: done, duration, fails, hints, solved, checks, errors }) => ({
      number: step.number,
      title: step.title,
      done,
      seconds: duration === undefined ? null : Math.round(duration / 1000),
      fails,
      hints,
      solved,
      checks: checks.map(({ check: { id, title, level, points: worth }, status, words }) => ({
        ...{ id, title, level, points: worth, status },
        ...(status !== 'passed' && words !== '' && { words }),
      })),
      errors: errors.map(({ id, title, isMet, words, lost }) => ({
        ...{ id, title, met: isMet, words },
        ...(lost !== undefined && { seconds: Math.round(lost / 1000) }),
      })),
    })),
  }
}

/** Warnings that are left fail nobody. */
const hasFailed = ({ check, status }: CheckFacts): boolean => status !== 'passed' && check.level === 'error'

export function junitOf({ lab, steps }: Facts): string {
  const all = steps.flatMap(({ checks }) => checks)
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="${escaped(lab.title)}" ${totals(all)}>`,
    ...steps.flatMap((step) => suite(lab.slug, step)),
    '</testsuites>',
    '',
  ].join('\n')
}

const totals = (checks: readonly CheckFacts[]): string =>
  `tests="${checks.length}" failures="${checks.filter(hasFailed).length}"`

function suite(slug: string, { step, checks, duration = 0 }: StepFacts): string[] {
  const name = `${step.number}. ${step.title}`
  return [
    `  <testsuite name="${escaped(name)}" ${totals(checks)} time="${Math.round(duration / 1000)}">`,
    ...checks.map((one) => testCase(`${slug}.step${step.number}`, one)),
    '  </testsuite>',
  ]
}

function testCase(of: string, facts: CheckFacts): string {
  const head = `    <testcase name="${escaped(facts.check.title)}" classname="${escaped(of)}"`
  if (!hasFailed(facts)) return `${head}/>`
  const { words, status } = facts
  return `${head}>\n      <failure message="${escaped(status)}">${escaped(words)}</failure>\n    </testcase>`
}
