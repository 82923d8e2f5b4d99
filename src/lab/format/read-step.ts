/** The file `checks.yaml` of a step: names, expected errors, checks and hints. */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Binding, Check, ExpectedError, Hint, Step } from './lab.ts'
import { LOOKS, readLook, type Setting } from './read-look.ts'
import { knownBy, readBindings } from './read-names.ts'
import type { Part } from './yaml-part.ts'

type Checked = Pick<Step, 'where' | 'expectErrors' | 'checks' | 'hints'>

/** Where the step's scripts are, and where the lab begins. */
interface Folders {
  readonly folder: string
  readonly lab: string
}

/** `before`: the names of the steps before. */
export function readChecks(part: Part, { folder, lab }: Folders, before: readonly Binding[]): Checked {
  const fields = part.fields(['where', 'expectErrors', 'checks', 'hints'])
  const where = readBindings(fields.get('where'), before)
  const selectors = new Map(where.map(({ name, selector }) => [name, selector]))
  const setting: Setting = { known: knownBy(where), folder, selectors }
  const list = (key: string) => fields.get(key)?.list() ?? []
  const checks: Check[] = []
  for (const one of list('checks')) checks.push(...readCheck(one, setting, checks))
  return {
    where,
    expectErrors: list('expectErrors').flatMap((one) => readExpected(one, setting)),
    checks,
    hints: list('hints').map((one) => readHint(one, lab)),
  }
}

/** Seconds. */
const LONGEST_WAIT = 600

function readCheck(part: Part, setting: Setting, before: readonly Check[]): Check[] {
  const fields = part.fields(['id', 'title', 'needs', 'wait', 'level', 'points', 'fail', 'engine', ...LOOKS])
  const look = readLook(part, fields, setting)
  const id = fields.need('id', (one) => readId(one, before), '')
  if (!look) return []
  const needs = fields.get('needs')?.oneOrMore() ?? []
  for (const need of needs)
    if (!before.some((check) => check.id === need.text())) need.wrong(`no check ${need.text()} comes before this one`)
  const engine = fields.get('engine')
  if (engine && look.kind !== 'reach') engine.wrong('`engine` goes with `reach`')
  const judges = engine?.oneOrMore().map((one) => one.choice(['model', 'wire'] as const))
  return [
    {
      id,
      title: fields.get('title')?.text() ?? id,
      needs: needs.map((need) => need.text()),
      wait: fields.get('wait')?.whole(0, LONGEST_WAIT) ?? 0,
      level: fields.get('level')?.choice(['error', 'warning'] as const) ?? 'error',
      points: fields.get('points')?.whole(0, 1000) ?? 1,
      fail: fields.get('fail')?.text() ?? '{{explain}}',
      look: judges && look.kind === 'reach' ? { ...look, judges } : look,
    },
  ]
}

function readId(part: Part, others: readonly { readonly id: string }[]): string {
  const id = part.text()
  if (!/^[\w-]+$/.test(id)) part.wrong('an id is of letters, digits, - and _')
  if (others.some((other) => other.id === id)) part.wrong(`${id} is there already`)
  return id
}

function readExpected(part: Part, setting: Setting): ExpectedError[] {
  const fields = part.fields(['id', 'title', 'when'])
  const id = fields.text('id')
  const when = fields.get('when')
  if (!when) part.wrong('expected `when`')
  const look = when && readLook(when, when.fields(LOOKS), setting)
  return look ? [{ id, title: fields.get('title')?.text() ?? id, when: look }] : []
}

function readHint(part: Part, lab: string): Hint {
  const fields = part.fields(['after', 'text', 'solution'])
  const after = fields.get('after')?.fields(['fails', 'minutes'])
  const [fails, minutes] = [after?.get('fails')?.whole(1, 100), after?.get('minutes')?.whole(1, 600)]
  if (fails === undefined && minutes === undefined) part.wrong('expected `after: {fails: 2}` or `after: {minutes: 5}`')
  const [text, solution] = [fields.get('text'), fields.get('solution')]
  if ((text === undefined) === (solution === undefined)) part.wrong('expected either `text` or `solution`')
  return {
    after: { ...(fails !== undefined && { fails }), ...(minutes !== undefined && { minutes }) },
    text: text?.text() ?? (solution ? readSolution(solution, lab) : ''),
  }
}

/** A script of the lab, shown whole; its path is from the lab's folder. */
function readSolution(part: Part, lab: string): string {
  const file = join(lab, part.text())
  if (!existsSync(file)) {
    part.wrong(`there is no ${file}`)
    return ''
  }
  return `This solves the step:\n\n${readFileSync(file, 'utf8').trim()}`
}
