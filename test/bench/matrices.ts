/** The matrix of all classes of an estate: everything that passes between any two interfaces, and the internet. */
import { classesOf } from '../../src/analyzer/reach/classes.ts'
import { passages } from '../../src/analyzer/reach/passages.ts'
import { compile } from '../../src/compile/compile.ts'
import type { Records } from '../../src/ec2/state.ts'
import type { Network } from '../../src/network/network.ts'
import { estate } from './estate.ts'
import { type Figure, peakMegabytes, timed } from './measure.ts'
import { replicate } from './replicas.ts'

/** An estate where nearly every instance differs from the others. */
export const variedMatrix = (instances: number): Figure => {
  // That the code itself must be compiled is no part of the figure: other estates see to it.
  for (const seed of [2, 3, 4]) matrix(compile(estate({ instances: 200, seed })))
  return figureOf(`${instances} instances`, estate({ instances, seed: 1 }))
}

/** So many instances, `times` of a kind. */
export function replicatedMatrix(kinds: number, times: number): Figure {
  const state = estate({ instances: kinds, seed: 1 })
  replicate(state, times)
  return figureOf(`${kinds} instances, ${times} times each`, state)
}

function figureOf(size: string, state: Records): Figure {
  const network = compile(state)
  const { value, ms } = timed(() => matrix(network))
  const text = timed(() => textOf(network))
  return {
    what: 'class matrix',
    size,
    median: ms,
    peer: 'the network as JSON',
    ratio: ms / text.ms,
    more: { interfaces: network.interfaces.size, ...value, 'MB at most': peakMegabytes() },
  }
}

function matrix(network: Network): { classes: number; passages: number } {
  const classes = classesOf(network)
  let found = 0
  for (const _ of passages(network, classes)) found++
  return { classes: classes.length, passages: found }
}

const textOf = ({ interfaces, rules, routes, addressSets }: Network): number =>
  JSON.stringify([[...interfaces.values()], rules, routes, [...addressSets.values()]]).length
