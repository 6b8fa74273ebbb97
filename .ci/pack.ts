import { execFileSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

// Packs what is published: node .ci/pack.ts [folder for the tarball]. Prints the tarball's path.
// The checkout's package.json stays as it is; its Node of 189 MB and its scripts are for a checkout only.

const ROOT = join(import.meta.dirname, '..')
const FOR_A_CHECKOUT = ['private', 'scripts', 'devDependencies', 'optionalDependencies', 'allowScripts']

const target = process.argv[2] ?? ROOT
const stage = mkdtempSync(join(tmpdir(), 'wavegate-pack-'))
try {
  rmSync(join(ROOT, 'dist'), { recursive: true, force: true })
  run('node_modules/.bin/tsc', ['-p', 'tsconfig.build.json'], ROOT)
  const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  for (const name of [...manifest.files, 'README.md', 'LICENSE']) {
    cpSync(join(ROOT, name), join(stage, name), { recursive: true })
  }
  for (const key of FOR_A_CHECKOUT) delete manifest[key]
  writeFileSync(join(stage, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`)
  mkdirSync(target, { recursive: true })
  const [packed] = JSON.parse(run('npm', ['pack', '--json', '--pack-destination', target], stage))
  console.log(join(target, packed.filename))
} finally {
  rmSync(stage, { recursive: true, force: true })
}

function run(command: string, args: string[], folder: string): string {
  return execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
}
