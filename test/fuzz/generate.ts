/** Calls of all actions of the API, those that are carried out far more often, with good sequences in between. */
import fc from 'fast-check'
import { actions } from '../../src/ec2/registry.ts'
import { actionNames, type Operation, operationOf } from '../../src/protocol/model.ts'
import { type Call, CALLERS, type Parameter } from './call.ts'
import { RAW_ENDS } from './hostile.ts'
import { inputsOf } from './inputs.ts'
import { type Mutation, mutations } from './mutations.ts'
import { opening, recipe } from './recipes.ts'

const carriedOut = Object.keys(actions)
const others = actionNames().filter((action) => !Object.hasOwn(actions, action))
const noAction = ['', 'Explode', 'toString', '__proto__', 'describevpcs', 'DescribeVpcs\0', 'A'.repeat(1000)]

const action = fc.oneof(
  { arbitrary: fc.constantFrom(...carriedOut), weight: 60 },
  { arbitrary: fc.constantFrom(...carriedOut.filter((name) => !/^(Describe|Get)/.test(name))), weight: 30 },
  { arbitrary: fc.constantFrom(...others), weight: 5 },
  { arbitrary: fc.constantFrom(...noAction), weight: 1 },
)

const MINUTE = 60_000
const wait = fc.oneof(
  { arbitrary: fc.constant(0), weight: 20 },
  { arbitrary: fc.constantFrom(500, 5000), weight: 10 },
  { arbitrary: fc.constantFrom(MINUTE, 61 * MINUTE), weight: 2 },
  { arbitrary: fc.constant(8 * 24 * 60 * MINUTE), weight: 1 },
)
const rarely = <T>(usual: T, rare: fc.Arbitrary<T>, weight: number): fc.Arbitrary<T> =>
  fc.oneof({ arbitrary: fc.constant(usual), weight }, { arbitrary: rare, weight: 1 })

const around = fc.record({
  caller: rarely(0, fc.nat(CALLERS.length - 1), 8),
  raw: rarely('', fc.constantFrom(...RAW_ENDS), 60),
  wait,
  method: rarely('POST' as const, fc.constant('GET' as const), 30),
})
const dryRun = rarely<readonly Parameter[]>([], fc.constant([['DryRun', 'true']] as const), 25)

const noInput: Operation['input'] = { type: 'structure', name: '', members: [] }

/** What goes wrong, one after the other. */
const changed = (parameters: readonly Parameter[], changes: readonly Mutation[]): readonly Parameter[] =>
  changes.reduce((all, change) => change(all), parameters)

const single: fc.Arbitrary<readonly Call[]> = action.chain((name) => {
  const operation = operationOf(name) ?? { action: name, version: '', input: noInput, output: undefined }
  return fc
    .tuple(inputsOf(operation), dryRun, mutations, around)
    .map(([inputs, dry, changes, rest]) => [
      { action: name, parameters: changed([...inputs, ...dry], changes), ...rest },
    ])
})

const steps = fc.oneof({ arbitrary: single, weight: 12 }, { arbitrary: recipe, weight: 1 })

/** As many calls, the same for the same seed: a look around and a few things made, then anything. */
export function episode(seed: number, length: number): readonly Call[] {
  const numRuns = Math.max(1, length - opening.length)
  const random = fc.sample(steps, { seed, numRuns }).flat()
  return [...opening, ...random].slice(0, length)
}
