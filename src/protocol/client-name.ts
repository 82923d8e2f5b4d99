/** What a client calls itself, in a word: read off its User-Agent, which it may set as it likes. */

/** What is looked for, and the name; the first that is found counts, as tools name what they are made of as well. */
const KNOWN: readonly (readonly [RegExp, string])[] = [
  [/\bOpenTofu\//, 'OpenTofu'],
  [/\bTerraform\//, 'Terraform'],
  [/\bPulumi\//, 'Pulumi'],
  [/\bAnsible\b/, 'Ansible'],
  [/\baws-cli\//, 'AWS CLI'],
  [/\bBoto3\//i, 'Boto3'],
  [/\bBotocore\//i, 'Botocore'],
  [/\baws-sdk-go/, 'AWS SDK for Go'],
  [/\baws-sdk-js/, 'AWS SDK for JavaScript'],
  [/\baws-sdk-java/, 'AWS SDK for Java'],
  [/\baws-sdk-rust/, 'AWS SDK for Rust'],
  // A browser gets this far only with a page of the console.
  [/^Mozilla\//, 'console'],
]
const LONGEST = 40

/** Undefined where the client says nothing. Of one that is not known, the first product that it names. */
export function clientName(userAgent: string | undefined): string | undefined {
  if (!userAgent) return undefined
  const known = KNOWN.find(([pattern]) => pattern.test(userAgent))
  return known?.[1] ?? /^[\w.+-]+/.exec(userAgent)?.[0].slice(0, LONGEST)
}
