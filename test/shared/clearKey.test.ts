import { describe, expect, it } from 'vitest';
import { builtInPresets } from '../../src/main/settings/presets.ts';
import { clearKeysIn, withoutClearKeys } from '../../src/shared/clearKey.ts';

describe('clearKeysIn', () => {
  const named = [
    'token,key,secret,password,passphrase,signature,sign,sig,auth,jwt',
    'api_key,api-key,apikey,APIKEY,apiKey,X-API-KEY,x.api.key,listenKey,listen_key,accessToken,access_token,authSig',
  ].flatMap((names) => names.split(','));

  it.each(named)('[L10] %s= in an address is a credential', (name) => {
    expect(clearKeysIn(`wss://a/ws?v=1&${name}=abc#x`)).toEqual([{ name, value: 'abc', written: `${name}=abc` }]);
    expect(withoutClearKeys(`wss://a/ws?v=1&${name}=abc&w=2`)).toBe(`wss://a/ws?v=1&${name}=•••&w=2`);
  });

  it.each(['monkey', 'turkey', 'keyboard', 'design', 'author', 'tokens', 'stream', 'key_id', 'hotKeys'])(
    '[L10] %s= is none',
    (name) => {
      expect(clearKeysIn(`wss://a/?${name}=abc`)).toEqual([]);
    },
  );

  it.each(['{secret:KEY}', '{token}', '{hmac-sha256-hex:KEY:{now_ms}}', 'true', '1', 'none'])(
    '[L10] what is filled in later, or opens nothing, is none: token=%s',
    (value) => {
      expect(clearKeysIn(`wss://a/?token=${value}`)).toEqual([]);
    },
  );

  it.each([
    ['{"op":"auth","apiKey":"abc","authSig" : "de f"}', '{"op":"auth","apiKey":"•••","authSig" : "•••"}'],
    ['{"params":{"token":"WW91IGNhbm5vdA=="}}', '{"params":{"token":"•••"}}'],
    ['x = "{\\"password\\":\\"abc\\"}"', 'x = "{\\"password\\":\\"•••\\"}"'],
    ['{"event":"subscribe","key":"trade:1m:tBTCUSD"}', null],
    ['{"token":"BTC","key":"ticker"}', null],
  ])('[L10] in a message: %s', (message, shown) => {
    expect(withoutClearKeys(message)).toBe(shown ?? message);
  });

  it('[L10] no preset has one', () => {
    for (const [name, preset] of builtInPresets()) expect(clearKeysIn(JSON.stringify(preset)), name).toEqual([]);
  });
});
