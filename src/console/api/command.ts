/** A call as a line for a shell: the `aws ec2` command that does the same as a button. */
import type { PlannedCall } from '../../wizard/planned-call.ts'

/** The commands of a plan, one a line; what an earlier call makes is in a shell variable. */
export const commandsOf = (calls: readonly PlannedCall[]): string[] => {
  const variables = new Map(calls.flatMap(({ makes }) => (makes ? [[`<${makes.name}>`, variable(makes.name)]] : [])))
  return calls.map((call) => commandOf(call, variables))
}

type Variables = ReadonlyMap<string, string>

function commandOf({ action, input, makes }: PlannedCall, variables: Variables): string {
  const parameters = Object.entries(asTyped(action, input)).flatMap(([name, value]) =>
    parameter(name, value, variables),
  )
  const command = ['aws', 'ec2', dashed(action), ...parameters].join(' ')
  if (!makes) return command
  return `${variable(makes.name)}=$(${command} --query ${makes.id.join('.')} --output text)`
}

/** Flags whose opposite has a name of its own. */
const NEGATIVES: Readonly<Record<string, string>> = { Egress: '--ingress' }

/** The CLI has one option for both numbers of a launch, and encodes user data itself. */
function asTyped(action: string, input: object): object {
  if (action !== 'RunInstances') return input
  const { MinCount, MaxCount, UserData, ...rest } = input as Record<string, unknown>
  return {
    ...rest,
    ...(MaxCount !== undefined && { Count: MinCount === MaxCount ? MaxCount : `${MinCount}:${MaxCount}` }),
    ...(UserData !== undefined && { UserData: decoded(String(UserData)) }),
  }
}

const decoded = (base64: string): string =>
  new TextDecoder().decode(Uint8Array.from(atob(base64), (byte) => byte.codePointAt(0) ?? 0))

function parameter(name: string, value: unknown, variables: Variables): string[] {
  const flag = `--${dashed(name)}`
  if (value === undefined) return []
  if (typeof value === 'boolean') return [value ? flag : (NEGATIVES[name] ?? `--no-${dashed(name)}`)]
  const sole = soleBoolean(value)
  if (sole !== undefined) return [sole ? flag : `--no-${dashed(name)}`]
  if (!Array.isArray(value)) return [flag, word(value, variables)]
  return [flag, ...value.map((item) => word(item, variables))]
}

/** ModifyVpcAttribute's `{Value: true}` is a flag of the CLI's. */
function soleBoolean(value: unknown): boolean | undefined {
  if (typeof value !== 'object' || value === null || Object.keys(value).length !== 1) return undefined
  const { Value } = value as { Value?: unknown }
  return typeof Value === 'boolean' ? Value : undefined
}

function word(value: unknown, variables: Variables): string {
  const known = typeof value === 'string' ? variables.get(value) : undefined
  if (known !== undefined) return `"$${known}"`
  return quoted(typeof value === 'object' ? structure(value) : String(value))
}

/** The CLI's short form; where a text would be read as more than a text, JSON. */
const structure = (value: unknown): string => (isPlain(value) ? short(value, false) : JSON.stringify(value))

const isPlain = (value: unknown): boolean =>
  typeof value === 'object' && value !== null
    ? Object.values(value).every(isPlain)
    : /^[\w./: -]*$/.test(String(value)) && String(value) !== ''

function short(value: unknown, nested: boolean): string {
  if (Array.isArray(value)) return `[${value.map((item) => short(item, true)).join(',')}]`
  if (typeof value !== 'object' || value === null) return String(value)
  const members = Object.entries(value).map(([name, member]) => `${name}=${short(member, true)}`)
  return nested ? `{${members.join(',')}}` : members.join(',')
}

const dashed = (name: string): string => name.replace(/(?<=[a-z0-9])(?=[A-Z])/g, '-').toLowerCase()

/** `subnet-public1-us-east-1a` → `SUBNET_PUBLIC1_US_EAST_1A`. */
const variable = (name: string): string => name.replace(/\W/g, '_').toUpperCase()

/** One word of a shell. */
const quoted = (text: string): string => (/^[\w./:=,@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`)
