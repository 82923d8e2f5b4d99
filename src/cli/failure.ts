/** How a command ends: its exit code, and one sentence that says what to do next. */
import { Ec2CallError, UnreachableError } from '../client/ec2-client.ts'

/** 0 it worked, 1 it did not, 2 it was not asked rightly. Programs run for the user end with their own code. */
export const exitCodes = { ok: 0, failed: 1, usage: 2 } as const

/** The command can not do what it was asked; the message is for the person. */
export class Failure extends Error {
  override readonly name: string = 'Failure'
  readonly exitCode: number
  constructor(message: string, exitCode: number = exitCodes.failed) {
    super(message)
    this.exitCode = exitCode
  }
}

/** A name that means nothing or several things, an option that makes no sense. */
export class UsageFailure extends Failure {
  override readonly name = 'UsageFailure'
  constructor(message: string) {
    super(message, exitCodes.usage)
  }
}

const expected = new Set([
  'Failure',
  'UsageFailure',
  'StartError',
  'StoreError',
  'WizardError',
  'SnapshotError',
  'QuestionError',
])

/** What to print for an error: a sentence where it was foreseen, else everything there is to find the defect. */
export function describeError(error: unknown): string {
  if (error instanceof Ec2CallError) return `${error.action} was refused: ${error.message} (${error.code})`
  if (error instanceof UnreachableError) return `${error.message}. Start the server with \`isthmus up\`.`
  if (error instanceof Error && expected.has(error.name)) return error.message
  return `This is a defect of Isthmus: ${error instanceof Error ? error.stack : error}`
}
