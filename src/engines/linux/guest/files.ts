/** The files of a guest as a script that writes them: run inside, so that no path leads out of it. */
import { dirname } from 'node:path'
import type { GuestFile } from '../../engine.ts'

/** One word of a shell, whatever is in it. */
export const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`

/** Few processes, as it runs at every boot: printf is part of the shell, the rest is done for many files at once. */
export function filesScript(files: readonly GuestFile[], firstBoot: boolean): string {
  const written = files.filter((file) => firstBoot || !file.once)
  if (written.length === 0) return ''
  const executable = written.filter(({ mode }) => (mode & 0o111) !== 0)
  const folders = [...new Set(written.map(({ path }) => dirname(path)))].toSorted()
  return [
    'umask 022',
    `mkdir -p ${folders.map(quoted).join(' ')}`,
    // What stands there may be a link or read-only by now.
    `rm -f ${written.map(({ path }) => quoted(path)).join(' ')}`,
    ...[...Map.groupBy(written, umaskFor)].flatMap(([umask, group]) => [
      `umask ${umask}`,
      ...group.map(({ path, text }) => `printf %s ${quoted(text)} > ${quoted(path)}`),
    ]),
    'umask 022',
    ...each(
      written,
      ({ owner = 0 }) => owner,
      0,
      (owner, paths) => `chown ${owner}:${owner} ${paths}`,
    ),
    ...each(
      executable,
      ({ mode }) => mode,
      0,
      (mode, paths) => `chmod ${mode.toString(8)} ${paths}`,
    ),
    '',
  ].join('\n')
}

function each(
  files: readonly GuestFile[],
  key: (file: GuestFile) => number,
  usual: number,
  line: (key: number, paths: string) => string,
): string[] {
  const others = files.filter((file) => key(file) !== usual)
  return [...Map.groupBy(others, key)].map(([value, group]) => line(value, group.map((f) => quoted(f.path)).join(' ')))
}

/** With which a file that is made has the mode already, unless it is to be run. */
const umaskFor = ({ mode }: GuestFile): string => (0o666 & ~mode).toString(8).padStart(3, '0')
