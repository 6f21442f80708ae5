const PLACE = /\{secret:([A-Za-z0-9_]+)\}/g;
const SIGNED = /\{hmac-(sha256|sha384|sha512)-(hex|base64):([A-Za-z0-9_]+):([^}]*)\}/g;

/** The names of the secrets that a template asks for. */
export function secretsIn(template: string): string[] {
  return [...template.matchAll(PLACE), ...template.matchAll(SIGNED)].map((match) => match[3] ?? match[1] ?? '');
}

/** The template with each place filled: `{secret:NAME}`, and `{hmac-sha256-hex:NAME:text}`. */
export function fillPlaces(
  template: string,
  plain: (name: string) => string,
  signed: (place: {
    readonly algorithm: string;
    readonly encoding: 'hex' | 'base64';
    readonly name: string;
    readonly text: string;
  }) => string,
): string {
  return template
    .replaceAll(SIGNED, (_all, algorithm: string, encoding: 'hex' | 'base64', name: string, text: string) =>
      signed({ algorithm, encoding, name, text }),
    )
    .replaceAll(PLACE, (_all, name: string) => plain(name));
}
