/** A lab to start from: one step, which `isthmus lab test` accepts as it is. */

/** Path within the lab's folder → text. */
export const skeletonOf = (name: string): Readonly<Record<string, string>> => ({
  'index.json': `${JSON.stringify(index(name), undefined, 2)}\n`,
  'intro.md': `# ${name}\n\nSay what this lab is about, and what one knows afterwards.\n`,
  'step1/text.md': STEP,
  'step1/checks.yaml': CHECKS,
  'step1/solve.sh': 'aws ec2 create-vpc --cidr-block 10.20.0.0/16\n',
  'finish.md': '# Done\n\nSay what was learnt.\n',
})

const index = (name: string) => ({
  title: name,
  description: 'What one learns here, in a sentence.',
  details: {
    intro: { text: 'intro.md' },
    steps: [{ title: 'A VPC', text: 'step1/text.md' }],
    finish: { text: 'finish.md' },
  },
})

const STEP = `# A VPC

Make a VPC with the block 10.20.0.0/16.

\`aws ec2 create-vpc --cidr-block 10.20.0.0/16\`{{exec}}
`

const CHECKS = `# Names for things, by what they are to each other; a later step knows them, too.
where:
  vpc: { vpc: { cidr: 10.20.0.0/16 } }

# Kinds of checks: reach, api, route, exists, absent, exec, event, explain, script (see docs/labs.md).
# None may pass before solve.sh, and all must pass after it: isthmus lab test .
checks:
  - id: vpc
    title: There is a VPC with the block 10.20.0.0/16
    exists: $vpc

hints:
  - after: { fails: 2 }
    text: A VPC has a block of private addresses.
  - after: { minutes: 5 }
    solution: step1/solve.sh
`
