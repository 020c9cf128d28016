/** @jsxImportSource hono/jsx */

/**
 * A sentence that may contain a person's name. The name is isolated (`<bdi>`), so that its direction
 * or direction marks do not affect the rest.
 */
export function Sentence(
  { text, about }: { text: string; about: { readonly name: string } | undefined },
) {
  const [before, after] = text.split("{name}");
  return (
    <>
      {before}
      {after !== undefined && <bdi>{about?.name}</bdi>}
      {after}
    </>
  );
}
