/** @jsxImportSource hono/jsx */
import type { PropsWithChildren } from "hono/jsx";
import type { Brand } from "./brand.ts";
import { BrandName } from "./document.tsx";

/** Above a card: the clinic and the language menu. */
export function CardHeader({ children, ...brand }: PropsWithChildren<Partial<Brand>>) {
  return (
    <header class="head">
      <BrandName {...brand} />
      {children}
    </header>
  );
}
