/**
 * Values that have one of several forms.
 *
 * @module
 */
import { blankOf, type Form, switchVariant, variantOf } from "../../model/form.ts";
import { setValue } from "./field.tsx";
import { FormInput, type InputProps } from "./form_input.tsx";
import { FormFields, useValue } from "./form_fields.tsx";

/** A choice of the form, and the input for it. */
export function VariantsInput(
  { id, form: { variants }, path, label, unset, isMember, known }: InputProps<
    Extract<Form, { kind: "variants" }>
  >,
) {
  const value = useValue(path);
  const at = value === undefined || value === null ? -1 : variantOf(variants, value);
  const chosen = variants[at]?.form;
  const write = (next: unknown) => setValue(`Set ${label.toLowerCase()}`, path, next);
  const isSingle = chosen?.kind === "choice" && chosen.values.length === 1;
  return (
    <div className="variants">
      <div className="line">
        <select
          id={id}
          aria-label={id === undefined ? label : undefined}
          className={at < 0 ? "unset" : ""}
          value={at}
          onChange={({ target }) => {
            const form = variants[Number(target.value)]?.form;
            write(form && (at < 0 ? blankOf(form) : switchVariant(value, form)));
          }}
        >
          <option value={-1} disabled={isMember}>{unset}</option>
          {variants.map(({ label }, i) => <option key={i} value={i}>{label}</option>)}
        </select>
        {chosen && !isSingle && chosen.kind !== "object" && (
          <FormInput
            form={chosen}
            path={path}
            label={`${label}: ${variants[at]!.label}`}
            unset={value === "" ? "(empty)" : "not set"}
            isMember
            known={known}
          />
        )}
      </div>
      {chosen?.kind === "object" && <FormFields fields={chosen.fields} path={path} />}
    </div>
  );
}
