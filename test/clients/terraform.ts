/** Terraform, where the machine has it with its AWS provider: a folder of configurations, applied step by step. */
import { execFile, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { fileURLToPath } from 'node:url'

/** Where Terraform itself looks for providers before it asks its registry. */
const IMPLIED = [
  join(homedir(), '.terraform.d/plugins'),
  '/usr/local/share/terraform/plugins',
  '/usr/share/terraform/plugins',
]
const holdsProvider = (mirror: string) => existsSync(join(mirror, 'registry.terraform.io/hashicorp/aws'))
const mirror = [process.env.ISTHMUS_TF_PLUGINS ?? '', ...IMPLIED].find((path) => path !== '' && holdsProvider(path))

/** False, or why Terraform's tests are skipped. */
export const noTerraform: string | false =
  spawnSync('terraform', ['version'], { stdio: 'ignore' }).status !== 0
    ? 'Terraform is not installed'
    : mirror === undefined && 'no mirror with its AWS provider: ISTHMUS_TF_PLUGINS names none'

/** What was done to a resource of a type. */
export interface Change {
  readonly type: string
  readonly action: 'create' | 'update' | 'delete'
}

/** A line of Terraform's JSON output, as far as it is read here. */
interface Line {
  readonly type?: string
  readonly hook?: { readonly resource: { readonly resource_type: string }; readonly action: string }
  readonly diagnostic?: { readonly severity: string; readonly summary: string; readonly detail: string }
}

export interface Workspace {
  /** Makes what the configurations say at this step, and answers what that took. Throws with Terraform's errors. */
  apply(step: number): Promise<Change[]>
  /** What a second plan would still change, in Terraform's words; empty where nothing has drifted. */
  drift(step: number): Promise<string>
  destroy(step: number): Promise<Change[]>
  /** An output of the root module. */
  output(name: string): Promise<unknown>
}

/** The configurations of `folder` against a server, in a folder of their own that is gone after the test. */
export async function workspace(t: TestContext, folder: string, endpoint: string): Promise<Workspace> {
  const root = mkdtempSync(join(tmpdir(), 'isthmus-terraform-'))
  t.after(() => rmSync(root, { recursive: true, force: true }))
  const source = fileURLToPath(new URL(`terraform/${folder}`, import.meta.url))
  cpSync(source, join(root, 'work'), { recursive: true })
  const cliConfig = join(root, 'terraform.rc')
  writeFileSync(cliConfig, `provider_installation {\n  filesystem_mirror { path = "${mirror}" }\n}\n`)
  const env = {
    PATH: process.env.PATH,
    HOME: root,
    TF_CLI_CONFIG_FILE: cliConfig,
    TF_DATA_DIR: join(root, 'data'),
    CHECKPOINT_DISABLE: '1',
    AWS_ENDPOINT_URL: endpoint,
    AWS_EC2_METADATA_DISABLED: 'true',
  }
  const run = (...args: string[]) => terraform(join(root, 'work'), env, args)
  await run('init', '-no-color')
  const carryOut = async (command: 'apply' | 'destroy', step: number) => {
    const { code, text } = await run(command, '-json', '-auto-approve', ...PLANNED, `-var=step=${step}`)
    if (code !== 0) throw new Error(`terraform ${command}, step ${step}:\n${errorsIn(text)}`)
    return changesIn(text)
  }
  return {
    apply: (step) => carryOut('apply', step),
    destroy: (step) => carryOut('destroy', step),
    async drift(step) {
      const { code, text } = await run(
        'plan',
        '-no-color',
        '-detailed-exitcode',
        '-parallelism=40',
        `-var=step=${step}`,
      )
      return code === 0 ? '' : text
    },
    output: async (name) => JSON.parse((await run('output', '-json', name)).text),
  }
}

/** `drift` has just refreshed what an apply goes by. */
const PLANNED = ['-refresh=false', '-parallelism=40']

interface Ended {
  readonly code: number
  readonly text: string
}

const terraform = (cwd: string, env: NodeJS.ProcessEnv, args: readonly string[]): Promise<Ended> =>
  new Promise((resolve) =>
    execFile('terraform', args, { cwd, env, maxBuffer: 1 << 28 }, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) || 1 : 0, text: stdout + stderr }),
    ),
  )

const linesOf = (text: string): Line[] =>
  text
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as Line)

const errorsIn = (text: string): string =>
  linesOf(text)
    .flatMap(({ diagnostic }) => (diagnostic?.severity === 'error' ? [diagnostic] : []))
    .map(({ summary, detail }) => `${summary} ${detail}`)
    .join('\n') || text

const changesIn = (text: string): Change[] =>
  linesOf(text).flatMap(({ type, hook }) =>
    type === 'apply_complete' && hook && hook.action !== 'read'
      ? [{ type: hook.resource.resource_type, action: hook.action as Change['action'] }]
      : [],
  )
