/** Groups of things that belong together because some pair of them does. */

/** Joins sets of strings (union–find with path halving): what is connected, however indirectly, ends in one set. */
export class Groups {
  readonly #parent = new Map<string, string>();

  /** Puts all of them into one group. */
  join(members: Iterable<string>): void {
    let first: string | null = null;
    for (const member of members) {
      const root = this.rootOf(member);
      if (first === null) first = root;
      else if (root !== first) this.#parent.set(root, first);
    }
  }

  /** The member that stands for its group; something never joined stands for itself. */
  rootOf(member: string): string {
    let at = member;
    for (let up = this.#parent.get(at); up !== undefined; up = this.#parent.get(at)) {
      const above = this.#parent.get(up);
      if (above !== undefined) this.#parent.set(at, above);
      at = up;
    }
    return at;
  }
}
