/** More work than a validation may do. */
export class BudgetError extends Error {
  override readonly name = "BudgetError";
}

/** A bound on work that is counted, since nothing can interrupt it. */
export class WorkBudget {
  readonly #limit: number;
  readonly #what: string;
  #left: number;

  /** @param what the work in the words of the error */
  constructor(limit: number, what: string) {
    this.#limit = limit;
    this.#left = limit;
    this.#what = what;
  }

  /** Starts anew. */
  refill(): void {
    this.#left = this.#limit;
  }

  /** @throws {BudgetError} where more than the limit was spent */
  spend(amount: number): void {
    this.#left -= amount;
    if (this.#left < 0) throw new BudgetError(this.#what);
  }
}
