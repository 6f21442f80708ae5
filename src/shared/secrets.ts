const PLACE = /\{secret:(?<name>[A-Za-z0-9_]+)\}/g;
const SIGNED =
  /\{(?<scheme>hmac|rsa-pss)-(?<algorithm>sha256|sha384|sha512)-(?<encoding>hex|base64):(?<name>[A-Za-z0-9_]+):(?<text>[^}]*)\}/g;

/** One signature in a template. `rsa-pss`: the secret is a private key in PEM. */
export interface SignedPlace {
  readonly scheme: 'hmac' | 'rsa-pss';
  readonly algorithm: string;
  readonly encoding: 'hex' | 'base64';
  readonly name: string;
  readonly text: string;
}

/** The names of the secrets that a template asks for. */
export function secretsIn(template: string): string[] {
  return [...template.matchAll(PLACE), ...template.matchAll(SIGNED)].map(({ groups }) => groups?.['name'] ?? '');
}

/** The template with each place filled: `{secret:NAME}`, `{hmac-sha256-hex:NAME:text}`, `{rsa-pss-sha256-base64:NAME:text}`. */
export function fillPlaces(
  template: string,
  plain: (name: string) => string,
  signed: (place: SignedPlace) => string,
): string {
  return template
    .replaceAll(
      SIGNED,
      (
        _all,
        scheme: SignedPlace['scheme'],
        algorithm: string,
        encoding: SignedPlace['encoding'],
        name: string,
        text: string,
      ) => signed({ scheme, algorithm, encoding, name, text }),
    )
    .replaceAll(PLACE, (_all, name: string) => plain(name));
}
