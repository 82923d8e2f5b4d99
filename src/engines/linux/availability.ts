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

/** Why the Linux engine cannot run here; empty where it can. */
export function missingForLinux(): string[] {
  if (process.platform !== 'linux') return [`Real packets need Linux; this is ${process.platform}.`]
  const tools = Object.keys(TOOLS).filter((tool) => !isInstalled(tool))
  const packages = [...new Set(tools.map((tool) => TOOLS[tool]))]
  return [
    ...missingPrivilege(),
    ...(tools.length > 0
      ? [`Missing: ${tools.join(', ')} (packages ${packages.join(', ')}; \`npm run setup:system\` installs them).`]
      : []),
  ]
}

function missingPrivilege(): string[] {
  const held = BigInt(`0x${/^CapEff:\s*([0-9a-f]+)/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] ?? '0'}`)
  const missing = Object.entries(CAPABILITIES)
    .filter(([, bit]) => ((held >> BigInt(bit)) & 1n) === 0n)
    .map(([name]) => name)
  return missing.length > 0 ? [`Network namespaces need root: ${missing.join(', ')} missing. Start it with sudo.`] : []
}

function isInstalled(tool: string): boolean {
  const folders = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin']
  return folders.some((folder) => {
    try {
      accessSync(join(folder, tool), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}
