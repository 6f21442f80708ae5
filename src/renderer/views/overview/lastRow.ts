/** The row to come back to: the one last worked on, or the link whose page was last open. */
let last: string | null = null;

export const lastRow = (): string | null => last;

export function rememberRow(name: string | null): void {
  last = name;
}
