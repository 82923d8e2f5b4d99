/** `isthmus lab new`: the skeleton of a lab. */
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { skeletonOf } from '../lab/course/skeleton.ts'
import { Failure, UsageFailure } from './failure.ts'

export function newLab(name: string, options: { readonly in: string }): void {
  if (!/^[a-z0-9][a-z0-9-]*$/.test(name))
    throw new UsageFailure(`${name} is no name for a lab: lower case letters, digits and -, such as my-first-lab.`)
  const folder = resolve(options.in, name)
  if (existsSync(folder)) throw new Failure(`${folder} is there already.`)
  for (const [path, text] of Object.entries(skeletonOf(name))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  const shown = relative(process.cwd(), folder)
  process.stdout.write(`${folder} is there. Try it: isthmus lab test ./${shown}\n`)
}
