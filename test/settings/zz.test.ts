import { test } from '/work/main/node_modules/vitest/dist/index.js';
import { loadSettings } from '/work/main/src/main/settings/load.ts';

test('x', () => {
  for (const s of [
    'a = ',
    '[link.k]\nurl="wss://x"\n[link.k]\nfoo=1\n[log]\nlevel="x"',
    '[connection]\nws_ping_intervall_secs=5\nping_interval_secs = "15"\nws_missed_pongs=2.5\nws_jitter="foo"\nwarmup_urls=["ftp://x",3]\n[conection]\n[link.a]\nurl="htp://x"\nenabled=1\nsubscribe="a"\npreset=""\nprofile="tradin"\n[[link.b]]\n[link.__proto__]\n',
    '[link.a\nurl=3\n[link.b]\nx y\nenabled = "x\nsubscribe=["a b",3]\n enabled=true\nenabled=false',
    'link=3\n"\ud800"=1',
    '[link.a]\nsubscribe=["a",\nenabled=true\n[link.b]\nurl=3',
    'a=' + '['.repeat(9000) + ']'.repeat(9000),
    '\ufeff[link.x]\nurl="wss://a"\n',
    'x'.repeat(2e6),
  ]) {
    const r = loadSettings(s);
    console.log(
      JSON.stringify(s.slice(0, 80)),
      r.settings,
      r.problems
        .map((p) => `${p.line}:${p.column}-${p.endColumn} ${p.path} | ${p.message} | ${p.expected} | ${p.nearest}`)
        .join('\n   '),
    );
  }
});
