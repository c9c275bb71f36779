import { existsSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { chromium, type Browser, type Page } from 'playwright-core';
import { FakeService } from '../../libs/client/fake-service.spec-kit.js';
import { MessageMaker } from '../../libs/client/messages.spec-kit.js';
import { buildPage } from '../../scripts/page.js';

const binary = process.env['CHROMIUM_BIN'] ?? '/usr/bin/chromium';
const suite = existsSync(binary) ? describe : describe.skip;
if (!existsSync(binary))
  process.stderr.write('skipped: the caption page needs Chromium; set CHROMIUM_BIN to its binary\n');

const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";
const TYPES: Readonly<Record<string, string>> = { html: 'text/html', css: 'text/css', js: 'text/javascript' };
const BOB = { identity: 'bob', name: 'Bob', trackSid: 'TR_b' };
const LINES = 4_000;
const MOST_MS_A_MESSAGE = 30;

suite('the caption page in Chromium', () => {
  let browser: Browser;
  let files: readonly string[];
  let service: FakeService;
  let origin: string;
  let make: MessageMaker;
  let page: Page;

  beforeAll(async () => {
    files = await buildPage();
    browser = await chromium.launch({ executablePath: binary, args: ['--no-sandbox'] });
  });
  afterAll(() => browser.close());

  beforeEach(async () => {
    service = new FakeService();
    origin = await service.listen();
    make = new MessageMaker();
  });

  afterEach(async () => {
    await page.close();
    await service.close();
  });

  /** Opens the page as the service sends it, before the service's API. Whatever breaks its policy fails the test. */
  async function open(width = 1_100): Promise<{ readonly faults: readonly string[] }> {
    page = await browser.newPage({ viewport: { width, height: 720 } });
    const faults: string[] = [];
    page.on('pageerror', ({ message }) => faults.push(message));
    page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
    for (const path of files) {
      const name = basename(path);
      const url = name === 'index.html' ? `${origin}/` : `${origin}/${name}`;
      const headers = { 'Content-Security-Policy': POLICY, 'Content-Type': TYPES[name.split('.').at(-1) ?? ''] ?? '' };
      await page.route(url, (route) => route.fulfill({ body: readFileSync(path), headers }));
    }
    await page.goto(`${origin}/#token=t&session=s1`);
    await page.waitForSelector('#lines li');
    return { faults };
  }

  const say = (id: string, text: string, startMs: number, rest = {}): void =>
    service.publish(make.transcript(id, text, { startMs, startedAt: new Date().toISOString(), ...rest }));

  it('shows who says what, announces each new final once, and the captions over the screen', async () => {
    service.publish(make.transcript('old', 'Long ago.', { startMs: 0 }));
    const { faults } = await open();
    say('a', '<b>Hello</b> everyone.', 1_000);
    say('b', 'Good morning', 2_000, { final: false, speaker: BOB });
    await page.waitForSelector('li[data-state=interim]');
    expect(await page.locator('#lines li > p').allTextContents()).toEqual([
      'Long ago.',
      '<b>Hello</b> everyone.',
      'Good morning',
    ]);
    expect(await page.locator('#announcer p').allTextContents()).toEqual(['Alice: <b>Hello</b> everyone.']);
    await page.click('#overlay');
    await page.waitForSelector('#overlay-captions p');
    expect(await page.locator('#overlay-captions p').allTextContents()).toEqual([
      'Alice: <b>Hello</b> everyone.',
      'Bob: Good morning',
    ]);
    expect(await page.locator('#lines').isVisible()).toBe(false);
    expect(faults).toEqual([]);
  });

  it('translates, searches, pauses, and keeps the settings of its reader', async () => {
    say('a', 'Good morning', 1_000);
    service.publish(make.translation('a', 'fr', 'Bonjour'));
    say('b', 'Goodbye', 2_000);
    const { faults } = await open(390);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await page.selectOption('#language', 'fr');
    await page.fill('#search', 'BON');
    await page.waitForSelector('mark');
    expect(await page.locator('#lines li > p').allTextContents()).toEqual(['Bonjour']);
    await page.fill('#search', '');
    await page.click('#pause');
    say('c', 'While paused', 3_000);
    await page.waitForSelector('#latest:not([hidden])');
    expect(await page.textContent('#latest')).toContain('1 new');
    expect(await page.locator('#lines li').count()).toBe(2);
    await page.click('#latest');
    await page.waitForSelector('#lines li:nth-child(3)');
    await page.click('#settings-button');
    await page.selectOption('[name=size]', 'Huge');
    await page.reload();
    await page.waitForSelector('#lines li');
    expect(await page.evaluate("getComputedStyle(document.getElementById('lines')).fontSize")).toBe('64px');
    expect(faults).toEqual([]);
  });

  it(`costs the same with ${LINES} lines, and shows all of them on demand`, async () => {
    for (let n = 0; n < LINES; n += 1) say(`u${n}`, `Line ${n} of a long meeting.`, n * 1_000);
    await open();
    await page
      .locator('#lines')
      .getByText(`Line ${LINES - 1} of`)
      .waitFor();
    expect(await page.locator('#lines li').count()).toBeLessThan(150);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send('Performance.enable');
    const taskS = async (): Promise<number> => {
      const { metrics } = await cdp.send('Performance.getMetrics');
      return metrics.find(({ name }) => name === 'TaskDuration')?.value ?? NaN;
    };
    const beforeS = await taskS();
    for (let n = LINES; n < LINES + 40; n += 1) {
      say(`u${n}`, `Line ${n} of a long meeting.`, n * 1_000);
      await page.locator('#lines').getByText(`Line ${n} of`).waitFor();
    }
    expect(((await taskS()) - beforeS) * 25).toBeLessThan(MOST_MS_A_MESSAGE);
    await page.evaluate('scrollTo(0, 0)');
    await page.click('#earlier');
    expect(await page.locator('#lines li').count()).toBeGreaterThan(300);
  });
});
