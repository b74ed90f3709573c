// Runs an exported Worker in workerd: node harness.mjs MINIFLARE EXPORT BASE RECORD
// Prints its URL, and ends with its standard input. With RECORD, requests to other Fly apps are answered with what they are.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [modules, exported, base, record] = process.argv.slice(2);
const { Miniflare, Response } = createRequire(join(modules, 'package.json'))('miniflare');

const toml = await readFile(join(exported, 'wrangler.toml'), 'utf8');
const value = (key) => new RegExp(`^${key} = "(.*)"$`, 'm').exec(toml)[1];

const worker = new Miniflare({
  modules: true,
  script: await readFile(join(exported, value('main')), 'utf8'),
  compatibilityDate: value('compatibility_date'),
  r2Buckets: [value('binding')],
  host: '127.0.0.1',
  port: 0,
  ...(record === 'true'
    ? { outboundService: (request) => Response.json({ url: request.url, method: request.method, headers: Object.fromEntries(request.headers) }) }
    : {}),
});
const bucket = await worker.getR2Bucket(value('binding'));
const manifest = JSON.parse(await readFile(join(exported, 'manifest.json'), 'utf8'));
for (const entry of manifest.files) {
  const bytes = await readFile(join(base, entry.file));
  await bucket.put(entry.key, bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
}
process.stdin.resume();
process.stdin.on('end', async () => {
  await worker.dispose();
  process.exit(0);
});
console.log((await worker.ready).href);
