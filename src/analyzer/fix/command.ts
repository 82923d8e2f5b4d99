/** A call as a line for a shell: the `aws ec2` command that makes it. */
import type { Call, Principal } from './call.ts'

/**
 * The command. What earlier calls answer is in shell variables (`$AllocationId` is in `ALLOCATION_ID`), and a call that
 * answers something sets one: the lines of a fix are a script. `--region` and a profile are named where they are not
 * the asker's.
 */
export function commandOf({ action, input, caller, answers }: Call, asker: Principal = caller): string {
  const where = [
    ...(caller.region === asker.region ? [] : ['--region', caller.region]),
    ...(caller.account === asker.account ? [] : ['--profile', caller.account]),
  ]
  const parameters = Object.entries(input).flatMap(([name, value]) => parameter(name, value))
  const command = ['aws', 'ec2', dashed(action), ...parameters, ...where].join(' ')
  if (!answers) return command
  return `${variable(answers.name)}=$(${command} --query ${word(answers.path)} --output text)`
}

/** The flags of the AWS CLI that do not follow from a parameter's name and value. */
const FLAGS: Readonly<Record<string, (value: unknown) => string[]>> = {
  Egress: (value) => [value === true ? '--egress' : '--ingress'],
  SourceDestCheck: (value) => [(value as { Value?: boolean }).Value ? '--source-dest-check' : '--no-source-dest-check'],
}

function parameter(name: string, value: unknown): string[] {
  const special = FLAGS[name]
  if (special) return special(value)
  const flag = `--${dashed(name)}`
  if (typeof value === 'boolean') return [value ? flag : `--no-${dashed(name)}`]
  if (Array.isArray(value)) return [flag, ...value.map((item) => word(shorthand(item, false)))]
  return [flag, word(shorthand(value, false))]
}

/** The AWS CLI's own short form of structures and lists. */
function shorthand(value: unknown, nested: boolean): string {
  if (Array.isArray(value)) return `[${value.map((item) => shorthand(item, true)).join(',')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  const members = Object.entries(value).map(([name, member]) => `${name}=${shorthand(member, true)}`)
  return nested ? `{${members.join(',')}}` : members.join(',')
}

/** `VpcPeeringConnectionId` → `vpc-peering-connection-id`. */
const dashed = (name: string): string => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase()

/** `$AllocationId2` → `ALLOCATION_ID2`. */
const variable = (name: string): string => dashed(name.slice(1)).replaceAll('-', '_').toUpperCase()

/** One word of a shell, quoted where it must be. Nothing of what EC2 names has a quote or a dollar of its own. */
function word(text: string): string {
  if (text.includes('$')) return `"${text.replace(/\$[A-Za-z]\w*/g, (name) => `$${variable(name)}`)}"`
  return /^[\w./:=,@-]+$/.test(text) ? text : `'${text}'`
}
