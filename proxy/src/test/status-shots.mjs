// Draws one page: status-shots.mjs CHROMIUM PROFILE URL PICTURE WIDTH SCHEME [HEIGHT]. Speaks the browser's own protocol over pipes, so it
// needs Node.js and nothing else; waits until the page's tables are there, and draws all of it or its upper part.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';

const [chromium, profile, url, picture, width, scheme, height] = process.argv.slice(2);
const browser = spawn(chromium, ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync', `--user-data-dir=${profile}`, '--remote-debugging-pipe'],
{ stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
const waiting = new Map();
let asked = 0;
let said = '';
browser.stdio[4].on('data', bytes => {
  said += bytes;
  for (let end = said.indexOf('\0'); end >= 0; end = said.indexOf('\0')) {
    const answer = JSON.parse(said.slice(0, end));
    said = said.slice(end + 1);
    if (waiting.has(answer.id)) {
      const { resolve, reject } = waiting.get(answer.id);
      if (answer.error) reject(new Error(answer.error.message));
      else resolve(answer.result);
    }
  }
});

function ask(method, params, sessionId) {
  return new Promise((resolve, reject) => {
    waiting.set(++asked, { resolve, reject });
    browser.stdio[3].write(JSON.stringify({ id: asked, method, params, sessionId }) + '\0');
  });
}

const late = setTimeout(() => {
  console.error(`status-shots: ${url} was not drawn within a minute`);
  browser.kill();
  process.exit(1);
}, 60_000);
const { targetId } = await ask('Target.createTarget', { url: 'about:blank' });
const { sessionId } = await ask('Target.attachToTarget', { targetId, flatten: true });
const here = (method, params) => ask(method, params, sessionId);
await here('Emulation.setDeviceMetricsOverride', { width: Number(width), height: 900, deviceScaleFactor: 1, mobile: width < 600 });
await here('Emulation.setEmulatedMedia', { features: [{ name: 'prefers-color-scheme', value: scheme }] });
await here('Page.navigate', { url });
const drawn = "document.querySelectorAll('#operations tbody tr, #reloads tbody tr').length > 2";
while (!(await here('Runtime.evaluate', { expression: drawn })).result.value) {
  await new Promise(resolve => setTimeout(resolve, 100));
}
const { data } = await here('Page.captureScreenshot', {
  captureBeyondViewport: true, ...(height && { clip: { x: 0, y: 0, width: Number(width), height: Number(height), scale: 1 } }) });
writeFileSync(picture, Buffer.from(data, 'base64'));
clearTimeout(late);
await ask('Browser.close');
