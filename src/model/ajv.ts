/** The one file that imports ajv: its classes by draft, and its parts. */

import { Ajv, type Options } from "ajv";
import Ajv04 from "ajv-draft-04";
import { Ajv2019 } from "ajv/dist/2019.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import draft06 from "ajv/dist/refs/json-schema-draft-06.json" with {
  type: "json",
};
import type { Draft } from "./schema_draft.ts";

export { _, MissingRefError, Name } from "ajv";
export type {
  Ajv,
  CodeKeywordDefinition,
  ErrorObject,
  FuncKeywordDefinition,
  KeywordCxt,
  Options,
  ValidateFunction,
} from "ajv";

/** @returns an instance that knows the draft and its metaschema */
export function constructAjv(draft: Draft, options: Options): Ajv {
  switch (draft) {
    case "04":
      return asAjv(new Ajv04.default(options));
    case "06":
      return new Ajv(options).addMetaSchema(draft06, undefined, false);
    case "07":
      return new Ajv(options);
    case "2019-09":
      return asAjv(new Ajv2019(options));
    case "2020-12":
      return asAjv(new Ajv2020(options));
  }
}

/** The classes share their methods, but not a type that names them. */
function asAjv(instance: unknown): Ajv {
  return instance as Ajv;
}
