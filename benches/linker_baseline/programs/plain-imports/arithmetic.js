export const add = (left, right) => left + right;
export const multiply = (left, right) => left * right;
