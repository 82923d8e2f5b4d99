/** Options that several commands share, with one meaning and one wording. */
import { type Command, Help, InvalidArgumentError, Option } from 'commander'

export const withState = (command: Command): Command =>
  command.option('--state <dir>', 'folder of the server (default: $ISTHMUS_STATE, else ~/.local/state/isthmus)')

/** For commands to a running server. */
export const withServer = (command: Command): Command =>
  withState(command).option('--region <region>', 'Region (default: $AWS_REGION, else us-east-1)')

export interface OutputOption {
  readonly output: 'text' | 'json'
}

export const withOutput = (command: Command): Command =>
  command.addOption(new Option('-o, --output <format>', 'how to print').choices(['text', 'json']).default('text'))

/** An option's line of help. That a switch is off at first, or a table empty, is nothing to tell. */
export function optionDescription(option: Option): string {
  const { defaultValue } = option as { defaultValue?: unknown }
  const isEmpty =
    defaultValue === false || (typeof defaultValue === 'object' && Object.keys(defaultValue ?? {}).length === 0)
  return new Help().optionDescription(isEmpty ? new Option(option.flags, option.description) : option)
}

/** Examples after a command's help. */
export function withExamples(command: Command, examples: readonly (readonly [line: string, what: string])[]): Command {
  const width = Math.max(...examples.map(([line]) => line.length))
  const lines = examples.map(([line, what]) => `  ${line.padEnd(width)}  # ${what}`)
  return command.addHelpText('after', `\nExamples:\n${lines.join('\n')}`)
}

/** An option's whole number within bounds. */
export function wholeNumber(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = Number(text)
    if (/^\d+$/.test(text) && number >= least && number <= most) return number
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`)
  }
}

/** Prints a value for people or for programs. */
export function print({ output }: OutputOption, value: unknown, text: string): void {
  process.stdout.write(output === 'json' ? `${JSON.stringify(value, undefined, 2)}\n` : `${text}\n`)
}
