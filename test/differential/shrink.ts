/** Makes a failing plan small: leaves out steps, then flows, while the failure stays. */
import type { Plan } from './plan.ts'

/** The smallest plan found whose `fails` still holds; tries halves first, then single items. */
export async function shrink(plan: Plan, fails: (plan: Plan) => Promise<boolean>): Promise<Plan> {
  const flows = await without(plan.flows, (left) => fails({ ...plan, flows: left }))
  const steps = await without(plan.steps, (left) => fails({ steps: left, flows }))
  return { steps, flows }
}

async function without<T>(
  items: readonly T[],
  stillFails: (left: readonly T[]) => Promise<boolean>,
): Promise<readonly T[]> {
  let left = items
  for (let size = Math.ceil(items.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < left.length; ) {
      const shorter = [...left.slice(0, at), ...left.slice(at + size)]
      if (shorter.length > 0 && (await stillFails(shorter))) left = shorter
      else at += size
    }
  }
  return left
}
