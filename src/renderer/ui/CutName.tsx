/** A shorter name is seen whole wherever one stands. */
const WHOLE_UP_TO = 18;
const END = 8;

/** A name that is cut in its middle where there is no room for it: names that differ only at their ends are told apart. */
export function CutName({ name }: { readonly name: string }) {
  const letters = [...name];
  if (letters.length <= WHOLE_UP_TO) return <bdi data-picture-text>{name}</bdi>;
  return (
    <bdi className="cut-name" data-picture-text>
      <span>{letters.slice(0, -END).join('')}</span>
      <span>{letters.slice(-END).join('')}</span>
    </bdi>
  );
}
