/** What AWS's clients read from the environment, set so that they speak to Isthmus. */
import { type Identity, identityOf } from '../client/sign.ts'

export const defaultAccount = '123456789012'
export const defaultRegion = 'us-east-1'

/** `--region`, else what the environment says, else us-east-1. */
export const regionFrom = (option: string | undefined, env: NodeJS.ProcessEnv): string =>
  option || env.AWS_REGION || env.AWS_DEFAULT_REGION || defaultRegion

/** Credentials that are set are kept: a server with --auth knows them, any other takes them. */
export function identityFrom(env: NodeJS.ProcessEnv): Identity {
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey, AWS_SESSION_TOKEN: token } = env
  if (!accessKeyId || !secretAccessKey) return identityOf(defaultAccount)
  return { accessKeyId, secretAccessKey, ...(token && { sessionToken: token }) }
}

/** A variable's value, or undefined where it must not be set. */
export type Variables = Readonly<Record<string, string | undefined>>

/** The variables for a server at `endpoint`. */
export function awsVariables(endpoint: string, region: string, env: NodeJS.ProcessEnv): Variables {
  const { accessKeyId, secretAccessKey, sessionToken } = identityFrom(env)
  return {
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    // Version 1 of the AWS CLI reads only this one.
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    // A profile would win over the keys, and might say where AWS itself is.
    AWS_PROFILE: undefined,
    AWS_DEFAULT_PROFILE: undefined,
    AWS_ENDPOINT_URL_EC2: undefined,
    AWS_ENDPOINT_URL_STS: undefined,
    AWS_ENDPOINT_URL_SSM: undefined,
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: undefined,
  }
}

/** How a shell sets and unsets a variable. */
interface Dialect {
  set(name: string, value: string): string
  unset(name: string): string
}

export const shells = {
  posix: {
    set: (name, value) => `export ${name}=${quoted(value)}`,
    unset: (name) => `unset ${name}`,
  },
  fish: {
    set: (name, value) => `set -gx ${name} ${quoted(value)};`,
    unset: (name) => `set -e ${name};`,
  },
} as const satisfies Record<string, Dialect>
export type Shell = keyof typeof shells

/** The lines to evaluate; what need not be unset, because it is not set, is left out. */
export function shellLines(variables: Variables, shell: Shell, env: NodeJS.ProcessEnv): string[] {
  const dialect: Dialect = shells[shell]
  return Object.entries(variables).flatMap(([name, value]) => {
    if (value !== undefined) return dialect.set(name, value)
    return env[name] === undefined ? [] : dialect.unset(name)
  })
}

/** Single quotes where the shell would read more into it. */
const quoted = (value: string): string =>
  /^[\w@%+=:,./-]+$/.test(value) ? value : `'${value.replaceAll("'", `'\\''`)}'`
