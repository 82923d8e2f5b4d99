/** `isthmus logs NAME`: what an instance has written to its console. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Command } from 'commander'
import { Failure } from './failure.ts'
import { instanceNamed } from './hosts.ts'
import { inventory } from './inventory.ts'
import { wholeNumber, withExamples, withServer } from './options.ts'
import { openSession, type ServerOptions, type Session } from './session.ts'

export function registerLogs(program: Command): void {
  const command = program
    .command('logs')
    .summary("show an instance's console output")
    .description('Show what an instance has written to its console: its boots, and what its user data printed.')
    .argument('<name>', 'an instance (Name, id, beginning of an id, address)')
    .option('-f, --follow', 'go on with what comes, until Ctrl-C', false)
    .option('-n, --lines <n>', 'only so many of the last lines', wholeNumber(0, 1_000_000))
    .action(logs)
  withExamples(withServer(command), [
    ['isthmus logs web', 'did it boot, did the user data run?'],
    ['isthmus logs web -f -n 0', 'what comes from now on'],
  ])
}

interface LogsOptions extends ServerOptions {
  readonly follow: boolean
  readonly lines?: number
}

/** Milliseconds between two looks. */
const PAUSE = 500

async function logs(name: string, options: LogsOptions): Promise<void> {
  const session = await openSession(options)
  const { instances } = await inventory(session.client)
  const { id } = instanceNamed(instances, name)
  const console = await session.control.console(id)
  if (!console && !options.follow) throw new Failure(`${name} has no console output yet: it has never been up.`)
  const shown = console?.output ?? Buffer.alloc(0)
  show(options.lines === undefined ? shown : lastLines(shown, options.lines))
  if (options.follow) await follow(session, id, shown)
}

/** A terminal would obey what root in the instance has written; a file takes it as it is. */
function show(output: Buffer): void {
  process.stdout.write(process.stdout.isTTY ? harmless(output.toString()) : output)
}

/** Text without what a terminal obeys: control characters but tabs and ends of lines. */
export const harmless = (text: string): string => text.replaceAll('\r\n', '\n').replace(/[^\P{Cc}\t\n]/gu, '\uFFFD')

async function follow({ control }: Session, id: string, shown: Buffer): Promise<void> {
  let before = shown
  while (true) {
    await sleep(PAUSE)
    const { output } = (await control.console(id)) ?? { output: before }
    show(newSince(before, output))
    before = output
  }
}

export function lastLines(output: Buffer, count: number): Buffer {
  const text = output.toString()
  const lines = text.replace(/\n$/, '').split('\n')
  return Buffer.from(count === 0 ? '' : `${lines.slice(-count).join('\n')}${text.endsWith('\n') ? '\n' : ''}`)
}

/** How much of the end of what was shown is looked for in what there is now. */
const REMEMBERED = 4096

/** What has come since `before` was all there was; of both only the newest is kept, so the beginnings may differ. */
export function newSince(before: Buffer, now: Buffer): Buffer {
  if (now.length >= before.length && now.subarray(0, before.length).equals(before)) return now.subarray(before.length)
  const end = before.subarray(-REMEMBERED)
  const at = now.lastIndexOf(end)
  return at < 0 ? now : now.subarray(at + end.length)
}
