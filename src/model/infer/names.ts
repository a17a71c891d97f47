// Names for code, made of names from data.

/** `EntityType`, `entity_type` and `entity-type` as `entityType`; `PK` as `pk`. Empty where nothing can be kept. */
export function camelCase(name: string): string {
  const words = name
    .normalize('NFC')
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, '$1 $2')
    .replace(/(\p{Lu})(\p{Lu}\p{Ll})/gu, '$1 $2')
    .split(/[^\p{L}\p{N}$]+/u)
    .filter((word) => word !== '');
  const [first = '', ...rest] = words.map((word) => word.toLowerCase());
  return first + rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}

/**
 * True for what can stand as a name in code without quotes, in ASCII: tools differ in the Unicode version whose letters
 * they know. `__proto__` cannot: it would set a prototype.
 */
export function isIdentifier(name: string): boolean {
  return /^[A-Za-z$_][\w$]*$/.test(name) && name !== '__proto__';
}

/** `name`, or `name2`, `name3` and so on: the first that is not taken yet. Takes it. */
export function uniqueName(name: string, taken: Set<string>): string {
  let unique = name;
  for (let count = 2; taken.has(unique); count++) unique = `${name}${count}`;
  taken.add(unique);
  return unique;
}
