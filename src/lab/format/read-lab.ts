/** A lab's folder, read: Killercoda's index.json and texts, and beside each step's text its checks and scripts. */
import { existsSync, readFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import type { Binding, Check, Lab, Problem, Step } from './lab.ts'
import { readChecks } from './read-step.ts'
import { type Fields, type Part, parsed } from './yaml-part.ts'

/** A lab, or everything that is wrong with it. */
export type Read = { readonly lab: Lab } | { readonly problems: readonly Problem[] }

export function readLab(path: string): Read {
  const folder = resolve(path)
  const problems: Problem[] = []
  const index = join(folder, 'index.json')
  const text = textOf(index)
  if (text === undefined) return { problems: [{ ...start(index), message: 'this file can not be read' }] }
  const root = parsed(index, text, problems)
  const lab = root && new Reader(folder, problems).lab(root)
  return lab && problems.length === 0 ? { lab } : { problems: distinct(problems) }
}

class Reader {
  readonly #folder: string
  readonly #problems: Problem[]

  constructor(folder: string, problems: Problem[]) {
    this.#folder = folder
    this.#problems = problems
  }

  lab(root: Part): Lab {
    const about = root.fields(['title', 'description', 'time', 'difficulty', 'details', 'intro', 'steps', 'finish'])
    // Killercoda has what happens below `details`; the plain form leaves that out.
    const details = about.get('details')?.fields(['intro', 'steps', 'finish']) ?? about
    const intro = details.get('intro')?.fields(['text', 'background'])
    const setup = intro?.get('background')
    const [time, difficulty] = [about.get('time'), about.get('difficulty')]
    return {
      slug: basename(this.#folder),
      folder: this.#folder,
      title: about.text('title'),
      description: about.text('description'),
      ...(time && { time: time.text() }),
      ...(difficulty && { difficulty: difficulty.text() }),
      intro: intro?.need('text', (part) => this.#read(part), '') ?? '',
      ...(setup && { setup: this.#path(setup) }),
      steps: details.need('steps', (part) => this.#steps(part), []),
      finish:
        details
          .get('finish')
          ?.fields(['text'])
          .need('text', (part) => this.#read(part), '') ?? '',
    }
  }

  #steps(part: Part): Step[] {
    const steps: Step[] = []
    for (const one of part.list()) steps.push(this.#step(one, steps.length + 1, steps.at(-1)?.where ?? []))
    if (steps.length === 0) part.wrong('a lab has at least one step')
    return steps
  }

  #step(part: Part, number: number, before: readonly Binding[]): Step {
    const fields = part.fields(['title', 'text', 'verify'])
    const title = fields.text('title')
    const text = fields.need('text', (one) => this.#read(one), '')
    const folder = dirname(join(this.#folder, fields.get('text')?.text() ?? ''))
    const checked = this.#checks(join(folder, 'checks.yaml'), folder, before)
    const verified = this.#verify(fields, folder, title)
    const checks = [...checked.checks, ...verified]
    if (verified.some(({ id }) => checked.checks.some((check) => check.id === id)))
      part.wrong(`${title} has a check called verify in checks.yaml, and verify.sh is one of that name`)
    if (checks.length === 0) part.wrong(`${title} has nothing to check: neither checks.yaml nor verify.sh`)
    const solution = join(folder, 'solve.sh')
    return { number, title, folder, text, ...checked, checks, ...(existsSync(solution) && { solution }) }
  }

  #checks(
    file: string,
    folder: string,
    before: readonly Binding[],
  ): Pick<Step, 'where' | 'expectErrors' | 'checks' | 'hints'> {
    const text = textOf(file)
    const root = text === undefined ? undefined : parsed(file, text, this.#problems)
    return root
      ? readChecks(root, { folder, lab: this.#folder }, before)
      : { where: before, expectErrors: [], checks: [], hints: [] }
  }

  /** `verify` of Killercoda, or the file of that name, is a check of its own. */
  #verify(fields: Fields, folder: string, title: string): Check[] {
    const named = fields.get('verify')
    const file = named ? this.#path(named) : join(folder, 'verify.sh')
    if (!existsSync(file)) return []
    const look = { kind: 'script', file } as const
    return [{ id: 'verify', title, needs: [], wait: 0, level: 'error', points: 1, fail: '{{explain}}', look }]
  }

  #path(part: Part): string {
    const file = join(this.#folder, part.text())
    if (!existsSync(file)) part.wrong(`there is no ${file}`)
    return file
  }

  #read(part: Part): string {
    return textOf(this.#path(part)) ?? ''
  }
}

const start = (file: string) => ({ file, line: 1, column: 1 })

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return undefined
  }
}

/** What is read twice is wrong once. */
const distinct = (problems: readonly Problem[]): Problem[] => [
  ...new Map(problems.map((one) => [JSON.stringify(one), one])).values(),
]
