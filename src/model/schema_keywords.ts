/** Keywords whose meaning or manners in ajv are changed. */

import { _, type Ajv, type KeywordCxt, Name } from "./ajv.ts";
import {
  countEvaluatedItems,
  forgetFailedCondition,
  getApplicatorKeywords,
  trackEvaluated,
} from "./schema_applicators.ts";
import { type Draft, isLegacyDraft } from "./schema_draft.ts";
import { getValueKeywords } from "./schema_values.ts";
import { BudgetError, type WorkBudget } from "./work_budget.ts";

/** Keywords that ajv knows in drafts which do not have them. */
const UNKNOWN_KEYWORDS: Readonly<Record<Draft, readonly string[]>> = {
  "04": ["const", "contains", "propertyNames", "if", "then", "else"],
  // ajv refuses a schema that has a member `id`, which is no keyword here.
  "06": ["id", "if", "then", "else"],
  "07": ["id"],
  "2019-09": ["id"],
  "2020-12": ["id"],
};

const REFERENCES = ["$ref", "$dynamicRef", "$recursiveRef"];

/** Apply one schema to any number of members or items. */
const LOOPS = [
  "additionalItems",
  "additionalProperties",
  "items",
  "patternProperties",
  "unevaluatedItems",
  "unevaluatedProperties",
];

/** Far more than a reader takes in; their list must not fill the memory. */
const MAX_VIOLATIONS = 100_000;

/** Changes the keywords of a new ajv for a draft. */
export function changeKeywords(
  ajv: Ajv,
  draft: Draft,
  budget: WorkBudget,
): void {
  for (const keyword of UNKNOWN_KEYWORDS[draft]) ajv.removeKeyword(keyword);
  for (
    const definition of [
      ...getApplicatorKeywords(!isLegacyDraft(draft)),
      ...getValueKeywords(draft),
    ]
  ) {
    ajv.removeKeyword(definition.keyword).addKeyword(definition);
  }
  wrapKeyword(ajv, "contains", dropBranchErrors);
  wrapKeyword(ajv, "if", forgetFailedCondition);
  wrapKeyword(ajv, "dependentSchemas", trackEvaluated);
  wrapKeyword(ajv, "patternProperties", trackEvaluated);
  wrapKeyword(ajv, "unevaluatedItems", countEvaluatedItems);
  for (const keyword of LOOPS) wrapKeyword(ajv, keyword, countErrors);
  for (const keyword of REFERENCES) {
    wrapKeyword(ajv, keyword, (cxt) => countSteps(cxt, budget));
  }
}

/** Runs `before` ahead of a keyword's own code generation. */
function wrapKeyword(
  ajv: Ajv,
  keyword: string,
  before: (cxt: KeywordCxt) => void,
): void {
  const definition = ajv.getKeyword(keyword);
  if (typeof definition !== "object" || !("code" in definition)) return;
  ajv.removeKeyword(keyword);
  ajv.addKeyword({
    ...definition,
    keyword,
    code(cxt, ruleType) {
      before(cxt);
      definition.code(cxt, ruleType);
    },
  });
}

/** `contains` leaves the errors of every item beside its own one. */
function dropBranchErrors(cxt: KeywordCxt): void {
  const report = cxt.error.bind(cxt);
  cxt.error = (append, parameters, paths) => {
    cxt.reset();
    report(append, parameters, paths);
  };
}

const ERRORS = new Name("vErrors");

function countErrors(cxt: KeywordCxt): void {
  const apply = cxt.subschema.bind(cxt);
  const check = cxt.gen.scopeValue("func", { ref: checkErrorCount });
  cxt.subschema = (application, valid) => {
    cxt.gen.code(_`${check}(${ERRORS})`);
    return apply(application, valid);
  };
}

function checkErrorCount(errors: unknown[] | null): void {
  if (errors !== null && errors.length > MAX_VIOLATIONS) {
    throw new BudgetError(`it found more than ${MAX_VIOLATIONS} violations`);
  }
}

/**
 * Every way to make a small schema cost exponential time goes through
 * references, so counting them bounds the whole.
 */
function countSteps(cxt: KeywordCxt, budget: WorkBudget): void {
  const step = cxt.gen.scopeValue("func", {
    ref: (data: unknown, errors: unknown[] | null) => {
      const isContainer = typeof data === "object" && data !== null;
      budget.spend(1 + (isContainer ? Object.keys(data).length : 0));
      checkErrorCount(errors);
      // On the way out of each reference ajv copies all errors so far, which
      // is quadratic. Nobody else holds that list: it can grow in place.
      if (errors !== null) errors.concat = appendAll;
    },
  });
  cxt.gen.code(_`${step}(${cxt.data}, ${ERRORS})`);
}

function appendAll(this: unknown[], more: unknown[]): unknown[] {
  for (const item of more) this.push(item);
  return this;
}
