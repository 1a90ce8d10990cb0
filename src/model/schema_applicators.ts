/** Keywords that apply other schemas, where ajv's own ones fall short. */

import { _, type CodeKeywordDefinition, type KeywordCxt, Name } from "./ajv.ts";

/** A definition under one name. */
export type OwnKeyword = CodeKeywordDefinition & { readonly keyword: string };

/** @param unevaluated whether the draft has `unevaluatedProperties` */
export function getApplicatorKeywords(unevaluated: boolean): OwnKeyword[] {
  const unions = [defineUnion("anyOf"), defineUnion("oneOf")];
  return unevaluated ? [...unions, UNEVALUATED_PROPERTIES] : unions;
}

/**
 * ajv leaves the errors of all branches beside those of the keyword, and nests
 * the code of each branch in that of the one before, which takes seconds and
 * then the stack from a thousand branches on.
 */
function defineUnion(keyword: "anyOf" | "oneOf"): OwnKeyword {
  return {
    keyword,
    schemaType: "array",
    trackErrors: true,
    error: {
      message: "",
      params: ({ params }) => _`{passing: ${params.passing}}`,
    },
    code(cxt) {
      const { gen, it } = cxt;
      trackEvaluated(cxt);
      const passing = gen.let("passing", 0);
      cxt.setParams({ passing });
      const applyBranch = (schemaProp: number): void => {
        const valid = gen.name("_valid");
        const branch = cxt.subschema(
          { keyword, schemaProp, compositeRule: true },
          valid,
        );
        gen.if(valid, () => gen.code(_`${passing}++`));
        cxt.mergeValidEvaluated(branch, valid);
      };
      const enough = keyword === "anyOf" ? 1 : 2;
      (cxt.schema as unknown[]).forEach((_branch, index) => {
        // A branch beyond what decides still counts for what it evaluates.
        if (it.opts.unevaluated) applyBranch(index);
        else gen.if(_`${passing} < ${enough}`, () => applyBranch(index));
      });
      cxt.result(
        keyword === "anyOf" ? _`${passing} > 0` : _`${passing} === 1`,
        () => cxt.reset(),
        () => {
          cxt.reset();
          cxt.error(true);
        },
      );
    },
  };
}

/**
 * ajv looks the evaluated names up in a plain object, which has a member
 * `constructor`, and spells out one comparison for each name it knows.
 */
const UNEVALUATED_PROPERTIES: OwnKeyword = {
  keyword: "unevaluatedProperties",
  type: "object",
  schemaType: ["boolean", "object"],
  trackErrors: true,
  error: {
    message: "",
    params: ({ params }) => _`{unevaluatedProperty: ${params.name}}`,
  },
  code(cxt) {
    const { gen, data, it, schema } = cxt;
    const evaluated = it.props;
    it.props = true;
    if (evaluated === true || schema === true) return;
    const known = evaluated instanceof Name
      ? evaluated
      : gen.scopeValue("obj", { ref: evaluated ?? {} });
    const visit = (name: Name): void => {
      if (schema === false) {
        cxt.setParams({ name });
        cxt.error();
        return;
      }
      const keyword = "unevaluatedProperties";
      cxt.subschema({ keyword, dataProp: name }, gen.name("valid"));
    };
    gen.if(_`${known} !== true`, () =>
      gen.forIn("key", data, (name) => {
        gen.if(_`!Object.hasOwn(${known} || {}, ${name})`, () => visit(name));
      }));
    cxt.ok(_`${cxt.errsCount} === ${new Name("errors")}`);
  },
};

/**
 * Declares what a schema has evaluated before a branch adds to it. ajv does it
 * inside the first branch that holds; where none does, what comes after fails
 * on `undefined` or takes it for everything.
 */
export function trackEvaluated({ gen, it }: KeywordCxt): void {
  if (!it.opts.unevaluated) return;
  if (it.props !== true && !(it.props instanceof Name)) {
    const known = Object.keys(it.props ?? {});
    // Without a prototype, a name such as `__proto__` is one like others.
    it.props = gen.var("props", _`Object.create(null)`);
    for (const name of known) gen.assign(_`${it.props}[${name}]`, true);
  }
  if (it.items !== true && !(it.items instanceof Name)) {
    it.items = gen.var("items", it.items ?? 0);
  }
}

/**
 * What `if` has evaluated counts only where it holds. ajv counts it always,
 * and `unevaluatedProperties` would take what it should refuse.
 */
export function forgetFailedCondition(cxt: KeywordCxt): void {
  trackEvaluated(cxt);
  const apply = cxt.subschema.bind(cxt);
  const merge = cxt.mergeEvaluated.bind(cxt);
  let valid: Name | undefined;
  cxt.subschema = (application, name) => {
    valid ??= name;
    return apply(application, name);
  };
  cxt.mergeEvaluated = (schema, toName) => {
    if (toName !== undefined || valid === undefined) merge(schema, toName);
    else cxt.gen.if(valid, () => merge(schema, Name));
  };
}

/**
 * What is known only when a document is at hand may be `true`, for all items,
 * or `undefined`, for none. ajv compares it with a length as it is.
 */
export function countEvaluatedItems({ gen, it }: KeywordCxt): void {
  const { items } = it;
  if (!(items instanceof Name)) return;
  gen.assign(items, _`${items} === true ? Infinity : ${items} || 0`);
}
