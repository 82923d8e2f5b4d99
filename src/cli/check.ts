/** `isthmus check FILE`: whether what a file asserts about reachability holds. */
import { readFileSync, writeFileSync } from 'node:fs'
import type { Command } from 'commander'
import type { Assertion } from '../check/assertion.ts'
import { evaluate, type Result } from '../check/evaluate.ts'
import { EXAMPLE } from '../check/example.ts'
import { readAssertions } from '../check/file.ts'
import { junit } from '../check/junit.ts'
import { snapshotScope, snapshotSubject } from './explain-subject.ts'
import { answering } from './answering.ts'
import { ask } from './check-ask.ts'
import { checkText, summary } from './check-text.ts'
import { watch } from './check-watch.ts'
import { sendSamples } from './check-wire.ts'
import { exitCodes, Failure, UsageFailure } from './failure.ts'
import { type OutputOption, print, withExamples, withOutput, withServer } from './options.ts'
import { painter } from './paint.ts'
import { inForce, openSession, type ServerOptions, type Session } from './session.ts'

export function registerCheck(program: Command): void {
  const command = program
    .command('check')
    .summary('check assertions about who reaches whom')
    .description(
      'Check a file (YAML or JSON) of assertions such as {from: web, to: db, expect: reachable} and say what is in ' +
        'the way of those that do not hold. Exits 0 if all hold, 1 if some do not, 2 if one can not be asked.',
    )
    .argument('[file]', 'the file of assertions; - is standard input')
    .option('--snapshot <dir>', 'about the network in a folder (see `isthmus import`), without a server')
    .option('--wire', 'send a real packet for each pair as well: model and network must agree')
    .option('--junit <file>', 'write the results as JUnit XML, too')
    .option('--watch', 'check again after each change of the network, and print what changed')
    .option('--example', 'print a file to start from')
    .action(answering(check))
  withExamples(withOutput(withServer(command)), [
    ['isthmus check --example > reach.yaml', 'a file to start from'],
    ['isthmus check reach.yaml', 'against the running server'],
    ['isthmus check reach.yaml --wire', 'and with real packets'],
    ['isthmus check reach.yaml --snapshot ./account --junit out.xml', 'in CI'],
  ])
}

interface CheckOptions extends ServerOptions, OutputOption {
  readonly snapshot?: string
  readonly wire?: boolean
  readonly junit?: string
  readonly watch?: boolean
  readonly example?: boolean
}

async function check(file: string | undefined, options: CheckOptions): Promise<void> {
  if (options.example) return void process.stdout.write(EXAMPLE)
  if (file === undefined) throw new UsageFailure('Say which file to check; `isthmus check --example` prints one.')
  if (options.snapshot !== undefined && (options.wire || options.watch))
    throw new UsageFailure('--wire and --watch need a running server: a snapshot neither moves packets nor changes.')
  const assertions = assertionsIn(file)
  const session = options.snapshot === undefined ? await openSession(options) : undefined
  const json = options.output === 'json'
  if (session && options.watch) return watch({ session, file, assertions, style: style(), json })
  const results = session
    ? await resultsOf(session, assertions, options.wire === true)
    : evaluate(snapshotSubject(options.snapshot ?? ''), assertions, snapshotScope(options.region))
  report(file, results, options)
}

/** The file's assertions. Throws UsageFailure with every mistake in it. */
function assertionsIn(file: string): readonly Assertion[] {
  const read = readAssertions(textOf(file))
  if ('assertions' in read) return read.assertions
  throw new UsageFailure(
    read.problems.map(({ line, column, message }) => `${file}:${line}:${column}: ${message}`).join('\n'),
  )
}

function textOf(file: string): string {
  try {
    return readFileSync(file === '-' ? 0 : file, 'utf8')
  } catch (error) {
    throw new UsageFailure(`${file} can not be read: ${(error as Error).message}`)
  }
}

async function resultsOf(session: Session, assertions: readonly Assertion[], wire: boolean): Promise<Result[]> {
  if (wire) await inForce(session)
  const { results } = await ask(session, assertions)
  return wire ? sendSamples(session, results) : results
}

const style = () => ({ columns: Math.max(60, process.stdout.columns || 80), paint: painter(process.stdout) })

function report(file: string, results: readonly Result[], options: CheckOptions): void {
  if (options.junit !== undefined) write(options.junit, junit(file, results))
  const text = [...results.map((result) => checkText(file, result, style())), summary(results)].join('\n')
  print(options, { holds: exitCodeOf(results) === exitCodes.ok, results }, text)
  process.exitCode = exitCodeOf(results)
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, text)
  } catch (error) {
    throw new Failure(`${file} can not be written: ${(error as Error).message}`, exitCodes.usage)
  }
}

function exitCodeOf(results: readonly Result[]): number {
  if (results.some(({ status }) => status === 'error')) return exitCodes.usage
  return results.some(({ status }) => status === 'fails') ? exitCodes.failed : exitCodes.ok
}
