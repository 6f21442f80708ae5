/** The whole page when this tab may not talk to the engine. */
export function NoEntry({ why }: { readonly why: 'missing' | 'refused' }) {
  return (
    <main className="no-entry">
      <h1>{why === 'missing' ? 'This address is incomplete' : 'Warmwire did not accept this address'}</h1>
      <p>
        {why === 'missing'
          ? 'The secret that lets this page talk to Warmwire is missing.'
          : 'The secret in this tab is not (or no longer) the right one. It changes each time Warmwire starts.'}
      </p>
      <p>
        Open the address that Warmwire printed when it started. It ends with <code>#token=…</code>; copy all of it.
      </p>
    </main>
  );
}
