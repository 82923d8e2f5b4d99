/** The labs that come with Isthmus, each proved on each engine: no check passes before its solution, all after it. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { type Inventory, inventory } from '../../src/cli/inventory.ts'
import { findLab, shippedLabs } from '../../src/cli/lab-find.ts'
import { inForce, openSession, type Session } from '../../src/cli/session.ts'
import type { Binding, Lab } from '../../src/lab/format/lab.ts'
import { startCourse } from '../../src/lab/course/start.ts'
import { tryLab } from '../../src/lab/course/trial.ts'
import { ATTRIBUTES } from '../../src/lab/names/attributes.ts'
import { operationOf } from '../../src/protocol/model.ts'
import { isthmusOn } from '../cli/person.ts'
import { noKernel } from '../kernel.ts'

const noAws = spawnSync('aws', ['--version']).status === 0 ? false : 'the AWS CLI is not installed'

/** Nothing of the person's own AWS settings. */
for (const name of Object.keys(process.env)) if (name.startsWith('AWS_')) delete process.env[name]

/** The two engines side by side: most of the time goes by in the AWS CLI, which starts once for each call. */
const ENGINES = [
  { engine: 'simulator', flags: ['--sim'], skip: noAws },
  { engine: 'linux', flags: [], skip: noKernel || noAws },
] as const

const pascal = (action: string): string =>
  action.replaceAll(/(?:^|-)([a-z])/g, (_, letter: string) => letter.toUpperCase())

/** What `isthmus lab env` may set. */
const variablesOf = (where: readonly Binding[]): string[] =>
  where.flatMap(({ name, selector: { kind } }) => [
    name,
    ...ATTRIBUTES[kind].map((attribute) => `${name}_${attribute}`),
  ])

/** What a server keeps of itself also with `down --purge`: journals of labs, and what was saved. */
const KEPT: ReadonlySet<string> = new Set(['labs', 'snapshots'])

const isCleanedUp = ({ steps }: Lab): boolean => steps.at(-1)?.title === 'Clean up'

describe('labs that come with Isthmus', () => {
  test('are read without a problem', () => {
    assert.ok(shippedLabs().includes('peering'))
    for (const name of shippedLabs()) assert.equal(findLab(name).slug, name)
  })

  test('never find anything by its Name tag', () => {
    for (const name of shippedLabs())
      for (const { where } of findLab(name).steps)
        for (const { selector } of where) assert.equal(selector.having.name, undefined, name)
  })

  test('have a command that is to be carried out or copied at the end of a paragraph: it is a box of its own on a page', () => {
    for (const name of shippedLabs()) {
      const { intro, finish, steps } = findLab(name)
      for (const text of [intro, finish, ...steps.map((step) => step.text)])
        for (const paragraph of text.split(/\n\n+/)) assert.doesNotMatch(paragraph, /\{\{(?:exec|copy)\}\}\s*\S/, name)
    }
  })

  for (const name of shippedLabs())
    test(`${name} names only actions and variables in its commands that there are`, () => {
      for (const { text, where } of findLab(name).steps)
        for (const [, command = ''] of text.matchAll(/`([^`]+)`\{\{(?:exec|copy)\}\}/g)) {
          const [, action] = /^aws ec2 ([a-z-]+)/.exec(command) ?? []
          if (action !== undefined) assert.ok(operationOf(pascal(action)), command)
          for (const [, variable = ''] of command.matchAll(/\$(\w+)/g))
            assert.ok(variablesOf(where).includes(variable), command)
        }
    })
})

describe('the proof of each lab', { concurrency: ENGINES.length }, () => {
  for (const { engine, flags, skip } of ENGINES)
    describe(`on the engine ${engine}`, { skip, concurrency: false }, () => {
      let folder: string
      let session: Session
      const isthmus = (...args: string[]) => isthmusOn(folder)(...args)
      let nothing: Inventory
      /** AWS goes on showing a peering connection that was deleted. */
      const whatIsThere = async (): Promise<Inventory> => {
        const all = await inventory(session.client)
        return { ...all, peerings: all.peerings.filter(({ status }) => status !== 'deleted') }
      }

      before(async () => {
        folder = mkdtempSync(join(tmpdir(), `isthmus-shipped-${engine}-`))
        const { code, stderr } = await isthmus('up', '-d', '--port', '0', ...flags)
        assert.equal(code, 0, stderr)
        session = await openSession({ state: folder })
        assert.equal(session.status.engine.name, engine)
        nothing = await whatIsThere()
        assert.equal((await isthmus('snapshot', 'save', 'nothing')).code, 0)
      })
      after(async () => {
        const { code, stderr } = await isthmus('down', '--purge')
        assert.equal(code, 0, stderr)
        const left = readdirSync(folder).filter((name) => !KEPT.has(name))
        rmSync(folder, { recursive: true })
        assert.deepEqual(left, [])
      })

      for (const name of shippedLabs())
        test(name, async (t) => {
          const lab = findLab(name)
          const said: string[] = []
          const told = { command: (line: string) => said.push(`$ ${line}`), said: (line: string) => said.push(line) }
          // Whatever becomes of this one, the next begins with nothing.
          t.after(async () => {
            assert.equal((await isthmus('snapshot', 'restore', 'nothing')).code, 0)
            await inForce(session)
          })
          const course = await startCourse(session, lab, told.said)
          const trials = await tryLab(course, told, () => {})
          assert.deepEqual(
            trials.flatMap(({ step, problems }) => problems.map((problem) => `${step}: ${problem}`)),
            [],
            said.join('\n'),
          )
          assert.equal(trials.length, lab.steps.length)
          if (isCleanedUp(lab)) assert.deepEqual(await whatIsThere(), nothing)
        })
    })
})
