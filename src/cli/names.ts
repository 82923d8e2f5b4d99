/** The one thing that a person means by a name, or a failure that says what there is. */
import { meant, type Named, vpcAliases } from '../check/named.ts'
import { UsageFailure } from './failure.ts'

/** The one thing that `text` means. Throws UsageFailure where it is none or several, and says what there is. */
export function findNamed<T extends Named>(kind: string, things: readonly T[], text: string): T {
  const found = meant(things, text, (thing) => thing)
  const [only, ...others] = found
  if (only && others.length === 0) return only
  if (only) throw new UsageFailure(`${text} may mean several of them, so give an id:\n${listed(found)}`)
  throw new UsageFailure(
    things.length === 0
      ? `There is no ${kind} ${text}, nor any other ${kind}.`
      : `There is no ${kind} ${text}. There are:\n${listed(things)}`,
  )
}

const listed = (things: readonly Named[]): string =>
  things.map(({ id, name }) => `  ${id}${name && `  ${name}`}`).join('\n')

/** Throws as `findNamed`. */
export const findVpc = <T extends Named>(vpcs: readonly T[], text: string): T =>
  findNamed(
    'VPC',
    vpcs.map((vpc) => ({ ...vpc, aliases: vpcAliases(vpc.name) })),
    text,
  )
