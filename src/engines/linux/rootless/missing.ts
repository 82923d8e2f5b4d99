/** What keeps a user without privilege from namespaces of his own, in sentences that say how to get it. */
import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import { pathOfTool } from '../availability.ts'
import { rangesOf, SUBORDINATE, USUAL_COUNT } from './subordinate-ids.ts'

/** What is looked at of a machine. */
export interface Machine {
  /** `gid` is that of the user's own group. */
  readonly user: { readonly name: string; readonly uid: number; readonly gid: number }
  /** A file's text; undefined where it can not be read. */
  read(path: string): string | undefined
  isInstalled(tool: string): boolean
}

export function thisMachine(): Machine {
  const { username, uid, gid } = userInfo()
  return {
    user: { name: username, uid, gid },
    read(path) {
      try {
        return readFileSync(path, 'utf8')
      } catch {
        return undefined
      }
    },
    isInstalled: (tool) => pathOfTool(tool) !== undefined,
  }
}

/** What certainly keeps the user from it; where that is nothing, only a try can tell. */
export const missingForRootless = (machine: Machine): string[] => [
  ...missingHelpers(machine),
  ...missingIds(machine),
  ...switchedOff(machine),
]

function missingHelpers({ isInstalled }: Machine): string[] {
  const helpers = ['newuidmap', 'newgidmap'].filter((tool) => !isInstalled(tool))
  return helpers.length > 0
    ? [`Without root it needs ${helpers.join(' and ')}: install the package uidmap ` + '(`npm run setup:system` does).']
    : []
}

function missingIds(machine: Machine): string[] {
  const { user, read } = machine
  const without = Object.values(SUBORDINATE).filter(
    (file) => rangesOf(read(file) ?? '', user).reduce((sum, { count }) => sum + count, 0) < USUAL_COUNT,
  )
  if (without.length === 0) return []
  const first = firstFree(machine)
  const ids = `${first}-${first + USUAL_COUNT - 1}`
  return [
    `Without root it needs ${USUAL_COUNT} subordinate ids for ${user.name}, and ${without.join(' and ')} ` +
      `${without.length > 1 ? 'have' : 'has'} fewer: ` +
      `\`sudo usermod --add-subuids ${ids} --add-subgids ${ids} ${user.name}\` gives them.`,
  ]
}

/** Beyond what anybody has: ids of two users must not meet. */
function firstFree({ read }: Machine): number {
  const ends = Object.values(SUBORDINATE).flatMap((file) =>
    (read(file) ?? '').split('\n').map((line) => {
      const [, first, count] = line.split(':').map(Number)
      return (first ?? 0) + (count ?? 0) || 0
    }),
  )
  return Math.max(100_000, ...ends)
}

/** Settings that mean "nobody but root", with what allows it again. */
const SWITCHES = [
  { name: 'kernel.unprivileged_userns_clone', allows: 1 },
  { name: 'user.max_user_namespaces', allows: 15_000 },
] as const

function switchedOff({ read }: Machine): string[] {
  return SWITCHES.filter(({ name }) => read(sysctlPath(name))?.trim() === '0').map(
    ({ name, allows }) =>
      `User namespaces are switched off here (${name} is 0): \`sudo sysctl -w ${name}=${allows}\` allows them.`,
  )
}

const APPARMOR = 'kernel.apparmor_restrict_unprivileged_userns'

/** Why a try failed with these words. */
export function whyRefused({ read }: Machine, words: string): string[] {
  const tried = `Namespaces without root were refused: ${words.replace(/\s+/g, ' ').trim() || 'no reason was given'}.`
  if (read(sysctlPath(APPARMOR))?.trim() !== '1') return [tried]
  return [
    tried,
    `AppArmor takes the privilege from user namespaces here (${APPARMOR} is 1): \`sudo sysctl -w ${APPARMOR}=0\` ` +
      'lifts that for all, an AppArmor profile with `userns,` for /usr/bin/unshare alone.',
  ]
}

const sysctlPath = (name: string): string => `/proc/sys/${name.replaceAll('.', '/')}`
