let value = 'before';
export default value;
export const setSnapshot = (next) => (value = next);
