/** Whether this machine can run the Linux engine, and if not, why, in sentences. */
import { accessSync, constants, readFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'

/** Tools, and the Debian packages they come in. */
const TOOLS: Readonly<Record<string, string>> = {
  ip: 'iproute2',
  nft: 'nftables',
  nsenter: 'util-linux',
  unshare: 'util-linux',
  setpriv: 'util-linux',
  ping: 'iputils-ping',
  conntrack: 'conntrack',
}

/** Capabilities by their bit (capability.h). */
const CAPABILITIES: Readonly<Record<string, number>> = { CAP_NET_ADMIN: 12, CAP_NET_RAW: 13, CAP_SYS_ADMIN: 21 }

/** Why the Linux engine cannot run in this process; empty where it can. */
export const missingForLinux = (): string[] => [...missingSystem(), ...missingPrivilege(), ...missingTools()]

export const missingSystem = (): string[] =>
  process.platform === 'linux' ? [] : [`Real packets need Linux; this is ${process.platform}.`]

export function missingPrivilege(): string[] {
  if (process.platform !== 'linux') return []
  const held = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'}`)
  const missing = Object.entries(CAPABILITIES)
    .filter(([, bit]) => ((held >> BigInt(bit)) & 1n) === 0n)
    .map(([name]) => name)
  return missing.length > 0 ? [`Network namespaces need root: ${missing.join(', ')} missing. Start it with sudo.`] : []
}

export function missingTools(): string[] {
  if (process.platform !== 'linux') return []
  const tools = Object.keys(TOOLS).filter((tool) => pathOfTool(tool) === undefined)
  const packages = [...new Set(tools.map((tool) => TOOLS[tool]))]
  return tools.length > 0
    ? [`Missing: ${tools.join(', ')} (packages ${packages.join(', ')}; \`npm run setup:system\` installs them).`]
    : []
}

/** Where programs are looked for: users without privilege may not have the folders of the system's own. */
export const toolPath = (): string => [process.env.PATH ?? '', '/usr/sbin', '/sbin'].join(delimiter)

/** Where a program is; undefined where it is not installed. */
export function pathOfTool(tool: string): string | undefined {
  return toolPath()
    .split(delimiter)
    .map((folder) => join(folder, tool))
    .find((path) => {
      try {
        accessSync(path, constants.X_OK)
        return true
      } catch {
        return false
      }
    })
}
