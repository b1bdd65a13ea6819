let value;
export const hold = (next) => (value = next);
export const held = () => value;
