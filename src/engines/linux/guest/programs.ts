/** Own copies of programs that must belong to the guest's root: the setuid bit of the host's means nothing inside. */
import { chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { guestIds } from './ids.ts'

const PROGRAMS = ['sudo', 'su'] as const
const SEARCHED = ['/usr/bin', '/bin']

/** The folder with the copies, made where it is missing or older than the host's programs. */
export function guestPrograms(guests: string): string {
  const folder = join(guests, '.programs')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  for (const name of PROGRAMS) {
    const source = SEARCHED.map((place) => join(place, name)).find((path) => existsSync(path))
    if (source) copy(source, join(folder, name))
  }
  return folder
}

function copy(source: string, target: string): void {
  const there = statSync(target, { throwIfNoEntry: false })
  if (there && there.mtimeMs >= statSync(source).mtimeMs && there.size === statSync(source).size) return
  const { first } = guestIds()
  rmSync(`${target}.new`, { force: true })
  copyFileSync(source, `${target}.new`)
  chownSync(`${target}.new`, first, first)
  chmodSync(`${target}.new`, 0o4755)
  renameSync(`${target}.new`, target)
}
