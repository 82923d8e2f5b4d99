/** What goes wrong with a call: parameters missing, doubled, unknown, of the wrong type, huge, hostile, contradictory. */
import fc from 'fast-check'
import type { Parameter, Value } from './call.ts'
import { hostileText, ODD_NAMES, oddValue } from './hostile.ts'
import { one } from './values.ts'

type Parameters = readonly Parameter[]
export type Mutation = (parameters: Parameters) => Parameters

/** A mutation of one parameter, chosen by a number; without any there is nothing to do. */
const atOne = (change: (parameter: Parameter, all: Parameters, at: number) => Parameters): fc.Arbitrary<Mutation> =>
  fc.nat(999).map((n) => (all: Parameters) => {
    const at = all.length === 0 ? -1 : n % all.length
    return at < 0 ? all : change(all[at] as Parameter, all, at)
  })

const replaced = (all: Parameters, at: number, ...by: Parameters): Parameters => all.toSpliced(at, 1, ...by)

/** With another value. */
const valued = (values: fc.Arbitrary<Value>): fc.Arbitrary<Mutation> =>
  fc.tuple(fc.nat(999), values).map(([n, value]) => (all: Parameters) => {
    const at = all.length === 0 ? -1 : n % all.length
    return at < 0 ? all : replaced(all, at, [(all[at] as Parameter)[0], value])
  })

/** The list's number in a name is another. */
const renumbered = fc
  .constantFrom('0', '2', '999999999', '1000000000', '-1', '01', '1e3', 'x')
  .chain((index) => atOne(([name, value], all, at) => replaced(all, at, [name.replace(/\.\d+/, `.${index}`), value])))

/** A list with as many items. */
const many = fc.constantFrom(50, 201, 1000).chain((count) =>
  atOne(([name, value], all) => {
    const place = /^(.*?\.)\d+(.*)$/.exec(name)
    if (!place) return all
    const [, before = '', after = ''] = place
    // A thousand long texts are only a body that is too long.
    const short = typeof value === 'string' ? value.slice(0, 100) : value
    return [...all, ...Array.from({ length: count }, (_, i): Parameter => [`${before}${i + 2}${after}`, short])]
  }),
)

const unknownName = fc
  .constantFrom(...ODD_NAMES)
  .chain((part) =>
    atOne(([name, value], all) => [...all, [name.includes('.') ? name.replace(/[^.]+$/, part) : part, value]]),
  )

/** A value and something below it, or a list's item that is both. */
const below = fc
  .constantFrom('.1', '.1.Value', '.Name', '.')
  .chain((end) => atOne(([name, value], all) => [...all, [`${name}${end}`, value]]))

const anotherKind = valued(one('vpc', 'subnet', 'sg', 'i', 'eni', 'rtb', 'igw', 'pcx', 'acl', 'pl', 'eipalloc', 'nat'))
const moved = atOne(([name, value], all, at) => replaced(all, at, [name.toLowerCase(), value]))

const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  { arbitrary: valued(oddValue), weight: 6 },
  { arbitrary: valued(hostileText), weight: 6 },
  { arbitrary: anotherKind, weight: 4 },
  { arbitrary: atOne((_, all, at) => replaced(all, at)), weight: 3 },
  { arbitrary: atOne((parameter, all) => [...all, parameter]), weight: 1 },
  { arbitrary: renumbered, weight: 2 },
  { arbitrary: many, weight: 1 },
  { arbitrary: unknownName, weight: 2 },
  { arbitrary: below, weight: 1 },
  { arbitrary: moved, weight: 1 },
)

/** Mostly none, so that most calls come near to being carried out. */
export const mutations: fc.Arbitrary<readonly Mutation[]> = fc.oneof(
  { arbitrary: fc.constant([]), weight: 7 },
  { arbitrary: fc.array(mutation, { minLength: 1, maxLength: 2 }), weight: 3 },
)
