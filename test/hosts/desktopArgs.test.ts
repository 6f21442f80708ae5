import { expect, it } from 'vitest';
import { desktopConfig } from '../../src/main/hosts/desktopArgs.ts';

it('[D1] the desktop takes --config, and leaves Electron and Chromium what is theirs', () => {
  expect(desktopConfig(['/opt/warmwire', '--config', 'my.toml'])).toBe('my.toml');
  expect(desktopConfig(['--config=my.toml', '--no-open', '--headless'])).toBe('my.toml');
  const theirs = ['-r', 'loader.js', '/opt/warmwire', '--no-sandbox', '--inspect=0', '--remote-debugging-port=0'];
  expect(desktopConfig([...theirs, '--ozone-platform=wayland', '--v=1', '--lang', 'de', '-psn_0_123'])).toBeNull();
});

it.each([
  [['--confg', 'my.toml'], 'there is no option --confg; there is --config'],
  [['--Config=my.toml'], 'there is no option --Config; there is --config'],
  [['--prot', '8080'], 'there is no option --prot; there is --port'],
  [['--config'], '--config names no file: give its path, or leave it out'],
  [['--config', ''], '--config names no file: give its path, or leave it out'],
  [['my.toml'], 'a settings file is given as --config my.toml'],
  [['--port', '8080'], '--port is for the page of the headless mode; that of the desktop’s API is in the settings'],
])('[D1] %j is refused in a sentence, where the default settings would run without a word', (args, sentence) => {
  expect(() => desktopConfig(['/opt/warmwire', ...args])).toThrow(sentence);
});
