/**
 * Writes model/ec2.json, the EC2 API as data (every action, structure and enumeration), from the schemas and type
 * declarations of @aws-sdk/client-ec2. With `--check` it writes nothing and exits 1 where the committed file differs.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import * as ec2 from '@aws-sdk/client-ec2'

const file = new URL('../model/ec2.json', import.meta.url)
const library = import.meta.resolve('@aws-sdk/client-ec2').replace(/dist-\w+\/.*$/, '')
const declarations = new URL('dist-types/models/', library)

/** The schemas call every number a number; the API reference types these inputs Double (EC2 2016-11-15). */
const decimals = new Set([
  'ClientData.UploadSize',
  'FleetLaunchTemplateOverridesRequest.Priority',
  'FleetLaunchTemplateOverridesRequest.WeightedCapacity',
  'LaunchTemplateOverrides.Priority',
  'LaunchTemplateOverrides.WeightedCapacity',
  'MemoryGiBPerVCpu.Max',
  'MemoryGiBPerVCpu.Min',
  'MemoryGiBPerVCpuRequest.Max',
  'MemoryGiBPerVCpuRequest.Min',
  'NetworkBandwidthGbps.Max',
  'NetworkBandwidthGbps.Min',
  'NetworkBandwidthGbpsRequest.Max',
  'NetworkBandwidthGbpsRequest.Min',
  'PriceScheduleSpecification.Price',
  'ReservationFleetInstanceSpecification.Weight',
  'ReservedInstanceLimitPrice.Amount',
  'SpotFleetLaunchSpecification.WeightedCapacity',
  'SpotFleetRequestConfigData.FulfilledCapacity',
  'SpotFleetRequestConfigData.OnDemandFulfilledCapacity',
  'TotalLocalStorageGB.Max',
  'TotalLocalStorageGB.Min',
  'TotalLocalStorageGBRequest.Max',
  'TotalLocalStorageGBRequest.Min',
])

// How the client library writes a schema down: a number is a scalar (plus 64: a list of it), an array starts with its
// kind, and a reference may be wrapped in a function or paired with its traits.
type Traits = { xmlName?: string; ec2QueryName?: string }
type Reference = number | 'unit' | readonly unknown[] | (() => Reference)
type Member = [name: string, shape: unknown, wire?: { query?: string; xml?: string; required?: true }]
const kind = { simple: 0, list: 1, structure: 3, operation: 9 }
const listOf = 64
const scalars: Record<number, string> = { 0: 'string', 1: 'integer', 2: 'boolean', 4: 'timestamp', 21: 'blob' }

const structures: Record<string, Member[]> = {}
const usedEnums = new Set<string>()
const seen = new Map<string, unknown>()

const isPair = (entry: unknown): entry is readonly [Reference, Traits | number] =>
  Array.isArray(entry) && entry.length === 2 && typeof entry[1] !== 'string' && !Array.isArray(entry[1])
const withTraits = (entry: Reference): [Reference, Traits] => {
  if (!isPair(entry)) return [entry, {}]
  return [entry[0], typeof entry[1] === 'object' ? entry[1] : {}]
}
const upperFirst = (text: string) => text.slice(0, 1).toUpperCase() + text.slice(1)

/** Enumeration name → its values, from the constants that the library exports. */
function readEnums(): Map<string, string[]> {
  const isEnum = (value: unknown): value is Record<string, string> => {
    const isPlain = typeof value === 'object' && value?.constructor === Object
    return isPlain && Object.values(value).every((item) => typeof item === 'string')
  }
  return new Map(Object.entries(ec2).flatMap(([name, value]) => (isEnum(value) ? [[name, Object.values(value)]] : [])))
}

/** 'Interface.Member' → the name of its type, of its items where it is a list. */
function readMemberTypes(): Map<string, string> {
  const types = new Map<string, string>()
  for (const name of readdirSync(declarations).filter((entry) => /^models_\d+\.d\.ts$/.test(entry))) {
    let within = ''
    for (const line of readFileSync(new URL(name, declarations), 'utf8').split('\n')) {
      within = /^export interface (\w+)/.exec(line)?.[1] ?? within
      const member = /^ {4}(\w+)\??: (\w+)(?:\[\])?(?: \| undefined)?;$/.exec(line)
      if (member) types.set(`${within}.${member[1]}`, member[2] ?? '')
    }
  }
  return types
}

const enums = readEnums()
const memberTypes = readMemberTypes()

/** A scalar as the model names it: `=Name` is an enumeration. `place` is 'Structure.Member'. */
function scalar(code: number, place: string): string {
  const name = scalars[code]
  if (name === undefined) throw new Error(`${place}: a scalar of unknown kind ${code}`)
  if (name === 'integer' && decimals.has(place)) return 'decimal'
  const type = memberTypes.get(place) ?? ''
  if (name !== 'string' || !enums.has(type)) return name
  usedEnums.add(type)
  return `=${type.replace(/^_/, '')}`
}

/** A shape as the model writes it: a scalar's name, `#Structure`, or [item element, shape] for a list. */
function shape(reference: Reference, place: string): unknown {
  if (typeof reference === 'function') return shape(reference(), place)
  if (reference === 'unit') return null
  if (typeof reference === 'number') {
    return reference & listOf ? ['member', scalar(reference & ~listOf, place)] : scalar(reference, place)
  }
  const [tag, , name, , content] = reference as [number, string, string, unknown, Reference]
  if (tag === kind.simple) return shape(content, place)
  if (tag === kind.structure) return structure(name, reference)
  if (tag !== kind.list) throw new Error(`${place}: a schema of unknown kind ${tag}`)
  const [item, traits] = withTraits(content)
  return [traits.xmlName ?? 'member', shape(item, place)]
}

function structure(name: string, schema: readonly unknown[]): string {
  if (seen.has(name) && seen.get(name) !== schema) throw new Error(`Two structures are called ${name}`)
  if (!seen.has(name)) {
    seen.set(name, schema)
    const [names, references, required = 0] = schema.slice(4) as [string[], Reference[], number?]
    structures[name] = names.map((member, index) => describe(name, member, references[index] ?? 0, index < required))
  }
  return `#${name}`
}

function describe(owner: string, name: string, entry: Reference, required: boolean): Member {
  const [reference, traits] = withTraits(entry)
  const xml = traits.xmlName ?? name
  const query = traits.ec2QueryName ?? upperFirst(xml)
  const wire = { ...(query !== name && { query }), ...(xml !== name && { xml }), ...(required && { required }) }
  const described = shape(reference, `${owner}.${name}`)
  return Object.keys(wire).length ? [name, described, wire] : [name, described]
}

/** One line for each entry, in the order of the names, so that a new release of the library is a readable diff. */
const lines = (entries: Record<string, unknown>): string =>
  Object.keys(entries)
    .sort()
    .map((name) => `${JSON.stringify(name)}:${JSON.stringify(entries[name])}`)
    .join(',\n')

function generate(): string {
  const schemas = Object.values(ec2).filter((value) => Array.isArray(value) && value[0] === kind.operation)
  const actions: Record<string, unknown> = {}
  for (const [, , name, , input, output] of schemas as unknown as [0, 0, string, 0, Reference, Reference][]) {
    actions[name] = [shape(input, name), shape(output, name)]
  }
  const values = Object.fromEntries([...usedEnums].map((name) => [name.replace(/^_/, ''), enums.get(name)]))
  const part = (name: string, entries: Record<string, unknown>) => `"${name}":{\n${lines(entries)}\n}`
  const parts = [part('actions', actions), part('structures', structures), part('enums', values)]
  return `{"version":"2016-11-15",\n${parts.join(',\n')}}\n`
}

const generated = generate()
if (!process.argv.includes('--check')) {
  writeFileSync(file, generated)
} else if (readFileSync(file, 'utf8') !== generated) {
  console.error('model/ec2.json differs from what @aws-sdk/client-ec2 says; run `npm run model`.')
  process.exitCode = 1
}
