/** Who may call, from a file in the format of ~/.aws/credentials. */

export interface Credential {
  readonly secret: string
  /** Temporary credentials have one, and a request must carry the same. */
  readonly sessionToken?: string
  /** 12 digits, where the profile says `account_id`. */
  readonly account?: string
}

/** Access key id → credential. */
export type Credentials = ReadonlyMap<string, Credential>

const section = /^\[\s*(?:profile\s+)?([^\]]+?)\s*\]$/
const setting = /^([\w-]+)\s*=\s*(.*)$/
const blank = /^\s*([#;].*)?$/

/** Reads the text of a credentials file. Throws an Error that names the line or profile that can not be used. */
export function parseCredentials(text: string): Credentials {
  const credentials = new Map<string, Credential>()
  for (const [name, settings] of readProfiles(text)) {
    const id = settings.get('aws_access_key_id')
    const secret = settings.get('aws_secret_access_key')
    // A profile may hold other things (a role, a Region): it names nobody.
    if (!id && !secret) continue
    if (!id || !secret) throw new Error(`Profile ${name}: aws_access_key_id and aws_secret_access_key go together`)
    if (credentials.has(id)) throw new Error(`Profile ${name}: access key ${id} is already another profile's`)
    credentials.set(id, { secret, ...optionalSettings(name, settings) })
  }
  if (!credentials.size) throw new Error('No profile with aws_access_key_id and aws_secret_access_key')
  return credentials
}

function readProfiles(text: string): Map<string, Map<string, string>> {
  const profiles = new Map<string, Map<string, string>>()
  let current: Map<string, string> | undefined
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (blank.test(line)) continue
    const name = section.exec(line.trim())?.[1]
    const [, key, value] = setting.exec(line.trim()) ?? []
    if (name !== undefined) {
      current = profiles.get(name) ?? new Map()
      profiles.set(name, current)
    } else if (current && key !== undefined && value !== undefined) {
      current.set(key.toLowerCase(), value)
    } else {
      throw new Error(`Line ${index + 1} is neither [profile] nor key = value within one`)
    }
  }
  return profiles
}

function optionalSettings(name: string, settings: ReadonlyMap<string, string>): Omit<Credential, 'secret'> {
  const sessionToken = settings.get('aws_session_token')
  const account = settings.get('account_id') ?? settings.get('aws_account_id')
  if (account && !/^\d{12}$/.test(account)) throw new Error(`Profile ${name}: account_id is not 12 digits: ${account}`)
  return { ...(sessionToken && { sessionToken }), ...(account && { account }) }
}
