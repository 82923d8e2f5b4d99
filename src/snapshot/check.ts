/** Whether records make a network: what the engines rely on, asked before anything is kept. */
import { compile } from '../compile/compile.ts'
import { allKinds } from '../ec2/kinds.ts'
import type { Resource } from '../ec2/resource.ts'
import type { Draft } from '../ec2/state.ts'
import type { Fact } from '../network/network.ts'
import { SnapshotError } from './snapshot-error.ts'

/** Throws SnapshotError, which names the record, where the state with what a draft adds does not make a network. */
export function checkNetwork(draft: Draft): void {
  try {
    compile(draft)
  } catch (error) {
    const why = (error as Error).message
    throw new SnapshotError(`${culprit(draft, why)} does not fit into the network: ${why.slice(0, 200)}.`)
  }
}

/** The record whose own facts fail, or that says what the message names. */
function culprit(draft: Draft, why: string): string {
  const facts: { id: string; text: string }[] = []
  for (const kind of allKinds()) {
    for (const record of draft.all(kind.type)) {
      const { id } = record as Resource
      try {
        const made: readonly Fact[] = kind.compile?.(record, draft) ?? []
        facts.push({ id, text: JSON.stringify(made) })
      } catch {
        return id
      }
    }
  }
  const missing = /names .*? (\S+), which/.exec(why)?.[1]
  return (
    facts.find(({ text }) => missing !== undefined && text.includes(JSON.stringify(missing)))?.id ??
    'One of the records'
  )
}
